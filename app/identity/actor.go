// Package identity knows who acts: the cooperative itself and its statutes, accounts, sessions, roles with terms,
// and the inbox in which an account is told things.
package identity

import (
	"fmt"
	"slices"

	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Actor is who asks for something: nobody (the zero value), or a signed-in account with its roles of today and the
// members it acts for: itself as a person, and organisations it represents.
type Actor struct {
	Account  models.AccountID
	Session  models.SessionID
	Handle   string
	Language string
	Roles    []models.RoleTerm
	Members  []models.Member
}

// System is the actor of work that the software does by itself, such as charging a new period.
var System = Actor{}

// SignedIn says whether somebody is signed in.
func (a Actor) SignedIn() bool { return a.Account != 0 }

// Has says whether the actor holds one of the roles today.
func (a Actor) Has(roles ...models.Role) bool {
	return slices.ContainsFunc(a.Roles, func(t models.RoleTerm) bool { return slices.Contains(roles, t.Role) })
}

// Validates says whether the actor is a validator of a collective.
func (a Actor) Validates(c models.CollectiveID) bool {
	return slices.ContainsFunc(a.Roles, func(t models.RoleTerm) bool {
		return t.Role == models.RoleValidator && t.CollectiveID != nil && *t.CollectiveID == c
	})
}

// ActsFor says whether the actor is a member, or represents it.
func (a Actor) ActsFor(m models.MemberID) bool {
	return slices.ContainsFunc(a.Members, func(own models.Member) bool { return own.ID == m })
}

// Member is the member that the actor is first of all: the person, else the first organisation they represent.
func (a Actor) Member() (models.Member, bool) {
	for _, m := range a.Members {
		if m.Kind == models.Person {
			return m, true
		}
	}
	if len(a.Members) > 0 {
		return a.Members[0], true
	}
	return models.Member{}, false
}

// Require refuses an actor who holds none of the roles.
func (a Actor) Require(roles ...models.Role) error {
	if a.Has(roles...) {
		return nil
	}
	return fault.Forbidden("identity.role_needed")
}

// RequireMember refuses an actor who acts for no member, and gives the member they are first of all.
func (a Actor) RequireMember() (models.Member, error) {
	m, ok := a.Member()
	if !ok {
		return models.Member{}, fault.Forbidden("identity.membership_needed")
	}
	return m, nil
}

// RequireActsFor refuses an actor who neither is the member, nor represents it, nor holds one of the roles.
func (a Actor) RequireActsFor(m models.MemberID, roles ...models.Role) error {
	if a.ActsFor(m) || a.Has(roles...) {
		return nil
	}
	return fault.Forbidden("identity.not_yours")
}

// RequireOwnTx is RequireActsFor that also lets those on whose membership is not in force today, over or still to begin:
// what they owe, and why they have no vote, is theirs to know.
func (a Actor) RequireOwnTx(tx *db.Tx, m models.MemberID, roles ...models.Role) error {
	refused := a.RequireActsFor(m, roles...)
	if refused == nil || !a.SignedIn() {
		return refused
	}
	var own int64
	if err := tx.DB.Model(&models.Member{}).Where("id = ? AND account_id = ?", m, a.Account).Count(&own).Error; err != nil {
		return fmt.Errorf("read member %d: %w", m, err)
	}
	if own == 0 {
		return refused
	}
	return nil
}
