// Package fees has the pages on which members see and choose what they pay, and treasurers see to what is owed.
package fees

import (
	"github.com/a-h/templ"

	"socia/platform/i18n"
	"socia/views/ui"
)

// Notice sets something apart: how things stand, and where to go from here.
type Notice struct {
	Kind        ui.Kind
	Title, Text string
	Action      *ui.Action
}

// MemberPage is what one member pays, owes and has paid.
type MemberPage struct {
	Frame    ui.Frame
	Title    string
	Lead     string
	Tabs     []ui.Tab
	Kind     ui.Kind
	Word     string
	Text     string
	How      string    // how to pay; "" when nothing is owed
	Pay      []ui.Pair // what to copy into the bank's form
	Stats    []ui.Stat
	Notices  []Notice
	Plan     []ui.Pair
	Actions  []ui.Action
	Vote     ui.Rule
	Charges  ui.Table
	Payments ui.Table
	Waivers  *ui.Table
	Officer  []ui.Action // what the treasurer may do here
}

// ListPage is a list with what stands around it.
type ListPage struct {
	Frame   ui.Frame
	Title   string
	Lead    string
	Tabs    []ui.Tab
	Stats   []ui.Stat
	Actions []ui.Action
	Filter  *ui.Filter
	Tables  []ui.Table
	Pager   ui.Pager
	Top     string // leads back to the beginning of the list, from a later page
	Exports []ui.Link
}

// AskKind is how a question is answered; a closed type.
type AskKind string

// The kinds of answer.
const (
	AskText   AskKind = "text"
	AskLong   AskKind = "long"
	AskMoney  AskKind = "money"
	AskDay    AskKind = "day"
	AskOneOf  AskKind = "one_of"  // a few options, all in sight
	AskOption AskKind = "options" // many options, in a list
)

// Ask is one question of a form.
type Ask struct {
	Kind  AskKind
	Field ui.Field
}

// FormPage asks for something, after saying what it is about.
type FormPage struct {
	Frame   ui.Frame
	Title   string
	Lead    string
	Notices []Notice
	Facts   []ui.Pair
	Tables  []ui.Table
	Errors  []ui.FieldError
	Form    ui.FormAttrs
	Hidden  []ui.Pair // Term is the name, Text the value
	Asks    []Ask
	Submit  ui.Action
	Back    ui.Action
	After   string // what happens next, below the buttons
}

// FindPage finds the member that a payment is for.
type FindPage struct {
	Frame  ui.Frame
	Title  string
	Lead   string
	Filter ui.Filter
	Found  *ui.Table // nil before a search
}

// ReviewPage says in words what a form will do, and confirms it.
type ReviewPage struct {
	Frame   ui.Frame
	Title   string
	Notices []Notice
	Tables  []ui.Table
	Review  ui.Review
	Form    ui.FormAttrs
	Hidden  []ui.Pair
	Submit  ui.Action
	Back    ui.Action
}

// PaymentPage is one payment with everything that it did.
type PaymentPage struct {
	Frame   ui.Frame
	Title   string
	Kind    ui.Kind
	Word    string
	Text    string
	Facts   []ui.Pair
	Settles ui.Table
	Entries *ui.Table // for those who read the books
	Actions []ui.Action
}

// PlanPage is a plan with its prices, and for the treasurer a new price.
type PlanPage struct {
	Frame   ui.Frame
	Title   string
	Lead    string
	Facts   []ui.Pair
	Prices  ui.Table
	Price   *FormPart
	Archive *ui.Action
}

// CasePage is an arrears case: where it stands, its story, and the step that the reader may take.
type CasePage struct {
	Frame   ui.Frame
	Title   string
	Steps   []ui.Step
	Kind    ui.Kind
	Word    string
	Text    string
	Rule    ui.Rule
	Charges ui.Table
	Story   []ui.Event
	Parts   []FormPart
}

// FormPart is a form inside a page, under its own heading.
type FormPart struct {
	ID     string
	Title  string
	Lead   string
	Errors []ui.FieldError
	Form   ui.FormAttrs
	Hidden []ui.Pair // Term is the name, Text the value
	Asks   []Ask
	Submit ui.Action
}

// question draws the field that a kind of answer needs.
func question(t *i18n.Texts, a Ask) templ.Component {
	switch a.Kind {
	case AskText:
		return ui.TextField(t, a.Field)
	case AskLong:
		return ui.TextArea(t, a.Field)
	case AskMoney:
		return ui.MoneyField(t, a.Field)
	case AskDay:
		return ui.DateField(t, a.Field)
	case AskOneOf:
		return ui.Radios(t, a.Field)
	case AskOption:
		return ui.Select(t, a.Field)
	}
	return templ.NopComponent
}

// Fields gives the fields of questions, for the error summary.
func Fields(asks []Ask) []ui.Field {
	fields := make([]ui.Field, len(asks))
	for i, a := range asks {
		fields[i] = a.Field
	}
	return fields
}
