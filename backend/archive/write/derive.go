package write

import (
	"embed"
	"path"
)

//go:embed sql/*.sql
var derivationFiles embed.FS

// derivations fill the tables that are made from others, in this order. They may name @as_of.
var derivations = readDerivations()

func readDerivations() []string {
	entries, _ := derivationFiles.ReadDir("sql") // embedded: it is there
	texts := make([]string, len(entries))
	for i, e := range entries {
		text, _ := derivationFiles.ReadFile(path.Join("sql", e.Name()))
		texts[i] = string(text)
	}
	return texts
}
