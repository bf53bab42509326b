package ui

import (
	"github.com/a-h/templ"

	"socia/platform/i18n"
)

// Field is one question of a form. Name is the form's key and, with "f-" before
// it, the element's id. Error is a sentence in the reader's language; Value is
// what was typed, also when it was wrong.
type Field struct {
	Name, Label, Hint string
	Why               *Why
	Value, Error      string

	Type         string // of a TextField: text (when empty), email, password, search, tel, url, number, time, datetime-local
	Autocomplete string
	Inputmode    string
	Placeholder  string
	Width        Width
	Suffix       string // a unit after the box: "€", "%"
	Min, Max     string // of a date or a number
	MaxLength    int
	Draft        bool // a long text that the tab keeps until it was sent
	Rows         int  // of a TextArea; 6 when zero
	Accept       string

	Required bool // a field that is not required is marked as optional
	Free     bool // not required, and not marked either: a line of a ballot paper, which may be left blank
	First    bool // the keyboard begins here: for a page that is used over and over, such as a desk
	Disabled bool
	Checked  bool // of a Checkbox

	Anchor string // tells apart fields of one name in several forms of a page; the name when empty

	Options []Option // of Select, Radios, Checkboxes and Ballot
	Values  []string // what is chosen in Checkboxes
}

// Option is one answer that may be chosen.
type Option struct {
	Value, Label, Hint string
	Disabled           bool
}

// Why tells, where data is personal, the reason for asking, who sees the answer and how long it is kept.
type Why struct{ Reason, SeenBy, Kept string }

// Width is how long an answer is expected to be.
type Width string

// The widths: the whole column, half of it, a few words, a few digits.
const (
	Full   Width = ""
	Half   Width = "half"
	Short  Width = "short"
	Digits Width = "digits"
)

// FieldError is one line of the error summary. Name may be empty for an error of the whole form; Href is where such an
// error is mended, when that is on another page.
type FieldError struct{ Name, Text, Href string }

// Errors gathers the errors of fields in the order in which the form shows them.
func Errors(fields ...Field) []FieldError {
	var out []FieldError
	for _, f := range fields {
		if f.Error != "" {
			out = append(out, FieldError{Name: f.Name, Text: f.Label + ": " + f.Error})
		}
	}
	return out
}

// FormAttrs says where a form goes. Once is the token by which the server knows a
// second sending of the same form; "" leaves it out.
type FormAttrs struct {
	Action, CSRF, Once string
	Multipart          bool
	Label              string // an accessible name, for pages with several forms
}

// Action is a button, or a link that looks like one when Href is set.
type Action struct {
	Label, Href string
	Name, Value string // what the button adds to its form
	Kind        ButtonKind
	Icon        string
	Disabled    bool
	Label2      string // what a listener hears after the label, when many buttons read alike: "Vota" + "Tarifa solidària"
}

// ButtonKind is how much a button asks for attention.
type ButtonKind string

// The kinds of button: the page's one main act, another act, an act that cannot be undone, hardly a button.
const (
	Main   ButtonKind = ""
	Quiet  ButtonKind = "quiet"
	Danger ButtonKind = "danger"
	Linky  ButtonKind = "linky"
)

// Pair is a term and what it says; ChangeHref, when set, leads back to where it can be changed.
type Pair struct {
	Term, Text string
	Body       templ.Component // instead of Text
	ChangeHref string
}

// Review is what will happen when the reader confirms.
type Review struct {
	Title string // "" gives "Check before you continue"
	Rows  []Pair
	Final bool // it cannot be undone
}

// ConfirmPage asks once more before an act that cannot be undone.
type ConfirmPage struct {
	Frame  Frame
	Lead   string
	Review Review
	Reason *Field // why, where the act must say so
	Errors []FieldError
	Form   FormAttrs
	Act    Action
	Back   string
}

func (f Field) id() string {
	if f.Anchor != "" {
		return "f-" + f.Anchor
	}
	return "f-" + f.Name
}

// described lists the ids of what explains the field, nearest first.
func (f Field) described() string {
	ids := ""
	if f.Error != "" {
		ids = f.id() + "-error"
	}
	if f.Hint != "" {
		if ids != "" {
			ids += " "
		}
		ids += f.id() + "-hint"
	}
	return ids
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) rows() string {
	if f.Rows == 0 {
		return "6"
	}
	return itoa(f.Rows)
}

func (f Field) chosen(value string) bool {
	if f.Value == value && f.Values == nil {
		return true
	}
	for _, v := range f.Values {
		if v == value {
			return true
		}
	}
	return false
}

// optionID gives the first option the field's own id, so that the error summary leads to it.
func (f Field) optionID(i int) string {
	if i == 0 {
		return f.id()
	}
	return f.id() + "-" + itoa(i)
}

// checkboxValue is what a checkbox sends when it is ticked.
func (f Field) checkboxValue() string {
	if f.Value == "" {
		return "1"
	}
	return f.Value
}

// money prepares a field for an amount in euros.
func (f Field) money() Field {
	f.Inputmode, f.Width = "decimal", Digits
	if f.Suffix == "" {
		f.Suffix = "€"
	}
	if f.Autocomplete == "" {
		f.Autocomplete = "off"
	}
	return f
}

// date prepares a field for a day; browsers send it as 2026-11-28.
func (f Field) date() Field {
	f.Type, f.Width = "date", Short
	return f
}

func (r Review) title(t *i18n.Texts) string {
	if r.Title != "" {
		return r.Title
	}
	return t.T("ui.form.review")
}

// sentences gives what is said, without the gaps.
func (w Why) sentences() []string {
	var out []string
	for _, s := range []string{w.Reason, w.SeenBy, w.Kept} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// attributes gives what only some fields have.
func attributes(f Field) templ.Attributes {
	a := templ.Attributes{}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("autocomplete", f.Autocomplete)
	set("inputmode", f.Inputmode)
	set("placeholder", f.Placeholder)
	set("min", f.Min)
	set("max", f.Max)
	set("accept", f.Accept)
	set("aria-describedby", f.described())
	if f.MaxLength > 0 {
		a["maxlength"] = itoa(f.MaxLength)
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	a["data-draft"] = f.Draft
	a["required"] = f.Required
	a["autofocus"] = f.First
	a["disabled"] = f.Disabled
	return a
}
