package postgres

import (
	"embed"
	"path"
	"strings"
)

//go:embed gatecalls/*.sql
var gateFiles embed.FS

// gateCalls is the SQL that needs the gate, by the name of its file: one for each function, and what is read through the
// gate's own views.
var gateCalls = readCalls()

func readCalls() map[string]string {
	entries, _ := gateFiles.ReadDir("gatecalls") // embedded: it is there
	calls := map[string]string{}
	for _, e := range entries {
		text, _ := gateFiles.ReadFile(path.Join("gatecalls", e.Name()))
		calls[strings.TrimSuffix(e.Name(), ".sql")] = string(text)
	}
	return calls
}
