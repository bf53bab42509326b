// Package assemblies shows meetings of the members: the list, the notice and agenda, how the reader stands, the running
// quorum, and for facilitators everything from the draft to the desk at the door.
package assemblies

import "socia/views/ui"

// ListPage lists assemblies.
type ListPage struct {
	Frame ui.Frame
	Table ui.Table
	Pager ui.Pager
	New   string // where to draft one; "" for who may not
}

// FormPage is a form on a page of its own.
type FormPage struct {
	Frame       ui.Frame
	Title, Lead string
	Form        ui.FormAttrs
	Errors      []ui.FieldError
	Fields      []ui.Field
	Submit      string
	Back        string
	Note        string
}

// ReviewPage shows what convening will do, and asks for confirmation.
type ReviewPage struct {
	Frame    ui.Frame
	Review   ui.Review
	Problem  string // why it cannot be convened now; "" when it can
	Agenda   []string
	Form     ui.FormAttrs
	Errors   []ui.FieldError
	Back     string
	EditHref string
}

// ShowPage is an assembly.
type ShowPage struct {
	Frame     ui.Frame
	Title     string
	State     ui.Kind
	StateWord string
	Errors    []ui.FieldError
	Facts     []ui.Pair
	Voting    []ui.TodoItem // the polls that are open now
	Mine      []MineCard
	Quorum    *QuorumBox
	Points    []PointCard
	NoPoints  string
	Officers  []ui.Pair
	Links     []ui.Link // roll, minutes
	Minutes   *MinutesBox
	Manage    *ManageBox
	Add       []ui.Action // to the agenda of a draft
}

// MineCard is how one of the reader's members stands.
type MineCard struct {
	Name    string
	Kind    ui.Kind
	Vote    string // may vote here, or not
	WhyHref string
	Rows    []ui.Pair
	Give    *ui.Action
	Revoke  *Press
	Refuse  []Press // mandates that the member holds and may refuse
	Arrive  *Press
	Leave   *Press
	Later   string // when checking in by oneself will be possible
}

// Press is an act that needs no answers: a button in a form of its own, with hidden values.
type Press struct {
	Form   ui.FormAttrs
	Hidden []ui.Pair
	Action ui.Action
}

// QuorumBox is who is there now and what that is enough for.
type QuorumBox struct {
	Calls   []QuorumCall
	Stats   []ui.Stat
	Bar     *ui.Bar
	Table   ui.Table
	Refresh string
	Source  string // where the page's script asks for it again; "" once it changes no more
}

// QuorumCall says whether one call has its quorum.
type QuorumCall struct {
	Kind       ui.Kind
	Word, Text string
}

// PointCard is a point of the agenda.
type PointCard struct {
	Heading  string
	Decision string
	Body     ui.SafeHTML
	Proposal *ui.Link
	Results  []PointResult
	Presses  []Press
	Links    []ui.Action
	Poll     *PollForm
}

// PointResult is a vote that was held on a point.
type PointResult struct {
	Kind       ui.Kind
	Word, Href string
}

// PollForm opens a vote, perhaps with an hour at which it closes.
type PollForm struct {
	Form  ui.FormAttrs
	Item  string
	Close ui.Field
	Label ui.Action
}

// MinutesBox says how far the minutes have come.
type MinutesBox struct {
	Text   string
	Href   string
	Label  string
	Draft  *ui.FormAttrs
	Choice ui.Field // the language of the draft
}

// ManageBox is what facilitators can do with the assembly now.
type ManageBox struct {
	Links   []ui.Action
	Presses []Press
	Note    string
}

// Noted is who the desk has just noted, and what that means.
type Noted struct {
	Kind      ui.Kind
	Who, Says string
}

// DeskPage is the desk at the door.
type DeskPage struct {
	Frame    ui.Frame
	Title    string
	Errors   []ui.FieldError
	Closed   string // why nobody can be checked in now
	Last     *Noted
	Form     ui.FormAttrs
	Who      ui.Field
	InPerson string
	Remote   string // empty where nobody attends from afar
	Found    ui.Table
	Searched bool
	Nobody   string
	Arrived  ui.Table
	Quorum   QuorumBox
	Back     string
	Proxies  string
}

// ProxiesPage is where facilitators take mandates in.
type ProxiesPage struct {
	Frame  ui.Frame
	Errors []ui.FieldError
	Rule   string
	Form   ui.FormAttrs
	Fields []ui.Field
	Open   bool
	Table  ui.Table
	Back   string
}

// acts says whether there is anything to press.
func (m MineCard) acts() bool {
	return m.Arrive != nil || m.Leave != nil || m.Give != nil || m.Revoke != nil || len(m.Refuse) > 0
}
