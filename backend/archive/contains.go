package archive

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"modernc.org/sqlite"

	"github.com/opsdeck/opsdeck/backend/archive/format"
)

// The functions that queries use; the driver's functions belong to the process.
//
// contains_text tells whether a text has a part, whatever its case. SQLite's own LIKE knows the case of English letters alone.
//
// log_contains tells whether a block of a log has a part, or has the rest of one that begins in the block before it. As of a
// moment it looks at what had been written by then.
func init() { //nolint:gochecknoinits // see above
	sqlite.MustRegisterDeterministicScalarFunction("contains_text", 2, func(_ *sqlite.FunctionContext, values []driver.Value) (driver.Value, error) {
		text, _ := values[0].(string)
		part, _ := values[1].(string)
		return strings.Contains(fold(text), part), nil
	})
	sqlite.MustRegisterDeterministicScalarFunction("log_contains", -1, func(_ *sqlite.FunctionContext, values []driver.Value) (driver.Value, error) {
		if len(values) != 5 && len(values) != 7 {
			return nil, fmt.Errorf("log_contains takes 5 or 7 values and not %d", len(values))
		}
		part, _ := values[0].(string)
		var b, before block
		b.text, _ = values[1].([]byte)
		b.size, _ = values[2].(int64)
		before.text, _ = values[3].([]byte)
		before.size, _ = values[4].(int64)
		text, err := b.unpacked()
		if err != nil {
			return nil, err
		}
		if len(values) == 7 {
			b.chunks, _ = values[5].(string)
			at, _ := values[6].(int64)
			if text, err = b.until(text, timeOf(at)); err != nil {
				return nil, err
			}
		}
		if before.size > 0 {
			tail, err := before.unpacked()
			if err != nil {
				return nil, err
			}
			text = append(tail[max(0, len(tail)-format.LogOverlap):len(tail):len(tail)], text...)
		}
		return strings.Contains(fold(string(text)), part), nil
	})
}
