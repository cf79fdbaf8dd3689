package cli_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// A database's administrator goes from nothing to an operator, a checked trail, and back.
func TestGateFromTheCommandLine(t *testing.T) {
	t.Parallel()
	owner := servertest.Database(t)
	superuser := servertest.Superuser(t, owner)
	conn := servertest.Connect(t, superuser)
	if _, err := conn.Exec(t.Context(), `insert into auth_user (username, password, is_active, is_superuser, is_staff, first_name, last_name, email, date_joined)
		values ('sato', '', true, false, false, '', '', '', now()); insert into auth_group (name) values ('Night shift');
		insert into auth_user_groups (user_id, group_id) select u.id, g.id from auth_user u, auth_group g where g.name = 'Night shift'`); err != nil {
		t.Fatal(err)
	}
	url := file(t, superuser+"\n")
	run := func(want string, args ...string) string {
		t.Helper()
		out, _, err := opsctl(t, strings.NewReader("correct horse battery\n"), append(args, "--postgres-url-file", url)...)
		if err != nil {
			out += err.Error()
		}
		if !strings.Contains(out, want) {
			t.Fatalf("opsctl %s: %q does not say %q", strings.Join(args, " "), out, want)
		}
		return out
	}
	run("is not installed", "operator", "list")
	run("create schema if not exists opsdeck", "install", "--print")
	run("must be NAME=RIGHT", "install", "--group", "nonsense")
	run("can't give", "install", "--group", "Night shift=root")
	run("is installed (version", "install", "--group", "Night shift=ops_operator", "--indexes", "--harden")
	run("is up to date", "install")
	run("is installed with the prefix", "install", "--prefix", "other")

	login := conn.Config().Database + "_sato"
	run("no right", "operator", "add", login, "--user", "sato", "--right", "king")
	run("Django has no user", "operator", "add", login, "--user", "nobody", "--right", "operator")
	run("at least 12", "operator", "add", login, "--user", "sato", "--right", "operator", "--password-file", file(t, "short"))
	run("is now ops_operator of the Django user sato", "operator", "add", login, "--user", "sato", "--right", "operator", "--password-stdin")
	if list := run(login, "operator", "list"); !strings.Contains(list, "ops_operator") {
		t.Error(list)
	}
	sato := servertest.Connect(t, servertest.As(t, owner, login, "correct horse battery"))
	var may bool
	if err := sato.QueryRow(t.Context(), "select ops_operator from opsdeck.whoami()").Scan(&may); err != nil || !may {
		t.Errorf("%t, %v", may, err)
	}

	seal := strings.Fields(run("sealed", "seal"))[0]
	run("seal 1 is not the one that was made", "audit", "verify", "--from", "1:00")
	run("The audit trail fits: 1 rows", "audit", "verify")
	run("The audit trail fits", "audit", "verify", "--from", seal)
	run("is no seal", "audit", "verify", "--from", "7")
	if _, err := conn.Exec(t.Context(), `alter table scheduler_admin_action_logs disable trigger user;
		update scheduler_admin_action_logs set actor = 'nobody'; alter table scheduler_admin_action_logs enable always trigger opsdeck_refuse`); err != nil {
		t.Fatal(err)
	}
	run("is not what was written. It is row 1 of what", "audit", "verify")
	run("exit code 1", "audit", "verify")

	run("is the schedulers' again", "uninstall", "--audit-owner")
	run("is up to date", "install")
	run("may no longer operate", "operator", "revoke", login)
	run("is no operator's login", "operator", "revoke", login)
	run("say --yes", "uninstall")
	run("is removed", "uninstall", "--yes")
	run("is not installed", "uninstall", "--yes")
}

func TestRedisUsersNeedNoDatabase(t *testing.T) {
	t.Parallel()
	out, _, err := opsctl(t, nil, "install", "--redis")
	if err != nil || !strings.Contains(out, "ACL SETUSER opsdeck_view") || strings.Contains(out, "+cluster|") {
		t.Errorf("%q, %v", out, err)
	}
	if out, _, err := opsctl(t, nil, "install", "--redis=cluster"); err != nil || !strings.Contains(out, "+cluster|slots") {
		t.Errorf("%q, %v", out, err)
	}
	if _, _, err := opsctl(t, nil, "install", "--redis=much"); err == nil || !strings.Contains(err.Error(), "--redis=cluster") {
		t.Error(err)
	}
}

func TestAddressesThatLeadNowhere(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{
		"postgres://u:secret-word@127.0.0.1:1/x?connect_timeout=2": "gate.unreachable", "postgres://u:secret-word@[bad": "gate.bad_url",
	} {
		_, _, err := opsctl(t, nil, "seal", "--postgres-url-file", file(t, text))
		e, ok := errors.AsType[*scheduler.Error](err)
		if !ok || e.Reason != reason || strings.Contains(e.Message, "secret-word") {
			t.Errorf("%s: %v", text, err)
		}
	}
	_, _, err := opsctl(t, nil, "seal", "--postgres-url-file", "/nowhere")
	if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "gate.no_address_file" {
		t.Error(err)
	}
}
