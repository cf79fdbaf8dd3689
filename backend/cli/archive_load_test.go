package cli_test

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestAnArchiveIsLoadedIfItIsWhatWasWritten(t *testing.T) {
	t.Parallel()
	database := servertest.Database(t)
	from, pool := file(t, database), servertest.Pool(t, database)
	if _, said, err := opsctl(t, nil, "node", "migrate", "--postgres-url-file", from); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	if _, err := pool.Exec(t.Context(), fewRuns); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	first, again := filepath.Join(folder, "first.opsdeck"), filepath.Join(folder, "again.opsdeck")
	if _, said, err := opsctl(t, nil, "export", "--postgres-url-file", from, first); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	copied := file(t, servertest.EmptyDatabase(t))
	if said, _, err := opsctl(t, nil, "archive", "load", "--postgres-url-file", copied, first); err != nil || !strings.Contains(said, "500 runs") {
		t.Fatalf("%v %s", err, said)
	}
	if _, said, err := opsctl(t, nil, "export", "--postgres-url-file", copied, again); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	if diff := cmp.Diff(digests(t, first), digests(t, again)); diff != "" {
		t.Errorf("what was loaded exports differently: %s", diff)
	}

	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: first}).String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "update run set exit_code = 9 where n = 2"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	empty := file(t, servertest.EmptyDatabase(t))
	said, _, err := opsctl(t, nil, "archive", "load", "--postgres-url-file", empty, first)
	if err == nil || !strings.Contains(said, "changed: run, first between its rows 1 and 500") || !strings.Contains(said, "--despite-changes") {
		t.Errorf("%v %s", err, said)
	}
	if said, _, err := opsctl(t, nil, "archive", "load", "--despite-changes", "--postgres-url-file", empty, first); err != nil || !strings.Contains(said, "500 runs") {
		t.Errorf("%v %s", err, said)
	}
}
