package write_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
)

// asDoomed lets the test's own program export until it is told of progress for some time, and then die as by a power cut.
const asDoomed = "as-doomed"

// doomed exports into a file: its arguments are the database, the file, and how often it may be told of progress.
func doomed(args []string) error {
	left, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	source, done, err := sourceOf(context.Background(), args[0])
	if err != nil {
		return err
	}
	defer done()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	return write.Export(context.Background(), source, optionsFor(args[1]), goOn, func(write.Progress) {
		if left--; left < 0 {
			_ = self.Kill()
			select {} // until it is dead
		}
	})
}

func TestAKilledExportGoesOnAndGivesTheSame(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	want := digests(t, export(t, c.source(c.logins.Viewer), options(t)))
	o := options(t)
	deaths := 0
	for ; ; deaths++ {
		// The first ones die while reading, the last while finishing.
		said, err := exec.CommandContext(t.Context(), os.Args[0], asDoomed, c.logins.Viewer, o.Path, strconv.Itoa(5*(deaths+1))).CombinedOutput()
		if err == nil {
			break
		}
		if ended, ok := errors.AsType[*exec.ExitError](err); !ok || ended.Exited() {
			t.Fatalf("%v: %s", err, said)
		}
		if _, err := os.Stat(o.Path); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("something is there under its name: %v", err)
		}
	}
	a := open(t, o.Path)
	if diff := cmp.Diff(want, digests(t, a)); diff != "" || deaths < 3 {
		t.Errorf("after %d deaths it differs:\n%s", deaths, diff)
	}
	if v := verify(t, a); !v.Intact {
		t.Errorf("%+v", v.Changed)
	}
}

func TestAnExportThatLosesItsServerGoesOnLater(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	want := digests(t, export(t, c.source(c.logins.Viewer), options(t)))
	u, err := url.Parse(c.logins.Viewer)
	if err != nil {
		t.Fatal(err)
	}
	way := link.To(t, "unix", filepath.Join(u.Query().Get("host"), ".s.PGSQL."+u.Query().Get("port")))
	u.Host, u.RawQuery = way.Address, "sslmode=disable"
	source := c.source(u.String())
	o := options(t)
	way.BreakAfter(300_000) // amid the runs
	failed := write.Export(t.Context(), source, o, goOn, func(write.Progress) {})
	if failed == nil {
		t.Fatal("it did not miss its server")
	}
	if _, err := os.Stat(o.Path); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("something is there under its name: %v", err)
	}
	way.Heal()
	resumed := false
	if err := write.Export(t.Context(), source, o, goOn, func(p write.Progress) { resumed = p.Resumed }); err != nil || !resumed {
		t.Fatalf("%v, resumed %v, after %v", err, resumed, failed)
	}
	if diff := cmp.Diff(want, digests(t, open(t, o.Path))); diff != "" {
		t.Error(diff)
	}
}

// held is how many statements, transactions and snapshots others have in this database.
const held = `select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
  and (state <> 'idle' or xact_start is not null or backend_xmin is not null)`

// A snapshot that is held for as long as an export would keep the scheduler's tables from being cleaned up.
func TestAnExportHoldsNoSnapshotBetweenItsRanges(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	source := c.source(c.logins.Viewer)
	own, err := pgx.Connect(t.Context(), c.url)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close(context.Background())
	looks := 0
	look := func(ctx context.Context) error {
		var n int
		if err := own.QueryRow(ctx, held).Scan(&n); err != nil {
			return err
		}
		if looks++; n != 0 {
			t.Errorf("look %d: %d sessions hold something", looks, n)
		}
		return nil
	}
	if err := write.Export(t.Context(), source, options(t), look, func(write.Progress) {}); err != nil || looks < 10 {
		t.Errorf("%d looks, %v", looks, err)
	}
}

func TestACanceledExportEndsAtOnceAndLeavesNothingUnderItsName(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	source := c.source(c.logins.Viewer)
	whole := options(t)
	want := digests(t, export(t, source, whole))
	o := options(t)
	gone := func(when string) {
		t.Helper()
		if _, err := os.Stat(o.Path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: something is there under its name: %v", when, err)
		}
	}

	// While a statement waits for somebody's lock.
	lock, err := c.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Exec(t.Context(), "lock table opsdeck_node.run_log in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- write.Export(ctx, source, o, goOn, func(write.Progress) {}) }()
	waiting := func() (n int) {
		if err := lock.QueryRow(t.Context(), "select count(*) from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	expect.Soon(t, "the export waits for the lock", func() bool { return waiting() == 1 })
	cancel()
	if err := <-ended; err == nil {
		t.Error("it did not hear of it")
	}
	expect.Soon(t, "the server does not go on with the statement", func() bool { return waiting() == 0 })
	gone("while reading")
	if err := lock.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}

	// While it is finished, which no server is needed for.
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	err = write.Export(ctx, source, o, goOn, func(p write.Progress) {
		if p.Phase == write.Finishing && p.Step == 7 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("while finishing: %v", err)
	}
	gone("while finishing")
	if err := write.Export(t.Context(), source, o, goOn, func(write.Progress) {}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, digests(t, open(t, o.Path))); diff != "" {
		t.Error(diff)
	}
}
