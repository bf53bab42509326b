// Package mandate checks proxies: a member who cannot come gives the vote of
// one named assembly to another member (Llei 12/2015 art. 49.1 and Ley 27/1999
// art. 27: at most two for each holder, where the statutes allow them).
//
// Invariant: when every proxy of a list was accepted by Check against those
// before it, nobody is a giver twice, nobody is both giver and holder, and
// nobody holds more than rules.Proxies.MaxPerHolder. Each vote therefore is
// cast by one person who is there. Whoever revokes a proxy takes it off the list.
package mandate

import (
	"socia/core/fault"
	"socia/core/rules"
)

// Proxy is one mandate for one assembly: the member Giver votes through the
// member Holder. Both are member numbers as the app stores them.
type Proxy struct {
	Giver  int64
	Holder int64
}

// Held counts the mandates that a member holds.
func Held(all []Proxy, holder int64) int {
	n := 0
	for _, p := range all {
		if p.Holder == holder {
			n++
		}
	}
	return n
}

// Check says whether one more proxy may be added to those of an assembly. The
// error is nil or a *fault.Fault about the field "giver" or "holder" whose Args
// hold the article, with one of the keys:
//
//   - proxies.not_allowed: the statutes have no proxies
//   - proxies.self: giver and holder are the same member
//   - proxies.giver_already_represented: the giver has given the vote away
//   - proxies.not_transitive: the holder has given theirs away, or the giver
//     holds somebody else's; a mandate cannot be passed on
//   - proxies.holder_full: the holder has all that they may hold (Args "max")
func Check(existing []Proxy, add Proxy, r rules.Proxies) error {
	args := map[string]any{"article": r.Article}
	if !r.Allowed {
		return fault.Invalid("holder", "proxies.not_allowed", args)
	}
	if add.Giver == add.Holder {
		return fault.Invalid("holder", "proxies.self", args)
	}
	for _, p := range existing {
		if p.Giver == add.Giver {
			return fault.Invalid("giver", "proxies.giver_already_represented", args)
		}
	}
	for _, p := range existing {
		if p.Giver == add.Holder {
			return fault.Invalid("holder", "proxies.not_transitive", args)
		}
		if p.Holder == add.Giver {
			return fault.Invalid("giver", "proxies.not_transitive", args)
		}
	}
	if Held(existing, add.Holder) >= r.MaxPerHolder {
		return fault.Invalid("holder", "proxies.holder_full", args, map[string]any{"max": r.MaxPerHolder})
	}
	return nil
}
