// Package minutes shows the record of an assembly: read, edited, approved, printed.
package minutes

import "socia/views/ui"

// ShowPage is the minutes.
type ShowPage struct {
	Frame     ui.Frame
	State     ui.Kind
	StateWord string
	Lead      string
	Errors    []ui.FieldError
	Body      ui.SafeHTML
	Lang      string
	Approvals ui.Table
	Missing   string // who has yet to approve
	Approve   *ApproveForm
	EditHref  string
	Files     []ui.Link
	Back      string
}

// ApproveForm approves the revision that is shown.
type ApproveForm struct {
	Form     ui.FormAttrs
	Revision string
}

// EditPage edits the minutes.
type EditPage struct {
	Frame    ui.Frame
	Errors   []ui.FieldError
	Form     ui.FormAttrs
	Revision string
	Body     ui.Field
	Preview  ui.SafeHTML
	Voids    string // a warning when approvals will be lost
	Back     string
}
