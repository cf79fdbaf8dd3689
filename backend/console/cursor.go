package console

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Cursor is a place in a list that is ordered by (created_at, id), newest first: runs, and the audit. The list of events is
// ordered by id alone. The zero Cursor is the top of the list.
type Cursor struct {
	CreatedAt time.Time // to the microsecond, as PostgreSQL keeps it
	ID        int64
	Newer     bool // read towards newer runs instead of older ones
}

// AtTime is the cursor whose page starts with the newest run created at or before t.
func AtTime(t time.Time) Cursor {
	return Cursor{CreatedAt: t.Truncate(time.Microsecond), ID: math.MaxInt64}
}

// Older is the cursor of the runs after r on the list.
func Older(r scheduler.Run) Cursor { return Cursor{CreatedAt: r.CreatedAt, ID: int64(r.ID)} }

// Newer is the cursor of the runs before r on the list.
func Newer(r scheduler.Run) Cursor {
	return Cursor{CreatedAt: r.CreatedAt, ID: int64(r.ID), Newer: true}
}

// IsTop tells whether c is the top of the list.
func (c Cursor) IsTop() bool { return c == Cursor{} }

// String gives the text that ParseCursor reads; "" for the top.
func (c Cursor) String() string {
	if c.IsTop() {
		return ""
	}
	direction := "older"
	if c.Newer {
		direction = "newer"
	}
	return fmt.Sprintf("%s.%d.%d", direction, c.CreatedAt.UnixMicro(), c.ID)
}

// ParseCursor reads what String wrote. Anything else is invalid.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	bad := scheduler.Errorf(scheduler.Invalid, "list.bad_cursor",
		"This place in the list can't be read; go back to its top.")
	direction, rest, _ := strings.Cut(text, ".")
	micros, id, found := strings.Cut(rest, ".")
	if !found || (direction != "older" && direction != "newer") {
		return Cursor{}, bad
	}
	at, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		return Cursor{}, bad.Because(err)
	}
	row, err := strconv.ParseInt(id, 10, 64)
	if err != nil || row <= 0 {
		return Cursor{}, bad.Because(err)
	}
	created := time.UnixMicro(at).UTC()
	if created.Year() < 1 || created.Year() > 9999 {
		return Cursor{}, bad
	}
	return Cursor{CreatedAt: created, ID: row, Newer: direction == "newer"}, nil
}
