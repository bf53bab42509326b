// Package polls has the ballot paper of a poll and the page of its result.
package polls

import "socia/views/ui"

// BallotPage is a poll that is open: the reader's papers, and how many have voted.
type BallotPage struct {
	Frame    ui.Frame
	Question string
	Item     string
	Text     Text
	Until    string
	Rule     ui.Rule
	Turnout  string
	Papers   []ui.Field // one ballot for each vote the reader may cast
	Chosen   []ui.Pair  // what the reader has cast so far, in words
	Missing  string     // whose votes the reader may cast and has not, once some are cast
	Errors   []ui.FieldError
	Form     ui.FormAttrs
	Table    []ui.Field // papers that the facilitator enters for people without account
	TableWas []ui.Pair  // what the papers said when the form was drawn, so that nobody overwrites what came later
	TableAct ui.FormAttrs
	Pager    ui.Pager // of Table
	Manage   string   // where the facilitator closes the poll
}

// Text is what is voted: the agenda's own words, and the proposal that they stand for.
type Text struct {
	Body     ui.SafeHTML
	Proposal *ui.Link
}

// ResultPage is a poll that is closed: first a sentence, then the figures, then the rule, then the files to check it.
type ResultPage struct {
	Frame    ui.Frame
	Question string
	Item     string
	Text     Text
	When     string
	Kind     ui.Kind
	Word     string
	Sentence string
	Bar      *ui.Bar
	Chart    *ui.Chart
	Classes  ui.Table
	Rule     ui.Rule
	Files    []ui.Link
	Named    *ui.Table
	Pager    ui.Pager // of Named
	Back     string
}
