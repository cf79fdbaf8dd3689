package desktop_test

import (
	"archive/zip"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/diagnostics"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestDiagnosticsAreSavedWhereTheOperatorChooses(t *testing.T) {
	t.Parallel()
	chosen := filepath.Join(t.TempDir(), "bundle.zip")
	masked := false
	s := desktop.NewSession(desktop.Config{
		Version: "1.2.3", Emit: func(string, any) {}, Log: slog.New(slog.DiscardHandler), LogFile: "/var/log/x",
		ChooseFile: func(_, _, name string) (string, error) {
			if !strings.HasSuffix(name, ".zip") {
				t.Errorf("it suggests %s", name)
			}
			return chosen, nil
		},
		Diagnose: func(_ context.Context, mask bool) diagnostics.Bundle {
			masked = mask
			return diagnostics.Bundle{Log: []byte("said"), Mask: func(text string) string { return text }}
		},
	})
	defer s.Close()
	d := desktop.NewDiagnostics(s)
	for range 2 { // the dialog has asked before it replaces a file
		if file, err := d.Save(desktop.DiagnosticsRequest{MaskHosts: true, Settings: map[string]string{"language": "ja"}}); err != nil || file.Path != chosen {
			t.Fatalf("%+v, %v", file, err)
		}
	}
	archive, err := zip.OpenReader(chosen)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	found := expect.Unzipped(t, &archive.Reader)
	if !masked || found["log.txt"] != "said" || !strings.Contains(found["session.json"], `"version": "1.2.3"`) || !strings.Contains(found["settings.json"], "ja") {
		t.Errorf("%v", found)
	}
	if _, err := d.Save(desktop.DiagnosticsRequest{Path: chosen}); scheduler.CodeOf(err) != scheduler.Conflict {
		t.Errorf("a typed path replaced a file: %v", err)
	}
	chosen = ""
	if file, err := d.Save(desktop.DiagnosticsRequest{}); err != nil || file.Path != "" {
		t.Errorf("no file was chosen: %+v, %v", file, err)
	}
	if d.LogFile().Path != "/var/log/x" {
		t.Errorf("the log file: %+v", d.LogFile())
	}
}
