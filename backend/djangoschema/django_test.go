package djangoschema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/djangoproject"
)

// Django itself makes from migrations what schema.sql says: the same tables, columns, types, nulls, constraints and indexes,
// and no default but the ids'. Debian's Django is 3.2 and schema.sql is 5.2's, which differ in one thing: where an id's
// numbers come from, a sequence as the column's default (serial), or an identity. Names with hashes in them are the same.
func TestDjangoMakesTheSameSchema(t *testing.T) {
	t.Parallel()
	url := servertest.EmptyDatabase(t)
	project := djangoproject.New(t, url)
	project.Manage("migrate")
	made, ours := servertest.Connect(t, url), connect(t)

	got, want := servertest.Shape(t, made), servertest.Shape(t, ours)
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("only Django makes   %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("only schema.sql has %s", line)
		}
	}
	if len(want) < 200 {
		t.Errorf("the comparison sees only %d lines", len(want))
	}

	// What migrating leaves in the tables is the same too; only the scheduler's web application makes the groups.
	for what, query := range map[string]string{
		"migrations":    "select app || ' ' || name from django_migrations order by 1",
		"content types": "select app_label || ' ' || model from django_content_type order by 1",
		"permissions":   "select app_label || ' ' || codename || ' ' || name from auth_permission p join django_content_type c on c.id = content_type_id order by 1",
	} {
		if got, want := texts(t, made, query), texts(t, ours, query); !slices.Equal(got, want) {
			t.Errorf("%s: Django has\n%s\nwe have\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}

	// And for Django there is nothing to do on a database that schema.sql made.
	beside := djangoproject.New(t, ours.Config().ConnString())
	for _, command := range [][]string{{"migrate", "--check"}, {"makemigrations", "--check", "--dry-run"}} {
		if err := beside.TryManage(command...); err != nil {
			t.Errorf("manage.py %q: %v", command, err)
		}
	}
}
