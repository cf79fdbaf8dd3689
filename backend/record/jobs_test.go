package record_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestDefinitionsAreKeptAsTheyChange(t *testing.T) {
	t.Parallel()
	database := servertest.Database(t)
	conn := servertest.Connect(t, database)
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries,
		retry_backoff_seconds, concurrency_policy, created_at, updated_at)
		values ('nightly', true, 'time', 'report', '{"day": 1, "password": "a secret"}', '{"type": "minutely"}', 60, 0, 0, 'forbid', now(), now())`)
	store, err := postgres.Open(t.Context(), database, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)

	s := newStudio(t)
	look := func(after time.Duration) {
		t.Helper()
		s.now = s.now.Add(after)
		if err := s.LookAtJobs(t.Context(), store); err != nil {
			t.Fatal(err)
		}
	}
	look(0)
	look(time.Minute)
	exec(`update scheduler_job_definitions set command_name = 'report2', updated_at = now()`)
	look(time.Minute)
	exec(`delete from scheduler_job_definitions`)
	look(time.Minute)

	if n := s.count(`select count(*) from sample where kind = 'job' and key <> ''`); n != 3 {
		t.Errorf("one job that was changed and deleted is %d rows", n)
	}
	for after, want := range map[time.Duration][]string{
		time.Minute: {"report"}, 2 * time.Minute: {"report2"}, 3 * time.Minute: {},
	} {
		jobs, basis, err := sample.JobsAt(t.Context(), s.read(), noon.Add(after))
		if err != nil || !basis.Known {
			t.Fatalf("%+v, %v", basis, err)
		}
		commands := []string{}
		for _, j := range jobs {
			commands = append(commands, j.Command)
			if string(j.DefaultArgs) != `{"day":1,"password":"<masked>"}` || !j.ArgsMasked {
				t.Errorf("arguments are kept as %s, masked %t", j.DefaultArgs, j.ArgsMasked)
			}
		}
		if diff := cmp.Diff(want, commands); diff != "" {
			t.Errorf("after %s:\n%s", after, diff)
		}
	}
}
