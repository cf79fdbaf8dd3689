package catalog_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
)

func TestJobsFitTheirColumns(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, j := range catalog.Jobs {
		if j.Name == "" || len([]rune(j.Name)) > 200 || len(j.Command) > 200 || seen[j.Command] {
			t.Errorf("%q, command %q", j.Name, j.Command)
		}
		seen[j.Command] = true
		if !json.Valid([]byte(j.Schedule)) || j.Args != "" && !json.Valid([]byte(j.Args)) {
			t.Errorf("%s: schedule %s, arguments %s", j.Command, j.Schedule, j.Args)
		}
	}
	for _, e := range catalog.Events {
		for _, p := range e.Payloads {
			if !json.Valid(fmt.Appendf(nil, p, 1)) {
				t.Errorf("%s: %s", e.Type, p)
			}
		}
	}
}

func TestHugeErrorIsHuge(t *testing.T) {
	t.Parallel()
	if n := len(catalog.HugeError()); n < 1<<20 {
		t.Errorf("%d bytes", n)
	}
}
