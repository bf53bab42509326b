package polls

import "socia/views/ui"

// ListPage is the consultations.
type ListPage struct {
	Frame ui.Frame
	Table ui.Table
	Pager ui.Pager
	New   string // where a facilitator begins one
	More  []ui.Action
}

// MethodsPage asks for the way of deciding.
type MethodsPage struct {
	Frame  ui.Frame
	Title  string
	Groups []MethodGroup
}

// MethodGroup is the ways that answer one kind of question.
type MethodGroup struct {
	Title   string
	Methods []ui.Way
}

// NewPage is the form of a new poll.
type NewPage struct {
	Frame     ui.Frame
	Title     string
	Lead      string
	Explained string
	Form      ui.FormAttrs
	Hidden    []ui.Pair
	Errors    []ui.FieldError
	Asked     []ui.Field
	Method    []ui.Field
	Held      []ui.Field
	Back      string
}

// DelegationsPage is the standing delegations of the reader.
type DelegationsPage struct {
	Frame  ui.Frame
	Rows   []DelegationRow
	Form   ui.FormAttrs
	Author *ui.Field // in whose name, when the reader acts for several
	Own    string    // else the member
	Fields []ui.Field
	Errors []ui.FieldError
}

// DelegationRow is one delegation, and the form that takes it back.
type DelegationRow struct {
	Words string
	// Warning says that the holder has no vote now.
	Warning string
	Form    ui.FormAttrs
}

// PollReviewPage shows a new poll, or a standing delegation, as it was typed, before it is made.
type PollReviewPage struct {
	Frame  ui.Frame
	Title  string
	Lead   string
	Do     string // the button that makes it
	Form   ui.FormAttrs
	Hidden []ui.Pair
	Review ui.Review
}
