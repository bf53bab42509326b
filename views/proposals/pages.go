// Package proposals has the pages on which members write proposals, read them, compare their versions and support
// them, and the first page of Decide.
package proposals

import "socia/views/ui"

// DecidePage is where deciding begins: what can be voted on, which assemblies come, which proposals gather support.
type DecidePage struct {
	Frame      ui.Frame
	Votes      []ui.TodoItem // the polls that are open and that the reader may see
	Assemblies []ui.TodoItem // the assemblies to come
	Proposals  ui.Table
	More       []ui.Action
	MayWrite   bool
}

// ListPage lists proposals by state.
type ListPage struct {
	Frame     ui.Frame
	Tabs      []ui.Tab
	Proposals ui.Table
	Pager     ui.Pager
	MayWrite  bool
}

// ShowPage is one proposal: its text, its support, how it came to be, what the reader may do.
type ShowPage struct {
	Frame    ui.Frame
	Kind     ui.Kind
	State    string
	Meta     string
	Note     *Note
	Steps    []ui.Step
	Body     ui.SafeHTML
	Support  *Support
	Acts     []ui.Action
	Events   []ui.Event
	Versions ui.Table
	Names    *ui.Table
}

// Note is a passage above the text that says what the reader must know first.
type Note struct {
	Kind        ui.Kind
	Title, Text string
	Label, Href string
}

// Support is how much support a proposal has, how much it needs, and the reader's own.
type Support struct {
	Kind       ui.Kind
	Word, Text string
	Bar        *ui.Bar
	Rule       ui.Rule
	Mine       []Mine
	Changed    string
	ChangeHref string
}

// Mine is one member that the reader supports for, or could.
type Mine struct {
	Text   string
	Member string
	Form   ui.FormAttrs
	Act    ui.Action
}

// VersionPage is one version of a proposal's text.
type VersionPage struct {
	Frame ui.Frame
	Meta  string
	Body  ui.SafeHTML
	Acts  []ui.Action
}

// ComparePage shows what changed between two versions.
type ComparePage struct {
	Frame  ui.Frame
	Lead   string
	Choose ui.Filter
	Same   bool
	Title  []ui.DiffPart
	Body   []ui.DiffPart
}

// WritePage is where a proposal is written or changed.
type WritePage struct {
	Frame   ui.Frame
	Lead    string
	Errors  []ui.FieldError
	Form    ui.FormAttrs
	Base    string
	Author  *ui.Field // when the reader acts for several members
	Member  string    // when for one
	Title   ui.Field
	Body    ui.Field
	Preview *Preview
	Save    string
	Back    string
}

// Preview is how the text will look.
type Preview struct {
	Title string
	Body  ui.SafeHTML
}
