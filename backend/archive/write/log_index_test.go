package write_test

import (
	"bytes"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Logs are stored in the order of the list, whatever the order of the runs' ids, and no search finds what was masked.
func TestLogsOfAnExportAreSearched(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	if _, err := c.pool.Exec(t.Context(), `
		update scheduler_job_runs set created_at = created_at + interval '1 day' where id % 40 = 0;
		update opsdeck_node.run_log set chunk = convert_to('token hunt', 'UTF8') where run_id = 500 and seq = 1;
		update opsdeck_node.run_log set chunk = convert_to('er2, then more', 'UTF8') where run_id = 500 and seq = 3`); err != nil {
		t.Fatal(err)
	}
	source := c.source(c.logins.Viewer)
	o := options(t)
	o.Masks = []string{"hunter[0-9]"}
	a := export(t, source, o)
	runs := a.Ports(time.Time{}).Runs
	searched := listed(t, runs, console.RunFilter{LogText: "2 of"}, 40)
	all := slices.DeleteFunc(listed(t, runs, console.RunFilter{}, 200), func(id scheduler.RunID) bool { return id%10 != 0 })
	if diff := cmp.Diff(all, searched); diff != "" || len(all) != 300 {
		t.Errorf("of %d runs with logs: %s", len(all), diff)
	}
	for text, want := range map[string]int{"hunter2": 0, "hunt": 0, "<masked>, then more": 0, "token <masked>": 1, ", then more": 1} {
		if n := len(listed(t, runs, console.RunFilter{LogText: text}, 200)); n != want {
			t.Errorf("%q is found %d times and not %d", text, n, want)
		}
	}
	file, err := os.ReadFile(o.Path)
	if err != nil || bytes.Contains(file, []byte("hunter2")) {
		t.Errorf("what was masked is in the file, %v", err)
	}
	if v := verify(t, a); !v.Intact {
		t.Errorf("%+v", v.Changed)
	}
}

// listed pages through everything that matches.
func listed(t *testing.T, runs console.RunStore, filter console.RunFilter, size int) (ids []scheduler.RunID) {
	t.Helper()
	for cursor := (console.Cursor{}); ; {
		page, more, err := runs.ListRuns(t.Context(), filter, cursor, size)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			ids = append(ids, r.ID)
		}
		if !more {
			return ids
		}
		cursor = console.Older(page[len(page)-1])
	}
}
