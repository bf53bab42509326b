package models

import (
	"socia/core/count"
	"socia/core/methods"
	"socia/core/quorum"
	"socia/core/rules"
	"socia/core/tally"
)

// PollCount is how a poll by any method but the motion ended, with everything that led there. Result or
// Answers is set, as the method is.
type PollCount struct {
	Cast   int64         `json:"cast"` // votes, unweighted
	Quorum *PollQuorum   `json:"quorum,omitempty"`
	Result *count.Result `json:"result,omitempty"`
	// Plain is the same count without the parity rule, where the rule changed who is elected.
	Plain   *count.Result `json:"plain,omitempty"`
	Answers *PollAnswers  `json:"answers,omitempty"`
	Strata  []PollStratum `json:"strata,omitempty"`  // of a draw
	Weights []PollWeight  `json:"weights,omitempty"` // of one vote of each class, when votes weigh by class
	// Weighing is why they weigh so, with the cap that some classes have; nil where every vote weighs one and nobody is capped.
	Weighing *PollWeighing `json:"weighing,omitempty"`
	// AtVote is the quorum that the statutes ask of a vote; nil where they ask for none.
	AtVote *quorum.Verdict `json:"at_vote,omitempty"`
	// Rounded says that the weights were cut after many digits: see app/polls weigh.
	Rounded bool `json:"rounded,omitempty"`
	// Declared is what candidates have declared for the parity rule, for whoever tells the count. It is no part of the
	// result: declarations are rows of their own, and no file has them.
	Declared *PollDeclared `json:"-"`
}

// PollDeclared says of each option, in their order, whether its candidate has declared to be of the group of the parity
// rule. Inside says that the reader belongs to the cooperative, where everybody saw that while the poll was open.
type PollDeclared struct {
	InGroup []bool
	Inside  bool
}

// Candidates is how many have declared it.
func (d PollDeclared) Candidates() (n int) {
	for _, in := range d.InGroup {
		if in {
			n++
		}
	}
	return n
}

// Of is how many of some options have declared it.
func (d PollDeclared) Of(options []int) (n int) {
	for _, o := range options {
		if o >= 0 && o < len(d.InGroup) && d.InGroup[o] {
			n++
		}
	}
	return n
}

// PollStratum is a class of a draw that keeps their proportions, or everybody, without a class: its places, and who takes
// them, as places in the Options of the Result. Substitutes take the places of people of the same class, in their order.
type PollStratum struct {
	Class       string `json:"class,omitempty"`
	Places      int    `json:"places"`
	Drawn       []int  `json:"drawn"`
	Substitutes []int  `json:"substitutes,omitempty"`
}

// PollWeighing is the arithmetic of what one vote of each class weighs, by the article that says so.
type PollWeighing struct {
	Method  rules.Method `json:"method"`
	Article string       `json:"article"`
	Steps   []tally.Step `json:"steps"`
}

// Void says whether too few took part, by the statutes or by what the poll itself asks.
func (c PollCount) Void() bool {
	return c.Quorum != nil && !c.Quorum.Reached() || c.AtVote != nil && !c.AtVote.OK
}

// PollQuorum is how many took part and how many had to by what the poll asks beside the statutes.
type PollQuorum struct {
	Percent  int   `json:"percent"`
	Electors int64 `json:"electors"`
	TookPart int64 `json:"took_part"`
	Needed   int64 `json:"needed"`
}

// Reached says whether enough took part.
func (q PollQuorum) Reached() bool { return q.TookPart >= q.Needed }

// PollWeight is what one vote of a class weighs in the figures of a count.
type PollWeight struct {
	Class  string `json:"class"`
	Votes  int64  `json:"votes"`
	Weight int64  `json:"weight"`
}

// Decided says whether anything came of the poll: enough took part, and somebody did.
func (c PollCount) Decided() bool {
	if c.Void() {
		return false
	}
	if c.Result != nil && c.Result.Method == string(methods.OptIn) {
		return c.Result.Valid != "" && c.Result.Valid != "0" // nobody wins: who is in is the answer
	}
	if c.Result != nil && c.Result.Valid.Ratio().IsZero() {
		return false // nobody said anything: a lot alone decides nothing
	}
	if c.Result != nil && c.Result.NothingApproved() {
		return false
	}
	return c.Result != nil && len(c.Result.Winners) > 0 || c.Answers != nil && c.Answers.Agreed
}

// PollAnswers is how a poll by consent, by consensus or for advice ended: never a tally, but who must still be
// answered. The numbers only say how many gave each answer.
type PollAnswers struct {
	Outcome string           `json:"outcome"` // as core/consent names it
	Agreed  bool             `json:"agreed"`
	Given   map[string]int64 `json:"given"`          // how many gave each answer
	Open    []MemberID       `json:"open,omitempty"` // whose objection or block stands
	// Silent is how many were asked and have not answered; nil in results that were stored before it was told.
	Silent *int64 `json:"silent,omitempty"`
	// How many objections were met by an amendment, were withdrawn, and became concerns.
	Amended   int64 `json:"amended,omitempty"`
	Withdrawn int64 `json:"withdrawn,omitempty"`
	Eased     int64 `json:"eased,omitempty"`
}

// Resolved is how many objections were answered so that they no longer stand.
func (a PollAnswers) Resolved() int64 { return a.Amended + a.Withdrawn + a.Eased }

// Outcome names how a closed poll ended, for lists and the log: a motion's outcome, or decided, undecided, no_quorum
// or one of core/consent's.
func (p Poll) Outcome() string {
	switch {
	case p.Result != nil:
		return string(p.Result.Outcome)
	case p.Count == nil:
		return ""
	case p.Count.Void():
		return "no_quorum"
	case p.Count.Answers != nil:
		return p.Count.Answers.Outcome
	case p.Count.Decided():
		return "decided"
	}
	return "undecided"
}
