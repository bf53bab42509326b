package models

import "time"

// AssemblyID identifies an assembly.
type AssemblyID int64

// Assembly is a meeting of the members that can decide. OpenCall is 0 before it opens, then 1 or 2.
type Assembly struct {
	ID           AssemblyID
	Title        string
	Kind         string
	Place        string
	OnlineURL    string `gorm:"column:online_url"`
	FirstCallAt  time.Time
	SecondCallAt time.Time
	CreatedBy    AccountID
	CreatedAt    time.Time
	ConvenedAt   *time.Time
	ConvenedBy   *AccountID
	OpenedAt     *time.Time
	OpenCall     int64
	OpenedBy     *AccountID
	Opening      []ClassPresence `gorm:"serializer:json"` // who was there when it opened, or when it was closed without
	ClosedAt     *time.Time
	ClosedBy     *AccountID
	// NotHeldReason is why it was not held, if it was closed without having opened.
	NotHeldReason string
}

// Unheld says whether the assembly was closed without having opened.
func (a Assembly) Unheld() bool { return a.ClosedAt != nil && a.OpenedAt == nil }

// ClassPresence is how many members of a class have the vote in an assembly, how many of those are there and how, and
// how many are there without the vote. Plural votes are told apart: those beyond the first of each member.
type ClassPresence struct {
	Class       string
	Roll        int64
	InPerson    int64
	Remote      int64
	Represented int64
	WithoutVote int64
	RollPlural  int64 `json:",omitempty"` // of those on the roll
	Plural      int64 `json:",omitempty"` // of those present or represented
}

// RollVotes is how many votes the class has on the roll.
func (c ClassPresence) RollVotes() int64 { return c.Roll + c.RollPlural }

// Votes is how many votes of the class are present or represented.
func (c ClassPresence) Votes() int64 { return c.InPerson + c.Remote + c.Represented + c.Plural }

// AssemblyState says how far an assembly has come.
type AssemblyState string

// The states of an assembly.
const (
	AssemblyDraft    AssemblyState = "draft"
	AssemblyConvened AssemblyState = "convened"
	AssemblyOpen     AssemblyState = "open"
	AssemblyClosed   AssemblyState = "closed"
)

// State follows from the acts recorded in the row.
func (a Assembly) State() AssemblyState {
	switch {
	case a.ClosedAt != nil:
		return AssemblyClosed
	case a.OpenedAt != nil:
		return AssemblyOpen
	case a.ConvenedAt != nil:
		return AssemblyConvened
	}
	return AssemblyDraft
}

// AgendaItemID identifies a point of the agenda.
type AgendaItemID int64

// AgendaItem is a point of the agenda. Decision is empty when it is for information only.
type AgendaItem struct {
	ID                AgendaItemID
	AssemblyID        AssemblyID
	Position          int64
	Title             string
	Body              string
	Decision          string
	ProposalID        *ProposalID
	ProposalVersionID *ProposalVersionID
}

// AttendanceMode says how somebody attends.
type AttendanceMode string

// The ways to attend.
const (
	InPerson AttendanceMode = "in_person"
	Remote   AttendanceMode = "remote"
)

// Attendance records that a member is present, how, and from when until when.
type Attendance struct {
	AssemblyID  AssemblyID `gorm:"primaryKey;autoIncrement:false"`
	MemberID    MemberID   `gorm:"primaryKey;autoIncrement:false"`
	Mode        AttendanceMode
	ArrivedAt   time.Time
	LeftAt      *time.Time
	CheckedInBy AccountID
}

// ProxyID identifies a mandate.
type ProxyID int64

// Proxy is a written mandate for one named assembly.
type Proxy struct {
	ID         ProxyID
	AssemblyID AssemblyID
	GiverID    MemberID
	HolderID   MemberID
	DeclaredBy AccountID
	DeclaredAt time.Time
	RevokedBy  *AccountID
	RevokedAt  *time.Time
}

// OfficerPart is a part that somebody plays in an assembly.
type OfficerPart string

// The parts in an assembly.
const (
	Chair     OfficerPart = "chair"
	Secretary OfficerPart = "secretary"
	Teller    OfficerPart = "teller"
)

// AssemblyOfficer names who chairs, writes or counts in an assembly.
type AssemblyOfficer struct {
	AssemblyID AssemblyID  `gorm:"primaryKey;autoIncrement:false"`
	Part       OfficerPart `gorm:"primaryKey"`
	MemberID   MemberID    `gorm:"primaryKey;autoIncrement:false"`
	NamedBy    AccountID
	At         time.Time
}

// MinutesID identifies minutes.
type MinutesID int64

// Minutes is the record of an assembly, in Markdown; immutable once approved by chair and tellers.
type Minutes struct {
	ID          MinutesID
	AssemblyID  AssemblyID
	Language    string
	Body        string
	Revision    int64
	DraftedAt   time.Time
	EditedBy    *AccountID
	EditedAt    time.Time
	FinalisedAt *time.Time
}

// TableName keeps the plural that the word has by itself.
func (Minutes) TableName() string { return "minutes" }

// MinutesApproval records that the chair or a teller approves one revision of the minutes.
type MinutesApproval struct {
	MinutesID MinutesID `gorm:"primaryKey;autoIncrement:false"`
	Revision  int64     `gorm:"primaryKey;autoIncrement:false"`
	MemberID  MemberID  `gorm:"primaryKey;autoIncrement:false"`
	Part      OfficerPart
	ByID      AccountID
	At        time.Time
}
