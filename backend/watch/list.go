package watch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Shelf keeps the list of each environment in a file beside its profile, for the operator alone.
type Shelf interface {
	ReadBeside(id, suffix string) ([]byte, error) // fs.ErrNotExist = there is none
	WriteBeside(id, suffix string, b []byte) error
}

const (
	suffix      = ".watch.json"
	listVersion = 1
)

// listFile is what a file holds.
type listFile struct {
	Version int     `json:"version"`
	Watches []Watch `json:"watches"`
}

// load reads what an environment's operator watches.
func load(shelf Shelf, environment string) ([]Watch, error) {
	text, err := shelf.ReadBeside(environment, suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var file listFile
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil || file.Version != listVersion || len(file.Watches) > MaxWatches {
		return nil, unreadable(environment, err)
	}
	for i, w := range file.Watches {
		again := slices.ContainsFunc(file.Watches[:i], func(other Watch) bool { return same(w, other) })
		if err := w.check(); err != nil || again {
			return nil, unreadable(environment, err)
		}
	}
	return file.Watches, nil
}

func save(shelf Shelf, environment string, watches []Watch) error {
	text, err := json.MarshalIndent(listFile{listVersion, watches}, "", "  ")
	if err != nil {
		return err
	}
	return shelf.WriteBeside(environment, suffix, append(text, '\n'))
}

// same tells whether two watches are of the same thing.
func same(a, b Watch) bool { return a.Kind == b.Kind && a.ID == b.ID }

func unreadable(environment string, cause error) error {
	file := environment + suffix
	return scheduler.Errorf(scheduler.Invalid, "watch.unreadable",
		"What is watched can't be read from %s, in the folder of the profiles. Repair or delete it; nothing is watched until then.", file).
		With("file", file).Because(cause)
}
