package ui

import (
	"strings"

	"socia/platform/i18n"
)

// Bar is one bar whose parts make a whole, such as the votes of a poll. Title
// states the finding; it is what listeners hear instead of the drawing.
type Bar struct {
	Title string
	Parts []Part
	Mark  *Mark
}

// Part is a share of a bar: how many, of what, in what sense.
type Part struct {
	Label string
	Count int64 // not negative
	Kind  Kind
}

// Mark is a threshold: the count that was needed, counted from the bar's left end.
type Mark struct {
	At    int64
	Label string // "" gives "60 needed"
}

// Chart is a list of counts drawn from zero, with the figures beside. Title states the finding.
type Chart struct {
	Title     string
	LabelHead string // what the labels are: "Collective"
	ValueHead string // what the values are: "Members"
	Items     []ChartItem
	Unit      string
	NoteBelow string
}

// ChartItem is one bar: Value decides its length, Text is how the value is written.
type ChartItem struct {
	Label string
	Value int64 // not negative
	Text  string
	Kind  Kind
}

// Rule is why a result is what it is: the rule in words, the arithmetic line by line, the article.
type Rule struct {
	Title       string // "" gives "How it was decided"
	Rule        string
	Arithmetic  []string
	Article     string
	ArticleHref string
	Note        string
}

// Event is one dated act of a story.
type Event struct {
	When, Title, Text, Href string
	Kind                    Kind
}

// Tab is one of several views of the same thing; each is a page of its own.
type Tab struct {
	Label, Href string
	Current     bool
	Count       string // may be empty
}

// Stat is one figure with its name.
type Stat struct{ Label, Value, Note, Href string }

// Step is one stage of a course that things take. Done stages come first.
type Step struct {
	Label, When   string
	Done, Current bool
}

// TodoItem is one thing that needs the reader: a sentence, until when, and one button.
type TodoItem struct {
	Text, When string
	Urgent     bool
	Action     Action
}

// SafeHTML is HTML that a sanitiser has produced. Nothing else may be turned into it.
type SafeHTML string

// DiffKind says what happened to a piece of a text.
type DiffKind string

// The kinds of a piece: it stayed, it was added, it was removed.
const (
	Same    DiffKind = ""
	Added   DiffKind = "added"
	Removed DiffKind = "removed"
)

// DiffPart is a piece of a text between two versions; it may hold several lines.
type DiffPart struct {
	Kind DiffKind
	Text string
}

func (b Bar) total() int64 {
	var n int64
	for _, p := range b.Parts {
		n += p.Count
	}
	return n
}

// segment is a part with its place in the bar.
type segment struct {
	Part
	x, width, middle string
	roomy            bool // its word fits beside its figure on a wide screen
	tight            bool // not even its figure fits
}

func (b Bar) segments() []segment {
	total, before := b.total(), int64(0)
	var out []segment
	for _, p := range b.Parts {
		if p.Count == 0 || total == 0 {
			continue
		}
		out = append(out, segment{
			Part: p, x: share(before, total), width: share(p.Count, total), middle: share(2*before+p.Count, 2*total),
			roomy: p.Count*100 >= total*18, tight: p.Count*100 < total*6,
		})
		before += p.Count
	}
	return out
}

// markAnchor keeps the mark's words inside the drawing.
func (b Bar) markAnchor() string {
	if b.Mark.At*2 > b.total() {
		return "end"
	}
	return "start"
}

func (b Bar) markLabel(t *i18n.Texts) string {
	if b.Mark.Label != "" {
		return b.Mark.Label
	}
	return t.T("ui.chart.needed", "Needed", t.Number(b.Mark.At))
}

// markX is the mark's place, kept inside the bar when more was needed than there is.
func (b Bar) markX() string { return share(min(b.Mark.At, b.total()), b.total()) }

func (c Chart) length(i ChartItem) string {
	var most int64
	for _, o := range c.Items {
		most = max(most, o.Value)
	}
	return share(i.Value, most)
}

// share writes part/whole in per cent with two decimals, rounded down, for the
// geometry of a drawing: whole-number arithmetic, so that pages are the same everywhere.
func share(part, whole int64) string {
	if whole <= 0 {
		return "0%"
	}
	hundredths := part * 10000 / whole
	cents := itoa(int(hundredths % 100))
	return itoa(int(hundredths/100)) + "." + strings.Repeat("0", 2-len(cents)) + cents + "%"
}

func (r Rule) title(t *i18n.Texts) string {
	if r.Title != "" {
		return r.Title
	}
	return t.T("ui.rule.how")
}

func noticeTitle(t *i18n.Texts, kind Kind, title string) string {
	if title != "" {
		return title
	}
	switch kind {
	case Yes:
		return t.T("ui.notice.success")
	case Wait:
		return t.T("ui.notice.warning")
	case No:
		return t.T("ui.notice.danger")
	case Plain:
	}
	return t.T("ui.notice.info")
}
