// Package open has the pages that everybody may read without an account.
package open

import (
	"socia/app/transparency"
	"socia/views/ui"
)

// OpenPage is the overview of what is public.
type OpenPage struct {
	Frame       ui.Frame
	Decisions   ui.Table
	Older       bool
	Minutes     ui.Table
	Proposals   ui.Table
	Collectives []ui.Pair
	More        []More
}

// More is a public page and what it is about.
type More struct{ Label, Href, About string }

// DecisionsPage lists every decision, a page at a time.
type DecisionsPage struct {
	Frame     ui.Frame
	Decisions ui.Table
	Pager     ui.Pager
}

// SoftwarePage says what the program is made of and how its source can be had.
type SoftwarePage struct {
	Frame    ui.Frame
	Software transparency.Software
	Facts    []ui.Pair
	Modules  ui.Table
}

// PrivacyPage is the register of personal data.
type PrivacyPage struct {
	Frame  ui.Frame
	Topics []Topic
}

// Topic is one purpose of the register.
type Topic struct {
	ID, Title string
	Rows      []ui.Pair
}

// AccessibilityPage says how far everyone can use the pages.
type AccessibilityPage struct {
	Frame ui.Frame
}
