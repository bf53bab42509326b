// Package rolls has the page of a member's standing and the page of an assembly's roll.
package rolls

import "socia/views/ui"

// StandingPage says whether a member may vote, and if not, why and what to do.
type StandingPage struct {
	Frame   ui.Frame
	Tabs    []ui.Tab // the members that the reader acts for, when there are several
	Kind    ui.Kind
	Word    string
	Text    string
	Reasons []Reason
	Leaving *Note // that the membership ends on a day to come
	Fee     *Note // how the member stands with the fees, when that takes no vote
	Charges ui.Table
	Places  []Place
	Rule    ui.Rule
}

// Note is a passage set apart.
type Note struct {
	Kind        ui.Kind
	Title, Text string
	Label, Href string // where to go; may be empty
}

// Reason is one reason for not having the vote.
type Reason struct {
	Title, Text, Since, Do, Article string
	Acts                            []ui.Action
}

// Place is where the member stands on the roll of a coming assembly.
type Place struct {
	Title, When string
	Kind        ui.Kind
	Word, Text  string
	Reasons     []string
	Href        string
}

// NobodyPage is the page of standing for an account that acts for no member.
type NobodyPage struct {
	Frame ui.Frame
}

// RollPage is the roll of an assembly: who may vote, by class; and for who may know, who may not, why, and what was corrected.
type RollPage struct {
	Frame   ui.Frame
	Lead    string
	Mine    []Place
	Counts  ui.Table
	Note    string
	Filter  ui.Filter
	Lines   ui.Table
	Pager   ui.Pager
	Log     *ui.Table
	Errors  []ui.FieldError
	Correct *Correct
	Closed  string // said instead of the form when it is too late
	Rules   []ui.Rule
}

// Correct is the form of a correction.
type Correct struct {
	Form   ui.FormAttrs
	Until  string
	Number ui.Field
	Vote   ui.Field
	Reason ui.Field
}
