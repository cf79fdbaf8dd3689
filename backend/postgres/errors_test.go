package postgres

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// viewer makes a login that may read the scheduler's tables and nothing else, and gives the database's URL for it.
func viewer(c cluster) string {
	c.Helper()
	u := parse(c.T, c.url)
	name := "viewer_" + u.Path[1:]
	admin := servertest.Pool(c, servertest.Superuser(c, c.url))
	for _, statement := range []string{
		"create role " + name + " login password 'viewer'",
		"grant select on scheduler_job_runs, scheduler_job_definitions to " + name,
	} {
		if _, err := admin.Exec(c.Context(), statement); err != nil {
			c.Fatal(err)
		}
	}
	u.User = url.UserPassword(name, "viewer")
	return u.String()
}

func parse(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestOperatorIsTheLogin(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	database := parse(t, c.url).Path[1:]
	for url, want := range map[string]console.Operator{
		c.url:     {Login: "scheduler", Database: database},
		viewer(c): {Login: "viewer_" + database, Database: database, ReadOnly: true},
	} {
		if got, err := open(t, url).Operator(t.Context()); err != nil || got != want {
			t.Errorf("%+v, %v; not %+v", got, err, want)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	with := func(change func(*url.URL)) string {
		u := parse(t, c.url)
		change(u)
		return u.String()
	}
	old := servertest.Database(t)
	if _, err := servertest.Pool(t, old).Exec(t.Context(), "alter table scheduler_job_runs drop column resource_cpu_seconds_total"); err != nil {
		t.Fatal(err)
	}
	empty := parse(t, servertest.Superuser(t, c.url))
	empty.Path = "/postgres"
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close() // accepts and never says a word
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = refusing.Close()

	for name, test := range map[string]struct {
		url    string
		reason string
		code   scheduler.Code
	}{
		"no URL":             {"postgres://u:s3cret@h:port/d", "postgres.bad_url", scheduler.Invalid},
		"wrong password":     {with(func(u *url.URL) { u.User = url.UserPassword("scheduler", "s3cret") }), "postgres.auth_failed", scheduler.Forbidden},
		"no such database":   {with(func(u *url.URL) { u.Path = "/nowhere" }), "postgres.no_database", scheduler.NotFound},
		"no scheduler there": {empty.String(), "postgres.no_scheduler", scheduler.NotFound},
		"an old scheduler":   {old, "postgres.schema_old", scheduler.Unavailable},
		"nobody listens":     {"postgres://u:s3cret@" + refusing.Addr().String() + "/d", "postgres.unreachable", scheduler.Unavailable},
		"a silent server":    {"postgres://u:s3cret@" + silent.Addr().String() + "/d?sslmode=disable", "postgres.unreachable", scheduler.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := Open(ctx, test.url, slog.New(slog.DiscardHandler))
			if reasonOf(err) != test.reason || scheduler.CodeOf(err) != test.code {
				t.Fatalf("%s %s: %v", scheduler.CodeOf(err), reasonOf(err), err)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

func TestAViewerWithoutRightsIsToldSo(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	store := open(t, viewer(c))
	c.exec("revoke select on scheduler_job_runs from " + "viewer_" + parse(t, c.url).Path[1:])
	if _, err := store.Run(t.Context(), 1); scheduler.CodeOf(err) != scheduler.Forbidden || reasonOf(err) != "postgres.no_rights" {
		t.Error(err)
	}
}

func TestALockedTableIsSaidToBeLocked(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	migration, err := c.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer migration.Rollback(context.WithoutCancel(t.Context()))
	if _, err := migration.Exec(t.Context(), "lock table scheduler_job_runs"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.store.ListRuns(t.Context(), console.RunFilter{}, console.Cursor{}, 10); reasonOf(err) != "postgres.locked" {
		t.Errorf("the list: %v", err)
	}
	if _, err := c.store.CountRuns(t.Context(), console.RunFilter{}, 10); reasonOf(err) != "runs.count_timeout" {
		t.Errorf("the count, which waits for a shorter time: %v", err)
	}
}

// A server that goes away in the middle is said to do so, and the next question finds it again.
func TestARestartIsSurvived(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	answered := make(chan error, 1)
	go func() {
		answered <- c.store.read(t.Context(), queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, "select pg_sleep(60)")
			return err
		})
	}()
	admin := servertest.Pool(t, servertest.Superuser(t, c.url))
	patience, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for ended := false; !ended; {
		err := admin.QueryRow(patience, `select coalesce(bool_or(pg_terminate_backend(pid)), false) from pg_stat_activity
		  where datname = current_database() and application_name = 'opsdeck' and query like '%pg_sleep%' and state = 'active'
		    and query_start < clock_timestamp() - interval '2 seconds'`).Scan(&ended)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := <-answered; reasonOf(err) != "postgres.restarting" {
		t.Error(err)
	}
	if _, err := c.store.Operator(t.Context()); err != nil {
		t.Errorf("the next question: %v", err)
	}
}

// Leaving a screen must end its query on the server, not only here.
func TestAWithdrawnQuestionEndsOnTheServer(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	ctx, leave := context.WithCancel(t.Context())
	answered := make(chan error, 1)
	go func() {
		answered <- c.store.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, "select pg_sleep(60)")
			return err
		})
	}()
	admin := servertest.Pool(t, servertest.Superuser(t, c.url))
	patience, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	asleep := func() (n int) {
		err := admin.QueryRow(patience, `select count(*) from pg_stat_activity where datname = current_database()
		  and application_name = 'opsdeck' and query like '%pg_sleep%' and state = 'active'`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for asleep() == 0 {
	}
	leave()
	if err := <-answered; scheduler.CodeOf(err) != scheduler.Unavailable {
		t.Error(err)
	}
	for asleep() > 0 {
	}
}
