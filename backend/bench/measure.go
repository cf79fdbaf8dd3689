package main

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// What one comparison may cost. Slow ones get fewer rounds.
const (
	warmUps   = 3
	minRounds = 5
	maxRounds = 300
	budget    = 5 * time.Second
)

// times are the medians of one comparison, and the 95th percentile of ours.
type times struct {
	floor, ours, p95 time.Duration
	rounds           int
}

func (t times) ratio() float64 { return float64(t.ours) / float64(t.floor) }

// compare runs floor and ours in turns, so that whatever else the machine does meets both.
func compare(ctx context.Context, floor, ours func(context.Context) error) (times, error) {
	for range warmUps {
		if err := cmp.Or(floor(ctx), ours(ctx)); err != nil {
			return times{}, err
		}
	}
	var floors, others []time.Duration
	began := time.Now()
	for round := 0; round < maxRounds && (round < minRounds || time.Since(began) < budget); round++ {
		f, err := timed(ctx, floor)
		if err != nil {
			return times{}, err
		}
		o, err := timed(ctx, ours)
		if err != nil {
			return times{}, err
		}
		floors, others = append(floors, f), append(others, o)
	}
	return times{floor: quantile(floors, 0.5), ours: quantile(others, 0.5), p95: quantile(others, 0.95), rounds: len(others)}, nil
}

func timed(ctx context.Context, what func(context.Context) error) (time.Duration, error) {
	began := time.Now()
	err := what(ctx)
	return time.Since(began), err
}

// quantile is the nearest of the values; it sorts them.
func quantile(values []time.Duration, q float64) time.Duration {
	slices.Sort(values)
	return values[int(q*float64(len(values)-1)+0.5)]
}
