package desktop

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/export/lists"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Exports writes filtered lists into files. A file is written in steps that the page asks for, so that no call takes long, its
// progress can be shown, and it stops when the page does.
type Exports struct{ session *Session }

// NewExports binds the exports of the open environment.
func NewExports(s *Session) *Exports { return &Exports{s} }

// SuggestFileRequest names what will be written.
type SuggestFileRequest struct {
	Name   string `json:"name"`   // of the list, such as "audit"
	Format string `json:"format"` // csv, ndjson, parquet or opsdeck; log for a log's text
	Title  string `json:"title"`  // of the dialog that chooses a file
}

// ExportFile is where a file will be written. Chosen tells that the operator picked it in the system's own dialog, which asked
// before it replaces one.
type ExportFile struct {
	Path   string `json:"path"`
	Chosen bool   `json:"chosen"`
	// Limit is how many rows such a file takes at most; 0 = all.
	Limit float64 `json:"limit"`
}

// ExportState is how far an export is.
type ExportState struct {
	Token  string  `json:"token"`
	Path   string  `json:"path"`
	Rows   float64 `json:"rows"`
	Done   bool    `json:"done"`
	Capped bool    `json:"capped"` // there are more rows than a file takes
}

// CSVLimit is how many rows a CSV file takes: spreadsheets take few more. Other formats take all.
const CSVLimit = 1_000_000

// stepTime is how long one step of an export works.
const stepTime = 2 * time.Second

// writing is a file that is being written.
type writing struct {
	mu    sync.Mutex
	file  *export.File
	rows  int64
	limit int64 // of rows; 0 = none
	// more writes the next rows and tells how many, and whether that was all.
	more  func(ctx context.Context, c *console.Console) (n int, done bool, err error)
	flush func() error
}

// exports are the files that are being written.
type exports struct {
	mu     sync.Mutex
	open   map[string]*writing
	chosen map[string]bool // paths that the system's dialog gave, and that may be replaced
	gone   []*writing      // given up, and not dropped yet
}

// Suggest gives a name for a file in the operator's folder of downloads.
func (e *Exports) Suggest(req SuggestFileRequest) (ExportFile, error) {
	if !fileFormat(req.Format) {
		return ExportFile{}, badFormat(req.Format)
	}
	return ExportFile{Path: filepath.Join(export.Folder(), fileName(req)), Limit: float64(limitOf(export.Format(req.Format)))}, nil
}

// Choose lets the operator pick a file in the system's own dialog; an empty path means that they did not.
func (e *Exports) Choose(req SuggestFileRequest) (ExportFile, error) {
	if !fileFormat(req.Format) {
		return ExportFile{}, badFormat(req.Format)
	}
	choose := e.session.config.ChooseFile
	if choose == nil {
		return ExportFile{}, scheduler.Errorf(scheduler.Unavailable, "export.no_dialog", "There is no dialog to choose a file with. Type its path.")
	}
	path, err := choose(req.Title, export.Folder(), fileName(req))
	if err != nil || path == "" {
		return ExportFile{}, err
	}
	x := &e.session.exports
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.chosen == nil {
		x.chosen = map[string]bool{}
	}
	x.chosen[filepath.Clean(path)] = true
	return ExportFile{Path: path, Chosen: true, Limit: float64(limitOf(export.Format(req.Format)))}, nil
}

// archiveFormat is the extension of archives, which are written by a task of their own.
const archiveFormat = "opsdeck"

func fileFormat(format string) bool {
	return format == archiveFormat || format == logFormat || format == lists.ParquetFormat || export.Format(format).Known()
}

func limitOf(format export.Format) int64 {
	if format == export.CSV {
		return CSVLimit
	}
	return 0
}

func fileName(req SuggestFileRequest) string {
	return "opsdeck-" + filepath.Base(req.Name) + "-" + time.Now().Format("20060102-150405") + "." + req.Format
}

// Step writes on for a while.
func (e *Exports) Step(req TokenRequest) (ExportState, error) {
	return lend(e.session, "Exports.Step", callTimeout, func(ctx context.Context, o *opened) (ExportState, error) {
		w := e.session.exports.get(req.Token)
		if w == nil {
			return ExportState{}, scheduler.Errorf(scheduler.NotFound, "export.gone", "This export is no longer under way.")
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		state, err := w.step(ctx, o.Console)
		state.Token = req.Token
		if err != nil || state.Done {
			e.session.exports.take(req.Token)
		}
		if err != nil {
			err = errors.Join(err, w.file.Drop())
		}
		return state, err
	})
}

// Stop gives an export up and leaves nothing of its file.
func (e *Exports) Stop(req TokenRequest) error {
	w := e.session.exports.take(req.Token)
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.file.Drop()
}

func (w *writing) step(ctx context.Context, c *console.Console) (ExportState, error) {
	state := ExportState{Path: w.file.Path()}
	for until := time.Now().Add(stepTime); ; {
		n, done, err := w.more(ctx, c)
		w.rows += int64(n)
		state.Rows = float64(w.rows)
		if err != nil {
			return state, err
		}
		if !done && w.limit > 0 && w.rows >= w.limit {
			done, state.Capped = true, true
		}
		if done {
			state.Done = true
			if err := w.flush(); err != nil {
				return state, err
			}
			return state, w.file.Finish()
		}
		if !time.Now().Before(until) {
			return state, nil
		}
	}
}

// mayReplace tells whether the system's dialog gave a path, which asks before it replaces a file.
func (x *exports) mayReplace(path string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.chosen[filepath.Clean(path)]
}

// begin registers an export and gives its first state. The file at path is replaced only if the system's dialog gave it.
func (x *exports) begin(path string, format export.Format, columns []string,
	more func(*export.Rows) func(context.Context, *console.Console) (int, bool, error),
) (ExportState, error) {
	if !format.Known() {
		return ExportState{}, badFormat(string(format))
	}
	file, err := export.Create(path, string(format), x.mayReplace(path))
	if err != nil {
		return ExportState{}, err
	}
	rows, err := export.NewRows(file, format, columns)
	if err != nil {
		return ExportState{}, errors.Join(err, file.Drop())
	}
	return x.register(&writing{file: file, limit: limitOf(format), more: more(rows), flush: rows.Flush}), nil
}

func (x *exports) register(w *writing) ExportState {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open == nil {
		x.open = map[string]*writing{}
	}
	token := rand.Text()
	x.open[token] = w
	return ExportState{Token: token, Path: w.file.Path()}
}

func (x *exports) get(token string) *writing {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.open[token]
}

func (x *exports) take(token string) *writing {
	x.mu.Lock()
	defer x.mu.Unlock()
	w := x.open[token]
	delete(x.open, token)
	return w
}

// giveUp ends every export, as when another environment is shown: nothing of one may end in a file of another.
func (x *exports) giveUp() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, w := range x.open {
		x.gone = append(x.gone, w)
	}
	x.open, x.chosen = nil, nil
}

// dropGivenUp leaves nothing of the files of exports that were given up. It waits for steps that are under way.
func (x *exports) dropGivenUp() error {
	x.mu.Lock()
	gone := x.gone
	x.gone = nil
	x.mu.Unlock()
	var all []error
	for _, w := range gone {
		w.mu.Lock()
		all = append(all, w.file.Drop())
		w.mu.Unlock()
	}
	return errors.Join(all...)
}

func badFormat(format string) error {
	return scheduler.Errorf(scheduler.Invalid, "export.bad_format", "There is no export format %q.", format).With("format", format)
}
