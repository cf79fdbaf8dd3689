package desktop

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// queriesPerMinute is what a screen that stays open may cost the database.
const queriesPerMinute = 10

// The dashboard at the pace of the clock, with failures and late runs to name: a minute of it, after the one in which it was opened.
func TestAnOpenDashboardStaysWithinItsBudget(t *testing.T) {
	t.Parallel()
	database := servertest.Database(t)
	access := servertest.Access(t, servertest.Gate(t, database).Operator, servertest.Redis(t))
	var now atomic.Pointer[time.Time]
	start := time.Now()
	now.Store(&start)
	connection, err := connect.Open(t.Context(), access.Profile, access.Secrets, func() time.Time { return *now.Load() }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(connection.Close)
	w := &window{T: t, pool: servertest.Pool(t, database)}
	w.addRuns(3)
	if _, err := w.pool.Exec(t.Context(), `update scheduler_job_runs set state = case when id % 2 = 0 then 'FAILED' else 'PENDING' end,
		scheduled_for = scheduled_for - interval '1 hour'`); err != nil {
		t.Fatal(err)
	}
	c := connection.Console
	reads := map[string]func(context.Context) error{
		"fleet":   func(ctx context.Context) error { _, err := c.Cluster(ctx); return err },
		"beliefs": func(ctx context.Context) error { _, err := c.Beliefs(ctx); return err },
		"day": func(ctx context.Context) error {
			if _, err := c.Terms(ctx); err != nil {
				return err
			}
			a, err := c.Activity(ctx)
			if err == nil && (len(a.Failures) == 0 || len(a.Late) == 0 || len(a.NextDue) == 0) {
				t.Errorf("a cheaper dashboard than the worst: %+v", a)
			}
			return err
		},
	}
	const minute = int64(time.Minute / DefaultTick)
	var opened int64
	for tick := range 2 * minute {
		if tick == minute {
			opened = connection.Statements()
		}
		at := start.Add(time.Duration(tick) * DefaultTick)
		now.Store(&at)
		for _, d := range due {
			if read := reads[d.topic]; read != nil && tick%d.every == 0 {
				if err := read(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if n := connection.Statements() - opened; n == 0 || n > queriesPerMinute {
		t.Errorf("%d queries a minute, of %d", n, queriesPerMinute)
	}
}
