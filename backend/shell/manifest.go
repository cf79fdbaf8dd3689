package shell

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// entry is what base.html loads: paths from the root of the page.
type entry struct {
	Styles  []string
	Scripts []string
}

// chunk is an entry of the manifest that the bundler writes beside its output.
type chunk struct {
	File    string   `json:"file"`
	IsEntry bool     `json:"isEntry"`
	CSS     []string `json:"css"`
	Imports []string `json:"imports"`
}

const manifestFile = ".vite/manifest.json"

// readManifest finds the entry script and every stylesheet that it and its static imports bring.
func readManifest(dist fs.FS) (entry, error) {
	raw, err := fs.ReadFile(dist, manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return entry{}, errors.New("the front end isn't built into this program: run make build")
	}
	if err != nil {
		return entry{}, fmt.Errorf("reading the front end's manifest: %w", err)
	}
	chunks := map[string]chunk{}
	if err := json.Unmarshal(raw, &chunks); err != nil {
		return entry{}, fmt.Errorf("reading the front end's manifest: %w", err)
	}
	var e entry
	for name, c := range chunks {
		if c.IsEntry {
			e.Scripts = append(e.Scripts, "/"+c.File)
			e.Styles = append(e.Styles, styles(chunks, name, map[string]bool{})...)
		}
	}
	if len(e.Scripts) != 1 {
		return entry{}, fmt.Errorf("the front end's manifest has %d entries, not one", len(e.Scripts))
	}
	return e, nil
}

func styles(chunks map[string]chunk, name string, seen map[string]bool) []string {
	if seen[name] {
		return nil
	}
	seen[name] = true
	var all []string
	for _, imported := range chunks[name].Imports {
		all = append(all, styles(chunks, imported, seen)...)
	}
	for _, css := range chunks[name].CSS {
		if path := "/" + css; !slices.Contains(all, path) {
			all = append(all, path)
		}
	}
	return all
}
