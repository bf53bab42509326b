// Package equality has the page on which people say in which group figures count them, and the public page of those
// figures.
package equality

import (
	"socia/core/disclosure"
	"socia/views/ui"
)

// GenderPage asks for one's own declaration and shows which published rows counted one.
type GenderPage struct {
	Frame  ui.Frame
	Form   ui.FormAttrs
	Errors []ui.FieldError

	CountIn, Consents, Identities, Words, PreferNot ui.Field

	// Unread says that the installation's key does not open something of the reader's.
	Unread bool
	// StoredSince says since when there is a declaration; "" when there is none.
	StoredSince string
	// CountsFrom is the first release that what is saved now counts in.
	CountsFrom string
	Withdrawal ui.FormAttrs
	Rows       []MyRow
}

// MyRow is a published row that counted the reader.
type MyRow struct {
	Day, Report, Label string
	Stated             bool
	Level              disclosure.Level
}

// BalancePage is one release of the figures. Reports is empty before the first release.
type BalancePage struct {
	Frame   ui.Frame
	AsOf    string
	Next    string
	Reports []Report
	Others  []ui.Link
	// DeclareHref leads to one's own declaration; "" for readers who are not signed in.
	DeclareHref string
}

// Report is one protected table with the names of its rows. Members is the row that shares are compared with; the
// zero Row, which shows nothing, for none.
type Report struct {
	ID, Title, Lead, RowHead string
	Table                    disclosure.Protected
	Labels                   map[string]string
	Members                  disclosure.Row
	Empty                    string
}

func (r Report) label(row disclosure.Row) string {
	if name := r.Labels[row.Key()]; name != "" {
		return name
	}
	return row.Key()
}
