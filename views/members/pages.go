// Package members has the pages about people: collectives, applications, the directory, a member, the import of a file.
package members

import (
	"github.com/a-h/templ"

	"socia/views/ui"
)

// CollectivesPage lists the collectives. Anybody may read it.
type CollectivesPage struct {
	Frame  ui.Frame
	Tabs   []ui.Tab
	Table  ui.Table
	NewURL string // "" for those who may not found one
}

// CollectivePage is one collective: what it says of itself, its members by class, who validates for it.
type CollectivePage struct {
	Frame       ui.Frame
	Name        string
	Description []string // paragraphs
	Closed      string   // since when, "" while it is open
	Stats       []ui.Stat
	Classes     ui.Table
	Validators  []string
	Links       []ui.Action
	Closing     *ui.FormAttrs // nil for those who may not close it
}

// FormPage is a page with one form. Lead may be empty.
type FormPage struct {
	Frame     ui.Frame
	Lead      string
	Notes     []string
	Errors    []ui.FieldError
	Form      ui.FormAttrs
	Fields    []ui.Field
	Submit    string
	Kind      ui.ButtonKind
	CancelURL string
}

// ApplicationPage is one application: to its applicant what becomes of it, to those who validate what they decide.
type ApplicationPage struct {
	Frame    ui.Frame
	Title    string
	Lead     string
	State    ui.Kind
	Word     string
	Steps    []ui.Step
	Rows     []ui.Pair
	Text     []string // the motivation, in paragraphs
	Reason   []string // why it was refused
	Rule     *ui.Rule
	Errors   []ui.FieldError
	Admit    *ui.FormAttrs // nil for those who do not decide it
	Effects  []ui.Pair     // what admitting does
	Refusal  string        // where it is refused
	Withdraw *ui.FormAttrs // nil for all but the applicant
	Member   string        // where the member is, once admitted
	Again    string        // where to apply again
}

// ApplicationsPage lists the applications that wait.
type ApplicationsPage struct {
	Frame ui.Frame
	Tabs  []ui.Tab
	Table ui.Table
}

// DirectoryPage lists members.
type DirectoryPage struct {
	Frame  ui.Frame
	Lead   string
	Tabs   []ui.Tab
	Filter ui.Filter
	Table  ui.Table
	Pager  ui.Pager
	Import string // where a file is imported; "" for those who may not
}

// MemberPage is one member, as much of them as the reader may see. Beside is what other subjects say of the member,
// such as standing and fees; it may be empty.
type MemberPage struct {
	Frame  ui.Frame
	Name   string
	Lead   string
	Notice string        // that they leave or left
	Stay   *ui.FormAttrs // nil for those who may not take the departure back
	Rows   []ui.Pair
	Own    bool
	Links  []ui.Action
	Beside []templ.Component
	Leave  string // where they leave
	Unlink string // where the account is taken away; "" for those who may not
}

// ReviewPage shows what an act will do before it is done.
type ReviewPage struct {
	Frame  ui.Frame
	Lead   string
	Errors []ui.FieldError
	Review ui.Review
	Form   ui.FormAttrs
	Hidden []ui.Pair // Term is the name, Text the value
	Submit string
	Back   string
}

// NamedMembers are members that a file would make or change: the first ones by name, and how many more.
type NamedMembers struct {
	Title string
	Names []string
	More  string
}

// ImportPage takes a members' file, and says what is in it before anything is stored.
type ImportPage struct {
	Frame   ui.Frame
	Errors  []ui.FieldError
	Faults  *ui.Table // what is wrong with the file
	Stats   []ui.Stat // what the file would do
	Named   []NamedMembers
	Founded []string // collectives that it would found
	Nothing bool     // the file changes nothing
	Confirm *ui.FormAttrs
	Hidden  []ui.Pair
	Form    ui.FormAttrs
	File    ui.Field
	New     ui.Field
	Columns ui.Table
}
