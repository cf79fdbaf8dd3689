package djangoschema_test

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m) }

func TestApplyTwiceIsRefused(t *testing.T) {
	t.Parallel()
	conn := connect(t) // the test's database has the schema already
	if err := djangoschema.Apply(t.Context(), conn); err == nil {
		t.Error("a database that has the tables took them again")
	}
	if n := texts(t, conn, "select count(*)::text from auth_group")[0]; n != "3" {
		t.Errorf("%s groups after a refused apply", n)
	}
}

func TestFirstRows(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	for name, c := range map[string]struct {
		query string
		want  []string
	}{
		"the scheduler's migrations": {"select name from django_migrations where app = 'scheduler' order by id", []string{
			"0001_initial", "0002_core_models", "0003_event_dedupe_nullable", "0004_config_reload_request",
			"0005_scheduler_setting_help", "0006_setting_help_constraints", djangoschema.LastMigration,
		}},
		"migrations of each app": {"select app || ' ' || count(*) from django_migrations group by app order by app", []string{
			"admin 3", "auth 12", "contenttypes 2", "scheduler 7", "sessions 1",
		}},
		"the scheduler's models": {"select model from django_content_type where app_label = 'scheduler' order by model", []string{
			"adminactionlog", "configreloadrequest", "event", "jobdefinition", "jobrun", "schedulersetting", "schedulersettinghelp",
		}},
		"a model's permissions": {`select p.name || ': ' || codename from auth_permission p join django_content_type c
			on c.id = content_type_id where app_label = 'scheduler' and model = 'jobrun' order by p.id`, []string{
			"Can add job run: add_jobrun", "Can change job run: change_jobrun",
			"Can delete job run: delete_jobrun", "Can view job run: view_jobrun",
		}},
		"four permissions a model": {"select distinct n::text from (select count(*) n from auth_permission group by content_type_id) per", []string{"4"}},
		"groups": {"select name from auth_group order by id", []string{
			djangoschema.OperatorGroup, djangoschema.AdminGroup, djangoschema.SuperuserGroup,
		}},
	} {
		if got := texts(t, conn, c.query); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAddUser(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	add := func(u djangoschema.User) error { return djangoschema.AddUser(t.Context(), conn, u) }
	if err := add(djangoschema.User{Username: "山田", Password: "秘密 & long", Active: true, Groups: []string{djangoschema.OperatorGroup, djangoschema.AdminGroup}}); err != nil {
		t.Fatal(err)
	}
	if err := add(djangoschema.User{Username: "nobody", Superuser: true}); err != nil {
		t.Fatal(err)
	}
	if err := add(djangoschema.User{Username: "lost", Groups: []string{"no such group"}}); err == nil {
		t.Error("a group that does not exist was joined")
	}
	users := texts(t, conn, `select concat_ws('|', username, is_active, is_superuser, is_staff, first_name || last_name || email,
		last_login is null, (select string_agg(name, ',' order by g.id) from auth_user_groups m join auth_group g on g.id = m.group_id where m.user_id = u.id))
		from auth_user u order by id`)
	want := []string{"山田|t|f|f||t|" + djangoschema.OperatorGroup + "," + djangoschema.AdminGroup, "nobody|f|t|t||t"}
	if !slices.Equal(users, want) {
		t.Errorf("%q", users)
	}
	hashes := texts(t, conn, "select password from auth_user order by id")
	if !fits(t, hashes[0], "秘密 & long") || fits(t, hashes[0], "秘密") {
		t.Errorf("the password does not fit %s", hashes[0])
	}
	if !strings.HasPrefix(hashes[1], "!") {
		t.Errorf("a user without a password has %s", hashes[1])
	}
}

// fits checks a password by the rule that Django checks it by.
func fits(t *testing.T, hash, password string) bool {
	t.Helper()
	part := strings.Split(hash, "$")
	if len(part) != 4 || part[0] != "pbkdf2_sha256" || part[1] != "1000000" || len(part[2]) != 22 {
		t.Fatalf("hash %s", hash)
	}
	iterations, err := strconv.Atoi(part[1])
	if err != nil {
		t.Fatal(err)
	}
	key, err := pbkdf2.Key(sha256.New, password, []byte(part[2]), iterations, 32)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(key) == part[3]
}

func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), servertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// texts is the first column of a query's rows.
func texts(t *testing.T, conn *pgx.Conn, query string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}
