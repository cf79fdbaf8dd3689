package sandbox

import (
	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/sandbox/certs"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Role is whom a console is in the sandbox: a Django user of that name, with a login of its own in PostgreSQL and Redis and a
// certificate for workers.
type Role string

// The roles, from the least to the most.
const (
	Viewer   Role = "viewer"
	Operator Role = "operator"
	Admin    Role = "admin"
)

// Roles lists the roles.
func Roles() []Role { return []Role{Viewer, Operator, Admin} }

// ReasonUnknownRole is why nobody can be the role that was asked for.
const ReasonUnknownRole = "sandbox.unknown_role"

// ParseRole reads a role's name.
func ParseRole(name string) (Role, error) {
	for _, r := range Roles() {
		if name == string(r) {
			return r, nil
		}
	}
	return "", scheduler.Errorf(scheduler.Invalid, ReasonUnknownRole,
		"The sandbox has no role %q: choose viewer, operator or admin.", name).With("role", name)
}

// login is the role's name in PostgreSQL and Redis.
func (r Role) login() string { return string(r) }

// certificate is the name of the role's certificate for workers.
func (r Role) certificate() string { return "console-" + string(r) }

func (r Role) right() string {
	return map[Role]string{Viewer: gate.View, Operator: gate.Operator, Admin: gate.Admin}[r]
}

// callRight is what the role's certificate says to workers, who know no administrators.
func (r Role) callRight() string {
	if r == Viewer {
		return certs.Viewer
	}
	return certs.Operator
}

// user is the role's Django user. Its password is its name: it guards nothing but made-up data behind a socket that only its
// owner can reach. So hashing it often would only make the start longer; Django does it itself at the first login.
func (r Role) user() djangoschema.User {
	return djangoschema.User{
		Username: string(r), Password: string(r), Rounds: 1, Active: true,
		Groups: map[Role][]string{Operator: {djangoschema.OperatorGroup}, Admin: {djangoschema.AdminGroup}}[r],
	}
}
