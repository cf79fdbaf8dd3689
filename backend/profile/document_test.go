package profile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each version that was ever written stays readable: its file is added here and never changed.
func TestEveryVersionIsRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/v*.json")
	if err != nil || len(files) != version {
		t.Fatalf("%d files for %d versions, %v", len(files), version, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := decode(b, upgrades)
		if idle := map[string]int{"testdata/v2.json": 20}[file]; p.IdleMinutes != idle {
			t.Errorf("%s: closed after %d minutes", file, p.IdleMinutes)
		}
		if err != nil || p.Name != "東京 本番" || len(p.Postgres.Hosts) != 2 || p.Workers.Rewrite[0].To != "gate.example:*" {
			t.Errorf("%s: %+v, %v", file, p, err)
		}
	}
	if len(upgrades) != version-1 {
		t.Errorf("%d upgrades lead to version %d", len(upgrades), version)
	}
}

func TestOlderVersionsAreUpgradedStepByStep(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/v1.json")
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Replace(string(b), `"name":`, `"title":`, 1)
	steps := []upgrade{
		func(d map[string]any) error {
			p := d["profile"].(map[string]any)
			p["label"] = p["title"]
			delete(p, "title")
			return nil
		},
		func(d map[string]any) error {
			p := d["profile"].(map[string]any)
			p["name"] = p["label"].(string) + " 3"
			delete(p, "label")
			return nil
		},
	}
	if p, err := decode([]byte(old), steps); err != nil || p.Name != "東京 本番 3" {
		t.Errorf("%+v, %v", p, err)
	}
	second := strings.Replace(strings.Replace(old, `"title":`, `"label":`, 1), `"version": 1`, `"version": 2`, 1)
	if p, err := decode([]byte(second), steps); err != nil || p.Name != "東京 本番 3" {
		t.Errorf("%+v, %v", p, err)
	}
	steps[1] = func(map[string]any) error { return errors.New("nothing to raise") }
	if _, err := decode([]byte(old), steps); err == nil {
		t.Error("a failed step is overlooked")
	}
}
