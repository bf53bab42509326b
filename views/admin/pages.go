// Package admin has the administrators' pages: the index, letters kept here, work that failed, the installation's state.
package admin

import "socia/views/ui"

// IndexPage lists what administrators do.
type IndexPage struct {
	Frame ui.Frame
	Items ui.Table
}

// MailPage lists letters that no mail server took. Server is its host when there is one.
type MailPage struct {
	Frame   ui.Frame
	Server  string
	Letters []Letter
}

// Letter is one letter, its text in paragraphs of lines.
type Letter struct {
	To, Subject, When string
	Paragraphs        [][]string
}

// JobsPage lists work that failed for good.
type JobsPage struct {
	Frame ui.Frame
	Jobs  ui.Table
}

// StatePage says how the installation is.
type StatePage struct {
	Frame    ui.Frame
	Program  []ui.Pair
	Database []ui.Pair
	Audit    []ui.Pair
	// Verdict is set when the log was checked; CheckHref leads to a check otherwise.
	Kind      ui.Kind
	Verdict   string
	Detail    string
	CheckHref string
}
