// Package polls has the ballot paper of a poll and the page of its result.
package polls

import (
	"slices"

	"socia/views/ui"
)

// Carried says who casts a vote of the reader's, or that it stands; Proxy is where the mandate is, while it holds.
type Carried struct{ Title, Text, Proxy string }

// BallotPage is a poll that is open: the reader's papers, and how many have voted.
type BallotPage struct {
	Frame    ui.Frame
	Question string
	Item     string
	Text     Text
	Until    string
	Rule     *ui.Rule // of a motion
	// Explained is the page that explains any other method.
	Explained   string
	NoPaper     string // why there is none, when there is none
	NoPaperHref string // where a member without a vote sees why
	Carried     []Carried
	Drawn       bool   // nobody votes: the lot does
	Waits       string // said of a poll that is not open yet
	Turnout     string
	Held        string    // how many are chosen, what there is to spend, what must be reached
	Papers      []Paper   // one for each vote the reader may cast
	Chosen      []ui.Pair // what the reader has cast so far, in words
	Missing     string    // whose votes the reader may cast and has not, once some are cast
	Errors      []ui.FieldError
	Form        ui.FormAttrs
	Desk        *TableDesk
	Manage      string // where the facilitator closes the poll
	Acts        []ui.Action
	// Objections are those of a poll by consent or consensus, with their answers; of an advice process, the advice, for
	// whoever asks for it. Heard says what they are.
	Objections []Objection
	Heard      Heard
	Candidates []Candidate
	Commitment string // to the seed of lots
	SoFar      *Story
	// SoFarMotion is the same of a motion.
	SoFarMotion string
}

// TableDesk is where the facilitator enters the votes of people without account, a page of papers at a time.
type TableDesk struct {
	Title  string
	Text   string // says whose papers they are
	Done   string // said after some were entered
	Search *ui.Filter
	None   string // said where a search finds nobody
	Form   ui.FormAttrs
	Papers []Paper
	Was    []ui.Pair  // what the papers said when the form was drawn, so that nobody overwrites what came later
	Next   *ui.Action // enters them and goes on to the next page; nil on the last one
	Pager  ui.Pager
}

// Objection is an objection or a block that must be answered; Form is for that, if the reader may.
type Objection struct {
	Name, Word, Reason string
	ByDelegation       string   // whose words they are, when a delegate wrote them
	Delegated          []string // for whom they were cast too, by delegation
	Open               bool     // the form is being filled in
	Answered           string   // how it is to be answered, in words
	Agreed             string   // what who objects says of that
	Confirm            *ActForm // for who objects
	Form               *ui.FormAttrs
	Hidden             []ui.Pair
	Fields             []ui.Field
}

// Candidate is an option of an election with a parity rule: what was declared, and the form for the candidate.
type Candidate struct {
	Name, Declared string
	Form           *ui.FormAttrs
	Position       string
	InGroup        bool
	Ask            string
}

// Heard is what stands over objections or advice.
type Heard struct{ Title, Text string }

// Text is what is voted: the agenda's own words, and the proposal that they stand for.
type Text struct {
	Body     ui.SafeHTML
	Proposal *ui.Link
	Repeats  *ui.Link // the void poll that is held again
}

// MotionTold is the result of a motion.
type MotionTold struct {
	Kind     ui.Kind
	Word     string
	Sentence string
	Bar      *ui.Bar
	Chart    *ui.Chart
	Classes  *ui.Table // none where people outside see no lines by class
	Present  string    // what the table means by those present
	Rule     ui.Rule
}

// ActForm is a form within a page.
type ActForm struct {
	Form   ui.FormAttrs
	Hidden []ui.Pair
	Fields []ui.Field
	Submit string
}

// ResultPage is a poll that is closed: first a sentence, then the figures, then the rule, then the files to check it.
type ResultPage struct {
	Frame    ui.Frame
	Question string
	Item     string
	Text     Text
	When     string
	Errors   []ui.FieldError // of Follow
	// Consultation says that there is no assembly to go back to.
	Consultation bool
	Void         string   // why it does not count
	RepeatedBy   *ui.Link // where it is held again
	Motion       *MotionTold
	Kept         string // why people outside see no more of the figures
	Story        *Story
	Explained    string
	Following    []ui.Pair // what follows, who carries it out, by when
	Follow       *ActForm
	Acts         []ui.Action
	Objections   []Objection
	FilesTitle   string
	Files        []ui.Link
	Named        *ui.Table
	Pager        ui.Pager // of Named
	Back         string
}

// noPaper is the head of the notice on a page without ballot paper.
func noPaper(p BallotPage) string {
	if p.Drawn {
		return p.Frame.T.T("polls.ballot.draw")
	}
	return p.Frame.T.T("polls.ballot.no_paper")
}

// declares says whether the reader is one of the candidates, who may still declare.
func declares(all []Candidate) bool {
	return slices.ContainsFunc(all, func(c Candidate) bool { return c.Form != nil })
}
