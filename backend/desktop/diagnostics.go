package desktop

import (
	"context"
	"path/filepath"
	"time"

	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Diagnostics saves a bundle for whoever helps.
type Diagnostics struct{ session *Session }

// NewDiagnostics binds the diagnostics of the program.
func NewDiagnostics(s *Session) *Diagnostics { return &Diagnostics{s} }

// DiagnosticsRequest says what the bundle may name. Path is where it goes, if the system's dialog is not to be asked.
type DiagnosticsRequest struct {
	MaskHosts bool              `json:"maskHosts"`
	Title     string            `json:"title"` // of the dialog
	Path      string            `json:"path"`
	Settings  map[string]string `json:"settings"` // of the window
}

// DiagnosticsFile is where the bundle lies; "" = the operator chose no file.
type DiagnosticsFile struct {
	Path string `json:"path"`
}

// LogFile tells where the log lies; "" = there is none.
func (d *Diagnostics) LogFile() DiagnosticsFile { return DiagnosticsFile{d.session.config.LogFile} }

// Suggest gives a path for the bundle, where there is no dialog to choose one.
func (d *Diagnostics) Suggest() DiagnosticsFile {
	return DiagnosticsFile{filepath.Join(export.Folder(), bundleName(time.Now()))}
}

// Save lets the operator choose a file and writes the bundle into it.
func (d *Diagnostics) Save(req DiagnosticsRequest) (DiagnosticsFile, error) {
	config := d.session.config
	path, replace := req.Path, false
	if path == "" {
		if config.ChooseFile == nil {
			return DiagnosticsFile{}, scheduler.Errorf(scheduler.Unavailable, "export.no_dialog", "There is no dialog to choose a file with. Type its path.")
		}
		chosen, err := config.ChooseFile(req.Title, export.Folder(), bundleName(time.Now()))
		if err != nil || chosen == "" {
			return DiagnosticsFile{}, err
		}
		path, replace = chosen, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	bundle := config.Diagnose(ctx, req.MaskHosts)
	bundle.Session, bundle.Settings, bundle.Findings = d.session.State(), req.Settings, d.session.tests.report()
	file, err := export.Create(path, "zip", replace)
	if err != nil {
		return DiagnosticsFile{}, err
	}
	if err := bundle.Write(file); err != nil {
		_ = file.Drop() // the error that matters is the first
		return DiagnosticsFile{}, err
	}
	return DiagnosticsFile{file.Path()}, file.Finish()
}

func bundleName(now time.Time) string {
	return "opsdeck-diagnostics-" + now.Format("20060102-150405") + ".zip"
}
