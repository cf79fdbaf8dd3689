package backend_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The guide for Django projects lists every setting, in both languages, with what the program knows of it.
func TestGuideListsEverySetting(t *testing.T) {
	t.Parallel()
	for file, words := range map[string]struct{ apply, restart, design string }{
		"../docs/django.md":    {"apply", "restart", ", ours"},
		"../docs/django.ja.md": {"適用", "再起動", "（新ノード）"},
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var table []string
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "| `") && strings.Count(line, "|") == 6 {
				table = append(table, strings.TrimSpace(line))
			}
		}
		if len(table) != len(scheduler.SettingSpecs) {
			t.Errorf("%s lists %d settings of %d", file, len(table), len(scheduler.SettingSpecs))
			continue
		}
		for i, spec := range scheduler.SettingSpecs {
			start, end := settingRow(spec, words.apply, words.restart, words.design)
			if !strings.HasPrefix(table[i], start) || !strings.HasSuffix(table[i], end) {
				t.Errorf("%s: %s\nshould be %s … %s", file, table[i], start, end)
			}
		}
	}
}

// settingRow is a setting's row of the table but for what it is about, which stands between the two.
func settingRow(s scheduler.SettingSpec, apply, restart, design string) (start, end string) {
	start = "| `" + strings.TrimPrefix(s.Key, scheduler.SettingPrefix) + "`"
	if s.Secret {
		start += " ●"
	}
	cells := []string{"–", "–", apply}
	if s.Default != "" {
		cells[0] = "`" + s.Default + "`"
	}
	switch {
	case s.Min != nil && s.Max != nil:
		cells[1] = fmt.Sprintf("%d–%d", *s.Min, *s.Max)
	case s.Min != nil:
		cells[1] = fmt.Sprintf("≥ %d", *s.Min)
	case len(s.Choices) > 0:
		cells[1] = strings.Join(s.Choices, ", ")
	case s.Type == scheduler.BooleanSetting:
		cells[1] = "true, false"
	}
	if s.Restart {
		cells[2] = restart
	}
	if s.Design {
		cells[2] += design
	}
	return start + " | ", " | " + strings.Join(cells, " | ") + " |"
}
