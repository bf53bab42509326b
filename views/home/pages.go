// Package home has the first page: what waits for a reader, or what the cooperative is.
package home

import "socia/views/ui"

// HomePage is what waits for a reader who is signed in. Count says how much in a sentence.
type HomePage struct {
	Frame     ui.Frame
	Greeting  string
	Count     string
	Applied   string // where the reader's own application is; "" when none waits
	Needs     []ui.TodoItem
	Decisions ui.Table
}

// WelcomePage is what a guest sees. Next is empty when no assembly is convened.
type WelcomePage struct {
	Frame     ui.Frame
	SetUp     bool // the installation has a cooperative
	Stats     []ui.Stat
	Next      []ui.TodoItem
	Decisions ui.Table
}
