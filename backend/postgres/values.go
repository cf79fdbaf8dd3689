package postgres

import (
	"math"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// The scheduler's tables have no CHECKs, and people edit them by hand. These types take whatever PostgreSQL can hold and
// give what the rest of the program can: a row that somebody broke must not hide the others.

// The times that RFC 3339 can write.
var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
)

// optionalTime is a time or nil. Infinity and years beyond four digits are nil: nothing could be said about them.
type optionalTime struct{ *time.Time }

func (o *optionalTime) ScanTimestamptz(v pgtype.Timestamptz) error {
	o.Time = nil
	if v.Valid && v.InfinityModifier == pgtype.Finite && !v.Time.Before(earliest) && !v.Time.After(latest) {
		at := v.Time.UTC()
		o.Time = &at
	}
	return nil
}

// listTime is a time that the list is ordered by: what is out of range becomes the nearest time in it, so that the order
// stays right.
type listTime struct{ time.Time }

func (l *listTime) ScanTimestamptz(v pgtype.Timestamptz) error {
	switch {
	case v.InfinityModifier == pgtype.Infinity || v.InfinityModifier == pgtype.Finite && v.Time.After(latest):
		l.Time = latest
	case v.InfinityModifier == pgtype.NegativeInfinity || v.Time.Before(earliest):
		l.Time = earliest
	default:
		l.Time = v.Time.UTC()
	}
	return nil
}

// measure is a number or nil; NaN and infinity are nil, since JSON can't write them.
type measure struct{ value *float64 }

func (m *measure) ScanFloat64(v pgtype.Float8) error {
	m.value = nil
	if v.Valid && !math.IsNaN(v.Float64) && !math.IsInf(v.Float64, 0) {
		m.value = &v.Float64
	}
	return nil
}

func seconds(n int32) time.Duration { return time.Duration(n) * time.Second }

// duration makes whole microseconds of a number of seconds, as PostgreSQL keeps them.
func duration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds*1e6)) * time.Microsecond
}
