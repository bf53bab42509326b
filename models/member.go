package models

import (
	"time"

	"socia/core/civil"
)

// MemberID identifies a member.
type MemberID int64

// MemberKind says whether a member is a person or an organisation.
type MemberKind string

// The kinds of member.
const (
	Person       MemberKind = "person"
	Organisation MemberKind = "organisation"
)

// Member is a person or an organisation that belongs to the cooperative.
// Name is what others see: a legal name, or the pseudonym a person chose. SortName is the name in lower case without
// accents, for sorting and finding.
type Member struct {
	ID             MemberID
	Number         int64
	Kind           MemberKind
	Name           string
	SortName       string
	Representative string
	ClassID        MemberClassID
	Votes          int64 `gorm:"default:1"` // given to the member; the statutes bound how many count (core/rules Counting.VotesOf)
	CollectiveID   *CollectiveID
	AccountID      *AccountID
	EmailSealed    []byte
	Language       string
	JoinedOn       civil.Date
	LeftOn         civil.Date
	CreatedAt      time.Time
}

// Active says whether the membership is in force on a day. The day of leaving still counts.
func (m Member) Active(day civil.Date) bool {
	return !day.Before(m.JoinedOn) && (m.LeftOn.IsZero() || !day.After(m.LeftOn))
}

// ActiveOn is Active as a condition on the rows of members. It takes the day twice.
const ActiveOn = "members.joined_on <= ? AND (members.left_on IS NULL OR members.left_on >= ?)"

// MemberClassID identifies a class of members.
type MemberClassID int64

// MemberClass is user, worker, collaborating…: it has its share of the vote and its own fee plans.
type MemberClass struct {
	ID       MemberClassID
	Code     string
	NameCA   string `gorm:"column:name_ca"`
	NameES   string `gorm:"column:name_es"`
	NameEN   string `gorm:"column:name_en"`
	Position int64
}

// Name is the class's name in a language; Catalan when there is no other.
func (c MemberClass) Name(lang string) string {
	switch {
	case lang == "es" && c.NameES != "":
		return c.NameES
	case lang == "en" && c.NameEN != "":
		return c.NameEN
	}
	return c.NameCA
}

// CollectiveID identifies a collective.
type CollectiveID int64

// Collective is a group inside the cooperative that vouches for members and gives first support.
type Collective struct {
	ID          CollectiveID
	Name        string
	Description string
	CreatedAt   time.Time
	ClosedAt    *time.Time
}

// ApplicationID identifies an application for membership.
type ApplicationID int64

// ApplicationOutcome says what became of an application.
type ApplicationOutcome string

// What can become of an application.
const (
	ApplicationWaiting   ApplicationOutcome = "waiting"
	ApplicationAdmitted  ApplicationOutcome = "admitted"
	ApplicationRefused   ApplicationOutcome = "refused"
	ApplicationWithdrawn ApplicationOutcome = "withdrawn"
)

// Application asks to become a member; the collective that it names validates it.
type Application struct {
	ID             ApplicationID
	AccountID      AccountID
	Kind           MemberKind
	Name           string
	Representative string
	ClassID        MemberClassID
	CollectiveID   CollectiveID
	Motivation     string
	AppliedAt      time.Time
	Outcome        ApplicationOutcome
	DecidedAt      *time.Time
	DecidedBy      *AccountID
	Reason         string
	MemberID       *MemberID
}

// Departure records that a member leaves, when and why. Whether it still stands, the member's LeftOn says: one that was
// withdrawn in time leaves it empty.
type Departure struct {
	ID          int64
	MemberID    MemberID
	EffectiveOn civil.Date
	Reason      string
	ByID        AccountID
	At          time.Time
}
