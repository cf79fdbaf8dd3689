package sandbox

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
)

//go:embed insert_event.sql
var insertEvent string

// repeatedEvents is how many of the events that have a key arrive twice, one in so many: the second makes no runs.
const repeatedEvents = 5

// startFeeder lets events arrive for as long as the sandbox runs. The leader takes them in.
func (s *Sandbox) startFeeder(ctx context.Context) error {
	feeding, end := context.WithCancel(context.WithoutCancel(ctx))
	s.endFeeder = end
	s.feeder.Go(func() {
		for {
			select {
			case <-time.After(s.config.EventEvery/2 + rand.N(s.config.EventEvery)):
			case <-feeding.Done():
				return
			}
			if err := s.feed(feeding, catalog.Events[rand.IntN(len(catalog.Events))]); err != nil && feeding.Err() == nil {
				s.config.Log.Warn("the sandbox's event could not be written", "err", err)
			}
		}
	})
	return nil
}

// feed puts one event in, some of them twice.
func (s *Sandbox) feed(ctx context.Context, spec catalog.Event) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.logins.ownerURL(s.postgres))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	number, times := rand.IntN(1_000_000), 1
	var dedupe *string
	if spec.Deduped {
		key := fmt.Sprintf("A-%d", number)
		dedupe = &key
		if rand.IntN(repeatedEvents) == 0 {
			times = 2
		}
	}
	payload := fmt.Sprintf(spec.Payloads[rand.IntN(len(spec.Payloads))], number)
	for range times {
		if _, err := conn.Exec(ctx, insertEvent, pgx.NamedArgs{
			"event_type": spec.Type, "payload": payload, "dedupe_key": dedupe,
		}); err != nil {
			return err
		}
	}
	return nil
}
