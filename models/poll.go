package models

import (
	"time"

	"socia/core/civil"
	"socia/core/methods"
	"socia/core/tally"
)

// PollID identifies a poll.
type PollID int64

// Poll is a question put to the vote: on one agenda item, or, as a consultation, outside assemblies. RollCounts is
// how many votes of each class the roll had when its electors were frozen; Result (of a motion) and Count (of every other
// method) are null until the poll closes.
type Poll struct {
	ID           PollID
	AssemblyID   *AssemblyID   // nil for a consultation
	AgendaItemID *AgendaItemID // likewise
	RuleSetID    RuleSetID
	Question     string
	Body         string
	Method       methods.Name
	Setup        PollSetup        `gorm:"serializer:json"`
	Decision     string           // of a motion in an assembly
	RollCounts   map[string]int64 `gorm:"serializer:json"`
	OpenedAt     time.Time        // or will be, while it waits
	OpenedBy     AccountID
	Waits        bool // for its hour: its electors are not frozen yet
	ClosesAt     *time.Time
	ClosedAt     *time.Time
	ClosedBy     *AccountID
	Result       *tally.Result `gorm:"serializer:json"`
	Count        *PollCount    `gorm:"serializer:json"`
	// Seed draws lots (core/lot): its commitment is public from the beginning, the seed itself once the poll is closed.
	Seed       string
	RemindedAt *time.Time
	RerunOf    *PollID // the void poll that this one repeats
	// Void says that the poll does not count. Only polls.ByAssemblyTx reads it.
	Void *PollVoiding `gorm:"-"`
}

// Consultation says whether the poll is held outside assemblies.
func (p Poll) Consultation() bool { return p.AssemblyID == nil }

// On says whether the poll is held on a point of an agenda.
func (p Poll) On(item AgendaItemID) bool { return p.AgendaItemID != nil && *p.AgendaItemID == item }

// Decided says whether the poll has closed with an answer: one in which nobody took part, or too few, decides nothing,
// nor does a void one.
func (p Poll) Decided() bool {
	switch {
	case p.Void != nil:
		return false
	case p.Result != nil:
		return p.Result.Outcome != tally.OutcomeNoVotes && p.Result.Outcome != tally.OutcomeNoQuorum
	case p.Count != nil:
		return p.Count.Decided()
	}
	return false
}

// Reasons says whether a vote carries its reason; a closed type.
type Reasons string

// Whether reasons are asked for.
const (
	ReasonsNone     Reasons = "none"
	ReasonsOptional Reasons = "optional"
	ReasonsRequired Reasons = "required"
)

// PollSetup is what a poll's method is told, and how the poll is held.
type PollSetup struct {
	methods.Setup
	Topic         string  `json:"topic,omitempty"` // of a consultation, for standing delegations
	Reasons       Reasons `json:"reasons,omitempty"`
	Live          bool    `json:"live,omitempty"`           // whether insiders see the count before the close
	QuorumPercent int     `json:"quorum_percent,omitempty"` // of the electors who must take part; 0 is none
	RemindHours   int     `json:"remind_hours,omitempty"`   // before the close; 0 is never
	ParityGroup   string  `json:"parity_group,omitempty"`   // whom the parity rule is about, in the cooperative's words
}

// PollOption is one of the things that a poll chooses from, fixed when the poll is made.
type PollOption struct {
	PollID    PollID `gorm:"primaryKey;autoIncrement:false"`
	Position  int64  `gorm:"primaryKey;autoIncrement:false"` // from 1
	Label     string
	Detail    string
	CostCents int64
	MemberID  *MemberID // of a candidate
}

// PollDeclaration is what a candidate says for the parity rule of one election.
type PollDeclaration struct {
	ID       int64
	PollID   PollID
	Position int64
	InGroup  bool
	ByID     AccountID
	At       time.Time
}

// ResolutionHow says how an objection was answered; a closed type.
type ResolutionHow string

// The answers to an objection.
const (
	ResolvedByAmendment ResolutionHow = "amended"
	ObjectionWithdrawn  ResolutionHow = "withdrawn"
	ObjectionEased      ResolutionHow = "concern" // it is a concern, and no objection
	ObjectionUpheld     ResolutionHow = "upheld"
)

// PollResolution is how the objection of a member is to be answered. But for one that is upheld it is a proposal,
// until whoever may cast that member's vote agrees. Words are the new words of the proposal, or why.
type PollResolution struct {
	ID       int64
	PollID   PollID
	MemberID MemberID
	How      ResolutionHow
	Words    string
	ByID     AccountID
	At       time.Time
}

// PollConfirmation is what whoever may cast a member's vote says of the answer to the member's objection. The last one
// of an answer holds.
type PollConfirmation struct {
	ID           int64
	ResolutionID int64
	Agrees       bool
	ByID         AccountID
	At           time.Time
}

// PollOutcome says what follows from a closed poll, who carries it out, and by when.
type PollOutcome struct {
	ID        int64
	PollID    PollID
	Words     string
	CarriedBy string
	DueOn     *civil.Date
	ByID      AccountID
	At        time.Time
}

// PollVoiding says that a poll does not count, and why.
type PollVoiding struct {
	PollID PollID `gorm:"primaryKey;autoIncrement:false"`
	Reason string
	ByID   AccountID
	At     time.Time
}

// Open says whether a vote cast at an instant counts. The closing instant itself no longer does.
func (p Poll) Open(now time.Time) bool {
	return p.ClosedAt == nil && !p.Waits && (p.ClosesAt == nil || now.Before(*p.ClosesAt))
}

// Missed says whether the hours of a poll have passed before it could open: nothing ran then, or nobody had the vote.
func (p Poll) Missed(now time.Time) bool {
	return p.ClosedAt == nil && p.Waits && p.ClosesAt != nil && !now.Before(*p.ClosesAt)
}

// PollElector is one vote that may be cast in a poll: the member it belongs to, the member who casts it
// (the same, or the holder of their proxy), and that member's account if there is one.
type PollElector struct {
	PollID    PollID   `gorm:"primaryKey;autoIncrement:false"`
	MemberID  MemberID `gorm:"primaryKey;autoIncrement:false"`
	ClassCode string
	VoterID   MemberID
	AccountID *AccountID
	// Absent says that the mandate was revoked and nobody casts the vote: until the member comes, who is then the voter; or,
	// while the voter is still the holder, any more, because the mandate was used and the vote stands.
	Absent bool
	Votes  int64 `gorm:"default:1"` // how many this one counts as
}

// CastBy is, as a condition on the rows of poll_electors, the votes that whoever acts for some members casts from an account. It
// takes the members: those for whom they act as they vote, whoever did when the electors were frozen.
const CastBy = "poll_electors.account_id IS NOT NULL AND NOT poll_electors.absent AND poll_electors.voter_id IN ?"

// Choice is what an open vote says: a word of its method (for, consent, block…), or the marks of a paper as core/paper writes them.
type Choice string

// The choices of a yes/no/abstain poll.
const (
	For     Choice = "for"
	Against Choice = "against"
	Abstain Choice = "abstain"
)

// Vote is an open vote: it names the member. One row for each elector; it may change until the poll closes.
type Vote struct {
	PollID   PollID   `gorm:"primaryKey;autoIncrement:false"`
	MemberID MemberID `gorm:"primaryKey;autoIncrement:false"`
	Choice   Choice
	Reason   string
	CastBy   AccountID
	CastAt   time.Time
	Changes  int64
	// DelegateID is who voted for the member by standing delegation, if nobody else did before the poll closed.
	DelegateID *MemberID
}
