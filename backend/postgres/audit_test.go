package postgres

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// addAudit inserts entries by COPY and returns their ids, oldest first.
func (c cluster) addAudit(entries ...console.AuditEntry) []int64 {
	c.Helper()
	_, err := c.pool.CopyFrom(c.Context(), pgx.Identifier{"scheduler_admin_action_logs"},
		[]string{"actor", "action", "target", "payload_json", "created_at"},
		pgx.CopyFromSlice(len(entries), func(i int) ([]any, error) {
			e := entries[i]
			if e.Detail == nil {
				e.Detail = json.RawMessage(`{}`)
			}
			return []any{e.Actor, e.Action, e.Target, e.Detail, e.At}, nil
		}))
	if err != nil {
		c.Fatal(err)
	}
	rows, err := c.pool.Query(c.Context(), "select id from scheduler_admin_action_logs order by id")
	if err != nil {
		c.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		c.Fatal(err)
	}
	return ids[len(ids)-len(entries):]
}

func entryIDs(entries []console.AuditEntry) []int64 {
	ids := []int64{}
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestListAuditFilters(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	ids := c.addAudit(
		console.AuditEntry{Actor: "a", Action: "job.delete", Target: "7", At: *at(0), Detail: []byte(`{"name": "Report 100%"}`)},
		console.AuditEntry{Actor: "b", Action: "setting.set", Target: "SCHEDULER_X", At: *at(10), Detail: []byte(`{"value": 3}`)},
		console.AuditEntry{Actor: "a", Action: "setting.set", Target: "SCHEDULER_Y", At: *at(20)},
		console.AuditEntry{Actor: "", Action: "alert.webhook", Target: "alertmanager", At: *at(30)},
	)
	for name, test := range map[string]struct {
		filter console.AuditFilter
		want   []int64
	}{
		"none":       {console.AuditFilter{}, []int64{ids[3], ids[2], ids[1], ids[0]}},
		"actor":      {console.AuditFilter{Actor: "a"}, []int64{ids[2], ids[0]}},
		"action":     {console.AuditFilter{Actions: []string{"setting.set", "job.delete"}}, []int64{ids[2], ids[1], ids[0]}},
		"target":     {console.AuditFilter{Target: "7"}, []int64{ids[0]}},
		"range":      {console.AuditFilter{From: at(10), Before: at(30)}, []int64{ids[2], ids[1]}},
		"detail":     {console.AuditFilter{Text: "report 100%"}, []int64{ids[0]}},
		"no pattern": {console.AuditFilter{Text: "%"}, []int64{ids[0]}},
		"word":       {console.AuditFilter{Text: "scheduler_"}, []int64{ids[2], ids[1]}},
		"together":   {console.AuditFilter{Actor: "a", Actions: []string{"setting.set"}, Text: "y", From: at(1)}, []int64{ids[2]}},
		"nothing":    {console.AuditFilter{Actor: "nobody"}, []int64{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.store.ListAudit(t.Context(), test.filter, console.Cursor{}, 10)
			if diff := cmp.Diff(test.want, entryIDs(got.Rows)); err != nil || diff != "" || got.More || got.Reached != nil {
				t.Errorf("%v, more %t, reached %v\n%s", err, got.More, got.Reached, diff)
			}
		})
	}
	actions, err := c.store.AuditActions(t.Context())
	if diff := cmp.Diff([]string{"alert.webhook", "job.delete", "setting.set"}, actions); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// manyEntries is more than the first stretches of a search, many of them of the same moment.
func manyEntries() []console.AuditEntry {
	entries := make([]console.AuditEntry, 30_000)
	for i := range entries {
		actor := "other"
		if i%1000 == 7 {
			actor = "wanted"
		}
		entries[i] = console.AuditEntry{Actor: actor, Action: "job_run.cancel", Target: fmt.Sprint(i), At: *at(i / 50)}
	}
	return entries
}

func TestListAuditPagesBothWaysWithoutGapOrRepeat(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	ids := c.addAudit(manyEntries()...)
	c.exec("analyze scheduler_admin_action_logs")
	slices.Reverse(ids)
	var wanted []int64
	for i, id := range ids {
		if (len(ids)-1-i)%1000 == 7 {
			wanted = append(wanted, id)
		}
	}
	for name, test := range map[string]struct {
		filter console.AuditFilter
		want   []int64
		size   int
	}{
		"all":                      {console.AuditFilter{From: at(500)}, ids[:30_000-25_000], 170},
		"a rare actor":             {console.AuditFilter{Actor: "wanted"}, wanted, 7},
		"a frequent action, and a": {console.AuditFilter{Actions: []string{"job_run.cancel"}, Actor: "wanted"}, wanted, 4},
	} {
		t.Run(name, func(t *testing.T) {
			var older []int64
			var pages []console.Cursor
			for cursor, more := (console.Cursor{}), true; more; {
				got, err := c.store.ListAudit(t.Context(), test.filter, cursor, test.size)
				if err != nil || got.Reached != nil {
					t.Fatalf("%v, stopped at %v", err, got.Reached)
				}
				older = append(older, entryIDs(got.Rows)...)
				last := got.Rows[len(got.Rows)-1]
				cursor, more = console.Cursor{CreatedAt: last.At, ID: last.ID}, got.More
				pages = append(pages, console.Cursor{CreatedAt: got.Rows[0].At, ID: got.Rows[0].ID, Newer: true})
			}
			if diff := cmp.Diff(test.want, older); diff != "" {
				t.Errorf("towards older ones\n%s", diff)
			}
			newer, err := c.store.ListAudit(t.Context(), test.filter, pages[len(pages)-1], test.size)
			from := len(test.want) - len(test.want)%test.size
			if len(test.want)%test.size == 0 {
				from -= test.size
			}
			if diff := cmp.Diff(test.want[from-test.size:from], entryIDs(newer.Rows)); err != nil || diff != "" || !newer.More {
				t.Errorf("back again: %v, more %t\n%s", err, newer.More, diff)
			}
		})
	}
}

// A search that may take no time at all stops after its first stretch, and goes on from there until it has found all.
func TestASearchThatTakesTooLongSaysHowFarItCame(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	ids := c.addAudit(manyEntries()...)
	c.exec("analyze scheduler_admin_action_logs")
	c.store.effort.patience = 0
	var found []int64
	var places []time.Time
	for cursor, asked := (console.Cursor{}), 0; ; asked++ {
		got, err := c.store.ListAudit(t.Context(), console.AuditFilter{Target: "13"}, cursor, 10)
		if err != nil || asked > 100 {
			t.Fatalf("question %d: %v", asked, err)
		}
		found = append(found, entryIDs(got.Rows)...)
		if got.Reached == nil {
			break
		}
		cursor = *got.Reached
		places = append(places, cursor.CreatedAt)
	}
	if len(found) != 1 || found[0] != ids[13] {
		t.Errorf("found %v", found)
	}
	if len(places) < 5 || !slices.IsSortedFunc(places, func(a, b time.Time) int { return b.Compare(a) }) {
		t.Errorf("the search stopped at %v", places)
	}
}

func TestLongDetailsStayInTheDatabaseUntilAsked(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	long := fmt.Sprintf(`{"a": %q}`, strings.Repeat("漢", 5000))
	tooLong := fmt.Sprintf(`{"a": %q}`, strings.Repeat("x", 2<<20))
	ids := c.addAudit(console.AuditEntry{At: *at(0), Detail: []byte(long)}, console.AuditEntry{At: *at(1), Detail: []byte(tooLong)})
	got, err := c.store.ListAudit(t.Context(), console.AuditFilter{}, console.Cursor{}, 10)
	if err != nil || got.Rows[0].Detail != nil || got.Rows[1].Detail != nil || got.Rows[1].Size != int64(len(long)) {
		t.Errorf("%d and %d bytes are listed: %v", len(got.Rows[0].Detail), len(got.Rows[1].Detail), err)
	}
	if entry, err := c.store.AuditEntry(t.Context(), ids[0]); err != nil || string(entry.Detail) != long {
		t.Errorf("the entry has %d bytes: %v", len(entry.Detail), err)
	}
	if entry, err := c.store.AuditEntry(t.Context(), ids[1]); err != nil || entry.Detail != nil || entry.Size != int64(len(tooLong)) {
		t.Errorf("the longer one has %d bytes of %d: %v", len(entry.Detail), entry.Size, err)
	}
	if _, err := c.store.AuditEntry(t.Context(), 4711); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("an entry that isn't there: %v", err)
	}
}

func TestAuditRowsWrittenByHandDoNotHideOthers(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addAudit(console.AuditEntry{Actor: "x", At: *at(0)}, console.AuditEntry{Actor: "x", At: *at(1)}, console.AuditEntry{Actor: "x", At: *at(2)})
	c.exec(`update scheduler_admin_action_logs set created_at = 'infinity', payload_json = 'null' where id = 1`)
	c.exec(`update scheduler_admin_action_logs set created_at = '-infinity', payload_json = '[1e400]' where id = 2`)
	for _, filter := range []console.AuditFilter{{}, {Actor: "x"}} {
		got, err := c.store.ListAudit(t.Context(), filter, console.Cursor{}, 10)
		if diff := cmp.Diff([]int64{1, 3, 2}, entryIDs(got.Rows)); err != nil || diff != "" {
			t.Errorf("%+v: %v\n%s", filter, err, diff)
		}
	}
	if _, err := c.store.ListAudit(t.Context(), console.AuditFilter{Target: "a\x00b"}, console.Cursor{}, 10); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("a text that no row can hold: %v", err)
	}
}
