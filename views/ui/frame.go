// Package ui is the design system: the frame of every page and the pieces that
// pages are put together from. Texts come from platform/i18n; looks come from
// one style sheet, assets/files/socia.css. Nothing here needs a script, and no
// piece writes a style attribute or a script of its own, so that the strictest
// content security policy holds.
package ui

import (
	"strconv"
	"strings"

	"socia/platform/i18n"
)

// Frame is what surrounds a page: who reads, where they are, where they may go.
type Frame struct {
	T     *i18n.Texts
	Coop  string // the cooperative's name
	Title string // the page's name; the browser shows "Title · Coop"
	Path  string // the page's own path, without query

	Nav    []NavItem // only what the reader may use, in order
	Crumbs []Crumb   // from the second level; the last one is the page itself

	Standing   *StandingBadge // nil when nobody is signed in
	Me         *Me            // nil when nobody is signed in
	SignInHref string         // shown when Me is nil
	InboxCount int            // notices not yet read
	InboxHref  string         // "" shows no inbox
	Languages  []LangLink
	Flash      *Flash

	Wide          bool   // a page of wide tables may use the whole width
	Robots        string // content of the robots tag; "" leaves it out
	CSRF          string
	SignOutAction string
	Footer        FooterLinks
}

// NavItem is one thing that people do here. Up to three Primary items stand at
// the bottom of a phone; the rest is under More. Icon is one of home, decide,
// fees, people, books, balance, open, admin, inbox, me.
type NavItem struct {
	Label, Href, Icon string
	Current, Primary  bool
}

// Crumb is one step of the way to the page; the last has no Href.
type Crumb struct{ Label, Href string }

// StandingBadge says whether the reader may vote, and leads to the reasons.
// Text is written when the two standard sentences do not say it well.
type StandingBadge struct {
	MayVote bool
	Text    string
	Href    string
}

// Me is the reader's account.
type Me struct{ Handle, Href string }

// LangLink leads to the same page in another language. Lang is ca, es or en.
type LangLink struct {
	Lang, Href string
	Current    bool
}

// Flash says what the reader's last act did and what happens next.
type Flash struct {
	Kind        Kind // Yes when it is empty
	Text, Next  string
	Label, Href string // where to go from here; may be empty
}

// FooterLinks are the addresses in the foot; an empty one is not shown.
type FooterLinks struct{ Source, Licence, Accessibility, Privacy string }

// Kind is the sense of a badge, a notice or a part of a bar. It never stands
// alone: a word and an icon say the same.
type Kind string

// The kinds: it holds, it waits, it does not hold, it is neither.
const (
	Yes   Kind = "yes"
	Wait  Kind = "wait"
	No    Kind = "no"
	Plain Kind = "plain"
)

func (k Kind) or(other Kind) Kind {
	if k == "" {
		return other
	}
	return k
}

func (f Frame) documentTitle() string {
	if f.Title == "" {
		return f.Coop
	}
	return f.Title + " · " + f.Coop
}

// bottom gives the items that stand at the bottom of a phone and the rest.
// Four or fewer items need no More.
func (f Frame) bottom() (shown, rest []NavItem) {
	if len(f.Nav) <= 4 {
		return f.Nav, nil
	}
	for _, n := range f.Nav {
		if n.Primary && len(shown) < 3 {
			shown = append(shown, n)
		} else {
			rest = append(rest, n)
		}
	}
	return shown, rest
}

func anyCurrent(items []NavItem) bool {
	for _, n := range items {
		if n.Current {
			return true
		}
	}
	return false
}

func (f Frame) standingText() string {
	switch {
	case f.Standing.Text != "":
		return f.Standing.Text
	case f.Standing.MayVote:
		return f.T.T("ui.standing.may")
	}
	return f.T.T("ui.standing.may_not")
}

func (s StandingBadge) kind() Kind {
	if s.MayVote {
		return Yes
	}
	return Wait
}

func (f Frame) inboxLabel() string {
	if f.InboxCount == 0 {
		return f.T.T("ui.nav.inbox")
	}
	return f.T.N("ui.nav.inbox_unread", f.InboxCount)
}

func (f Frame) mainClass() string {
	if f.Wide {
		return "wide"
	}
	return ""
}

func itoa(n int) string { return strconv.Itoa(n) }

func languageName(lang string) string { return i18n.NameOf(lang) }

// languageCode is what the narrow head shows; listeners hear the name after it.
func languageCode(lang string) string { return strings.ToUpper(lang) }

// noticeIcon is the icon that goes with a notice of each kind.
func noticeIcon(k Kind) string {
	switch k {
	case Yes:
		return "yes"
	case Wait, No:
		return "warn"
	case Plain:
		return "info"
	}
	return "info"
}
