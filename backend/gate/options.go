package gate

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The three rights, each holding the ones before it. Codenames in Django, and the ends of role names in PostgreSQL.
const (
	View     = "ops_view"
	Operator = "ops_operator"
	Admin    = "ops_admin"
)

// Rights lists the rights from the least to the most.
func Rights() []string { return []string{View, Operator, Admin} }

// Options decides how the gate is installed. What an installation has decided once stays: its prefix, label, schema and
// login can't be changed by another install.
type Options struct {
	Prefix         string            // of the roles, which belong to the whole server; "" = the database's name
	AppLabel       string            // Django's app_label of the three permissions; "" = opsdeck
	SchedulerLogin string            // the login of schedulers and Django; "" = the owner of the audit table
	Schema         string            // where the scheduler's tables are; "" = where the search path finds them
	Groups         map[string]string // Django group -> right, for groups without a row yet; nil = DefaultGroups

	// LockTimeout is how long a statement may wait for a lock on a table that schedulers use: for so long others may
	// have to wait behind it. 0 = 100 ms. LockWait is how long to go on trying; 0 = one minute.
	LockTimeout, LockWait time.Duration
}

// DefaultGroups says which right the Django application's own groups give.
func DefaultGroups() map[string]string {
	return map[string]string{
		"schedule_ops_app_operator": Operator, "Scheduler App Operator": Operator,
		"schedule_ops_ops_admin": Admin, "Scheduler Ops Admin": Admin,
		"schedule_ops_superuser": Admin, "Scheduler Superuser": Admin,
	}
}

// Roles are the names of an installation's roles.
type Roles struct {
	View, Operator, Admin string // what operators' logins are members of
	Owner, Audit          string // what owns functions and trail; nobody is a member
}

// RolesOf gives the names that a prefix makes.
func RolesOf(prefix string) Roles {
	return Roles{
		View: prefix + "_" + View, Operator: prefix + "_" + Operator, Admin: prefix + "_" + Admin,
		Owner: prefix + "_ops_owner", Audit: prefix + "_ops_audit",
	}
}

// Of gives the role that carries a right, "" for something that is no right.
func (r Roles) Of(right string) string {
	return map[string]string{View: r.View, Operator: r.Operator, Admin: r.Admin}[right]
}

var (
	notInPrefix = regexp.MustCompile(`[^a-z0-9_]+`)
	validPrefix = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,39}$`)
	validLabel  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,99}$`)
	hostileName = regexp.MustCompile(`['"\\%$\x00-\x1f]`)
)

// prefixOf makes a prefix of a database's name.
func prefixOf(database string) string {
	prefix := notInPrefix.ReplaceAllString(strings.ToLower(database), "_")
	if prefix == "" || prefix[0] >= '0' && prefix[0] <= '9' {
		prefix = "_" + prefix
	}
	return prefix[:min(len(prefix), 40)]
}

// complete fills in what the options leave open, from what the database says, and refuses what can't work.
func (o Options) complete(s State) (Options, error) {
	fill := func(value *string, otherwise string) {
		if *value == "" {
			*value = otherwise
		}
	}
	if s.Installed {
		for _, kept := range []struct{ what, asked, has string }{
			{"prefix", o.Prefix, s.Prefix}, {"app label", o.AppLabel, s.AppLabel},
			{"login", o.SchedulerLogin, s.SchedulerLogin}, {"schema", o.Schema, s.Schema},
		} {
			if kept.asked != "" && kept.asked != kept.has {
				return o, scheduler.Errorf(scheduler.Invalid, "gate.other_options",
					"the gate is installed with the %s %q and can't be changed to %q: uninstall it first", kept.what, kept.has, kept.asked)
			}
		}
		o.Prefix, o.AppLabel, o.SchedulerLogin, o.Schema = s.Prefix, s.AppLabel, s.SchedulerLogin, s.Schema
	}
	fill(&o.Prefix, prefixOf(s.Database))
	fill(&o.AppLabel, "opsdeck")
	fill(&o.SchedulerLogin, s.SchedulerLogin)
	fill(&o.Schema, s.Schema)
	if o.Groups == nil {
		o.Groups = DefaultGroups()
	}
	if o.LockTimeout == 0 {
		o.LockTimeout = 100 * time.Millisecond
	}
	if o.LockWait == 0 {
		o.LockWait = time.Minute
	}
	return o, o.check()
}

func (o Options) check() error {
	invalid := func(format string, args ...any) error {
		return scheduler.Errorf(scheduler.Invalid, "gate.bad_option", format, args...)
	}
	if !validPrefix.MatchString(o.Prefix) {
		return invalid("the prefix %q must be 1 to 40 of a-z, 0-9 and _, and not begin with a digit", o.Prefix)
	}
	if !validLabel.MatchString(o.AppLabel) {
		return invalid("%q is no Django app label", o.AppLabel)
	}
	for what, name := range map[string]string{"schema": o.Schema, "scheduler login": o.SchedulerLogin} {
		if name == "" || len(name) > 63 || hostileName.MatchString(name) {
			return invalid("%q can't be used as the %s: name one without quotes, backslashes, $ and %%", name, what)
		}
	}
	for group, right := range o.Groups {
		if !slices.Contains(Rights(), right) {
			return invalid("group %q can't give %q: the rights are %s", group, right, strings.Join(Rights(), ", "))
		}
		if group == "" || len(group) > 600 || strings.ContainsRune(group, 0) {
			return invalid("%q is no name of a Django group", group)
		}
	}
	return nil
}

// names is what the templates are filled with. Its plain fields are quoted identifiers; Names and what ends in Name are
// texts, to be quoted by the template's function text.
type names struct {
	Schema, View, Operator, Admin, Owner, Audit, Login, AuditTable string

	SchemaName, LoginName, Prefix, AppLabel, Mark, Definitions string
	Names                                                      Roles
	Groups                                                     []groupRight
	Version                                                    int
	database                                                   string
}

type groupRight struct{ Name, Gives string }

func (o Options) names(database string) names {
	quoted := func(parts ...string) string { return pgx.Identifier(parts).Sanitize() }
	r := RolesOf(o.Prefix)
	n := names{
		Schema: quoted(o.Schema), View: quoted(r.View), Operator: quoted(r.Operator), Admin: quoted(r.Admin), Owner: quoted(r.Owner),
		Audit: quoted(r.Audit), Login: quoted(o.SchedulerLogin), AuditTable: quoted(o.Schema, "scheduler_admin_action_logs"),
		SchemaName: o.Schema, LoginName: o.SchedulerLogin, Prefix: o.Prefix, AppLabel: o.AppLabel, Names: r, database: database,
		Mark: fmt.Sprintf("Opsdeck's gate in database %s", database), Version: Version,
	}
	for _, group := range slices.Sorted(maps.Keys(o.Groups)) {
		n.Groups = append(n.Groups, groupRight{group, o.Groups[group]})
	}
	return n
}
