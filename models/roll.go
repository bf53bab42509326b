package models

import (
	"time"

	"socia/core/standing"
)

// RollID identifies a roll.
type RollID int64

// Roll is the frozen list of who may vote in one assembly.
type Roll struct {
	ID               RollID
	AssemblyID       AssemblyID
	RuleSetID        RuleSetID
	RecordAt         time.Time
	CorrectionsUntil time.Time
	FrozenAt         time.Time
}

// RollEntry is one member's line on a roll, with the reason for each exclusion. It is never changed.
type RollEntry struct {
	RollID    RollID   `gorm:"primaryKey;autoIncrement:false"`
	MemberID  MemberID `gorm:"primaryKey;autoIncrement:false"`
	ClassCode string
	Eligible  bool
	Votes     int64             `gorm:"default:1"` // how many the member has here
	Reasons   []standing.Reason `gorm:"serializer:json"`
}

// CorrectionCause says why a roll was corrected after it was frozen.
type CorrectionCause string

// Why a roll is corrected: somebody claimed an error, a payment or an appeal restored the vote.
const (
	CauseClaim   CorrectionCause = "claim"
	CausePayment CorrectionCause = "payment"
	CauseAppeal  CorrectionCause = "appeal"
)

// RollCorrection is a logged change to a frozen roll; the last one for a member holds.
type RollCorrection struct {
	ID        int64
	RollID    RollID
	MemberID  MemberID
	ClassCode string
	Eligible  bool
	Votes     int64 `gorm:"default:1"` // of the line, or of the member where there was none
	Cause     CorrectionCause
	Reason    string
	ByID      *AccountID
	At        time.Time
}
