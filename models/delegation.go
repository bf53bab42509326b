package models

import (
	"time"

	"socia/core/civil"
)

// DelegationID identifies a standing delegation.
type DelegationID int64

// Delegation is a standing mandate for consultations outside assemblies: the holder's vote counts for the giver, unless
// the giver votes. An empty topic is every topic.
type Delegation struct {
	ID        DelegationID
	GiverID   MemberID
	HolderID  MemberID
	Topic     string
	ExpiresOn civil.Date // the last day on which it holds
	GivenBy   AccountID
	GivenAt   time.Time
	RevokedBy *AccountID
	RevokedAt *time.Time
}
