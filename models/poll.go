package models

import (
	"time"

	"socia/core/tally"
)

// PollID identifies a poll.
type PollID int64

// Poll is a question put to the vote on one agenda item. It exists from the moment it is opened.
// RollCounts is how many of each class the roll had then; Result is null until the poll closes.
type Poll struct {
	ID           PollID
	AssemblyID   AssemblyID
	AgendaItemID AgendaItemID
	RuleSetID    RuleSetID
	Question     string
	Decision     string
	RollCounts   map[string]int64 `gorm:"serializer:json"`
	OpenedAt     time.Time
	OpenedBy     AccountID
	ClosesAt     *time.Time
	ClosedAt     *time.Time
	ClosedBy     *AccountID
	Result       *tally.Result `gorm:"serializer:json"`
}

// Open says whether a vote cast at an instant counts. The closing instant itself no longer does.
func (p Poll) Open(now time.Time) bool {
	return p.ClosedAt == nil && (p.ClosesAt == nil || now.Before(*p.ClosesAt))
}

// PollElector is one vote that may be cast in a poll: the member it belongs to, the member who casts it
// (the same, or the holder of their proxy), and that member's account if there is one.
type PollElector struct {
	PollID    PollID   `gorm:"primaryKey;autoIncrement:false"`
	MemberID  MemberID `gorm:"primaryKey;autoIncrement:false"`
	ClassCode string
	VoterID   MemberID
	AccountID *AccountID
}

// Choice is what an open vote says.
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
	CastBy   AccountID
	CastAt   time.Time
	Changes  int64
}
