package console

import (
	"math"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestCursorsReadWhatTheyWrite(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 9, 30, 0, 123456000, time.UTC)
	run := scheduler.Run{ID: 77, CreatedAt: at}
	for name, c := range map[string]Cursor{
		"top": {}, "older": Older(run), "newer": Newer(run), "at a time": AtTime(at), "before 1970": {CreatedAt: at.AddDate(-100, 0, 0), ID: 1},
		"the last run there can be": {CreatedAt: at, ID: math.MaxInt64},
	} {
		got, err := ParseCursor(c.String())
		if err != nil || got != c {
			t.Errorf("%s: %q is read as %+v, %v", name, c, got, err)
		}
	}
}

func TestTextThatIsNoCursorIsInvalid(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"x", "older", "older.", "older.1", "older.1.", "older..1", "sideways.1.1", "older.1.0", "older.1.-1", "older.1.1.1", "older.a.1",
		"older.1.9223372036854775808", "older.9223372036854775807.1", "older.-9223372036854775808.1", " older.1.1", "older.1.1\x00",
	} {
		if c, err := ParseCursor(text); scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%q is read as %+v, %v", text, c, err)
		}
	}
}

// Whatever reaches ParseCursor, it either refuses or gives a cursor that PostgreSQL can compare with and that is written
// back to an equal one.
func FuzzParseCursor(f *testing.F) {
	for _, seed := range []string{"", "older.1700000000000000.5", "newer.-1.1", "older.253402300799999999.9223372036854775807", "older.+1.+1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCursor(text)
		if err != nil {
			if scheduler.CodeOf(err) != scheduler.Invalid {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if !c.IsTop() && (c.ID <= 0 || c.CreatedAt.Year() < 1 || c.CreatedAt.Year() > 9999) {
			t.Errorf("%q is read as %+v", text, c)
		}
		again, err := ParseCursor(c.String())
		if err != nil || again != c {
			t.Errorf("%q is read as %+v, and that as %+v, %v", text, c, again, err)
		}
	})
}
