package models

import (
	"time"

	"socia/core/civil"
)

// Role is an office or a technical duty that an account holds for a term.
type Role string

// The roles there are. A validator acts for one collective.
const (
	RoleFacilitator   Role = "facilitator"
	RoleTreasurer     Role = "treasurer"
	RoleValidator     Role = "validator"
	RoleAuditor       Role = "auditor"
	RoleAdministrator Role = "administrator"
)

// Roles lists every role, in the order pages show them.
var Roles = []Role{RoleFacilitator, RoleTreasurer, RoleValidator, RoleAuditor, RoleAdministrator}

// RoleTermID identifies one term of a role.
type RoleTermID int64

// RoleTerm is one account's term in a role: from a day, perhaps until a day, perhaps ended early.
type RoleTerm struct {
	ID           RoleTermID
	AccountID    AccountID
	Role         Role
	CollectiveID *CollectiveID
	StartsOn     civil.Date
	EndsOn       civil.Date
	Reason       string
	AppointedBy  *AccountID
	AppointedAt  time.Time
	EndedBy      *AccountID
	EndedAt      *time.Time
}

// Over says whether the term is in the past on a day: ended early, or its last day has passed.
func (r RoleTerm) Over(day civil.Date) bool {
	return r.EndedAt != nil || (!r.EndsOn.IsZero() && day.After(r.EndsOn))
}

// Runs says whether the term is in force on a day. The last day counts.
func (r RoleTerm) Runs(day civil.Date) bool {
	return r.EndedAt == nil && !day.Before(r.StartsOn) && (r.EndsOn.IsZero() || !day.After(r.EndsOn))
}
