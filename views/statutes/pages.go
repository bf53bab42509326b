// Package statutes has the pages of the statutes as data: the rules in words, and the form that changes a copy.
package statutes

import "socia/views/ui"

// ShowPage is one version of the statutes. Old is a sentence when it is not the one in force.
type ShowPage struct {
	Frame   ui.Frame
	Preset  string
	Old     string
	Title   string
	Rules   []Rule
	History ui.Table
	MayEdit bool
}

// Rule is one rule as a person reads it.
type Rule struct{ Name, Words, Article string }

// Change is what a rule says now and what it would say.
type Change struct {
	Name    string
	Was, Is Rule
}

// Fieldset is a part of the form.
type Fieldset struct {
	Title  string
	Fields []ui.Field
}

// EditPage is the form. Bases are what a change can begin with; Warning is empty or a sentence.
type EditPage struct {
	Frame    ui.Frame
	Bases    []ui.Tab
	Warning  string
	Errors   []ui.FieldError
	Form     ui.FormAttrs
	Hidden   []ui.Pair
	Sections []Fieldset
	Reason   ui.Field
}

// ReviewPage says what would change, and asks for it to be confirmed.
type ReviewPage struct {
	Frame   ui.Frame
	Form    ui.FormAttrs
	Hidden  []ui.Pair
	Changes []Change
	Reason  string
	Ask     ui.Field // asks for the reason where there is none yet
	Warning string
	Preview Preview
}

// Preview is how the votes of the last year would have ended with the rules of the form. Says sums it up; the table is
// empty when there was no vote.
type Preview struct {
	Kind  ui.Kind
	Says  string
	Table ui.Table
}

// reviewOf sums up what is confirmed; a reason that is still asked for is a field instead.
func reviewOf(p ReviewPage) (r ui.Review) {
	if p.Reason != "" {
		r.Rows = []ui.Pair{{Term: p.Frame.T.T("statutes.field.reason"), Text: p.Reason}}
	}
	return r
}
