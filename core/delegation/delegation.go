// Package delegation keeps standing delegations of the vote for consultations
// outside assemblies: a member lets another vote for them, on one topic or on
// all, until they take it back or it expires. (In an assembly a vote is given
// by a proxy for that assembly alone: core/mandate.)
//
// A delegation on a topic goes before one on all topics. Whoever votes in a poll
// votes for themselves there, whatever they have delegated.
//
// Invariants, when every delegation was accepted by Check against those before it:
//
//   - no chain of delegations comes back to where it began, on any topic, now or
//     after any of them is taken back or expires
//   - no chain has more than Rules.MaxLength delegations
//   - nobody has two delegations in force for one topic
//
// and for every poll: each elector is counted once at the most, a member who
// votes counts for themselves, and the order of the list changes nothing.
package delegation

import (
	"slices"
	"time"

	"socia/core/fault"
)

// AllTopics is the Topic of a delegation for whatever has none of its own.
const AllTopics = ""

// Delegation lets the member HolderID vote for the member GiverID.
type Delegation struct {
	GiverID  int64
	HolderID int64
	Topic    string    // AllTopics, or one topic
	Until    time.Time // the instant from which it is no longer in force; zero is without end
}

// InForce says whether a delegation has not expired at an instant. One that was
// taken back is not on the list at all.
func (d Delegation) InForce(at time.Time) bool { return d.Until.IsZero() || at.Before(d.Until) }

// Rules are what the cooperative has decided about delegations.
type Rules struct {
	// MaxLength is how many delegations one after another a vote may follow. 1, and 0 is 1, means
	// that a delegated vote cannot be delegated again, as with proxies; more is liquid delegation.
	MaxLength int
	// Cap is how many votes of others one member may cast; 0 is no limit.
	Cap int
}

func (r Rules) length() int { return max(r.MaxLength, 1) }

// Check says whether one more delegation may be added to those there are. Expired
// ones do not count. A delegation on a topic and one on all topics of the same
// giver are both taken into account for that topic, so that no cycle appears
// when the first one ends. The error is nil or a *fault.Fault:
//
//	delegation.self      giver and holder are the same member
//	delegation.expired   it would end before it begins
//	delegation.already   the giver has one for the same topic; take it back first
//	delegation.cycle     the vote could come back to the giver
//	delegation.too_long  the vote would pass through more hands than allowed: the holder has
//	                     delegated theirs, or others have delegated to the giver: Args max
func Check(existing []Delegation, add Delegation, now time.Time, r Rules) error {
	if add.GiverID == add.HolderID {
		return fault.Invalid("holder", "delegation.self")
	}
	if !add.InForce(now) {
		return fault.Invalid("until", "delegation.expired")
	}
	var all []Delegation
	topics := []string{add.Topic}
	for _, d := range existing {
		if !d.InForce(now) {
			continue
		}
		if d.GiverID == add.GiverID && d.Topic == add.Topic {
			return fault.Invalid("topic", "delegation.already")
		}
		all = append(all, d)
		if add.Topic == AllTopics && !slices.Contains(topics, d.Topic) {
			topics = append(topics, d.Topic)
		}
	}
	for _, topic := range topics {
		forward, back := graph(all, topic)
		if reaches(forward, add.HolderID, add.GiverID) {
			return fault.Invalid("holder", "delegation.cycle")
		}
		if longest(back, add.GiverID)+1+longest(forward, add.HolderID) > r.length() {
			return fault.Invalid("holder", "delegation.too_long", map[string]any{"max": r.length()})
		}
	}
	return nil
}

// graph says to whom each member may delegate on a topic, and who to them.
func graph(all []Delegation, topic string) (forward, back map[int64][]int64) {
	forward, back = make(map[int64][]int64), make(map[int64][]int64)
	for _, d := range all {
		if d.Topic == topic || d.Topic == AllTopics {
			forward[d.GiverID] = append(forward[d.GiverID], d.HolderID)
			back[d.HolderID] = append(back[d.HolderID], d.GiverID)
		}
	}
	return forward, back
}

func reaches(next map[int64][]int64, from, to int64) bool {
	seen := map[int64]bool{from: true}
	for waiting := []int64{from}; len(waiting) > 0; waiting = waiting[1:] {
		if waiting[0] == to {
			return true
		}
		for _, id := range next[waiting[0]] {
			if !seen[id] {
				seen[id] = true
				waiting = append(waiting, id)
			}
		}
	}
	return false
}

// longest is the length of the longest chain from a member. The graph has no cycle, as Check
// has seen to; where data has one nevertheless, the chain is as long as it is without closing it.
func longest(next map[int64][]int64, from int64) int {
	known, open := make(map[int64]int), make(map[int64]bool)
	var length func(id int64) int
	length = func(id int64) int {
		if n, ok := known[id]; ok || open[id] {
			return n
		}
		open[id] = true
		n := 0
		for _, to := range next[id] {
			n = max(n, 1+length(to))
		}
		known[id], open[id] = n, false
		return n
	}
	return length(from)
}

// Resolve says who casts each elector's vote in a poll on a topic: a map from
// elector to voter, in which a voter who is an elector is their own. Voted are
// those who have voted. An elector who has not is followed from delegation to
// delegation, MaxLength of them at the most, to the first elector who has; the
// vote is left uncast, and the elector out of the map, when there is none. At
// is the instant of the count (in Sòcia the close of the poll): what has
// expired by then does not count.
func Resolve(electors []int64, delegations []Delegation, voted map[int64]bool, topic string, at time.Time, r Rules) map[int64]int64 {
	mayVote := make(map[int64]bool, len(electors))
	for _, id := range electors {
		mayVote[id] = true
	}
	next := inForce(delegations, topic, at)
	casts := make(map[int64]int64, len(electors))
	for _, elector := range electors {
		voter := elector
		for range r.length() {
			if mayVote[voter] && voted[voter] {
				break
			}
			d, ok := next[voter]
			if !ok {
				break
			}
			voter = d.HolderID
		}
		if mayVote[voter] && voted[voter] {
			casts[elector] = voter
		}
	}
	return casts
}

// inForce finds the delegation of each giver that counts for a topic. Should the data have
// two for the same topic, against Check, the one to the member with the lowest number counts.
func inForce(delegations []Delegation, topic string, at time.Time) map[int64]Delegation {
	next := make(map[int64]Delegation)
	for _, d := range delegations {
		if !d.InForce(at) || d.Topic != topic && d.Topic != AllTopics {
			continue
		}
		if before, ok := next[d.GiverID]; !ok || goesBefore(d, before) {
			next[d.GiverID] = d
		}
	}
	return next
}

func goesBefore(a, b Delegation) bool {
	if (a.Topic == AllTopics) != (b.Topic == AllTopics) {
		return b.Topic == AllTopics
	}
	return a.HolderID < b.HolderID
}

// Carried counts, of what Resolve gave, how many votes each voter casts: their
// own and those of others, of these Cap at the most. Votes above the cap are
// not cast. Each vote counts one: which of the votes above a cap is left out
// therefore does not matter.
func Carried(casts map[int64]int64, r Rules) map[int64]int {
	carried := make(map[int64]int)
	for elector, voter := range casts {
		if elector != voter {
			carried[voter]++
		}
	}
	for voter, others := range carried {
		if r.Cap > 0 {
			carried[voter] = min(others, r.Cap)
		}
	}
	for elector, voter := range casts {
		if elector == voter {
			carried[voter]++
		}
	}
	return carried
}
