package models

import "time"

// ProposalID identifies a proposal.
type ProposalID int64

// ProposalState says how far a proposal has come.
type ProposalState string

// The states of a proposal.
const (
	ProposalDraft     ProposalState = "draft"
	ProposalPublished ProposalState = "published"
	ProposalScheduled ProposalState = "scheduled"
	ProposalApproved  ProposalState = "approved"
	ProposalRejected  ProposalState = "rejected"
	ProposalWithdrawn ProposalState = "withdrawn"
)

// Proposal is a text to be decided. Its words are in its versions.
type Proposal struct {
	ID          ProposalID
	AuthorID    MemberID
	State       ProposalState
	CreatedAt   time.Time
	PublishedAt *time.Time
	WithdrawnAt *time.Time
}

// ProposalVersionID identifies one state of a proposal's text.
type ProposalVersionID int64

// ProposalVersion is one state of a proposal's text, in Markdown. It is never changed.
type ProposalVersion struct {
	ID         ProposalVersionID
	ProposalID ProposalID
	Number     int64
	Title      string
	Body       string
	ByID       AccountID
	CreatedAt  time.Time
}

// ProposalSupport records that a member supports a proposal being put to an assembly.
type ProposalSupport struct {
	ProposalID ProposalID `gorm:"primaryKey;autoIncrement:false"`
	MemberID   MemberID   `gorm:"primaryKey;autoIncrement:false"`
	At         time.Time
}
