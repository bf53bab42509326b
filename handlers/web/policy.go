package web

import (
	"strings"

	"socia/app/identity"
	"socia/models"
)

// Policy says who may use a route. It is decided per route, never by a prefix of the path; what a person may see of
// one record is decided by the app method that reads it.
type Policy struct {
	Name   string
	allows func(identity.Actor) bool
	signIn bool
	refuse string // the key of what a refused reader is told; "" says that an office is missing
}

// Anyone may use the route, without signing in.
var Anyone = Policy{Name: "anyone", allows: func(identity.Actor) bool { return true }}

// SignedIn lets every account in.
var SignedIn = Policy{Name: "signed in", signIn: true, allows: identity.Actor.SignedIn}

// Members lets those in who are a member or represent one.
var Members = Policy{Name: "member", signIn: true, refuse: "identity.members_only", allows: func(a identity.Actor) bool { _, ok := a.Member(); return ok }}

// Insiders lets those in who are members or hold any role: what the cooperative shows to its own people.
var Insiders = Policy{Name: "member or any role", signIn: true, refuse: "identity.members_only", allows: func(a identity.Actor) bool {
	return len(a.Members) > 0 || len(a.Roles) > 0
}}

// Roles lets those in who hold one of the roles today.
func Roles(roles ...models.Role) Policy {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return Policy{Name: strings.Join(names, " or "), signIn: true, allows: func(a identity.Actor) bool { return a.Has(roles...) }}
}

// Allows says whether an actor may use a route with this policy.
func (p Policy) Allows(a identity.Actor) bool { return p.allows(a) }
