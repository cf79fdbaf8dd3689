package archive

import (
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite"
)

// contains_text tells whether a text has a part, whatever its case. SQLite's own LIKE knows the case of English letters alone.
func init() { //nolint:gochecknoinits // the driver's functions belong to the process
	sqlite.MustRegisterDeterministicScalarFunction("contains_text", 2, func(_ *sqlite.FunctionContext, values []driver.Value) (driver.Value, error) {
		text, _ := values[0].(string)
		part, _ := values[1].(string)
		return strings.Contains(fold(text), part), nil
	})
}
