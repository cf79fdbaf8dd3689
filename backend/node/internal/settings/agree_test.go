package settings

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// What the console offers and checks must be what a node obeys: the same keys, standards, bounds and secrets.
func TestNodesObeyWhatTheConsoleOffers(t *testing.T) {
	t.Parallel()
	known := map[string]scheduler.SettingSpec{}
	for _, spec := range scheduler.SettingSpecs {
		known[spec.Key] = spec
	}
	nothing := func(string) (string, bool) { return "", false }
	accepts := func(key, text string) (Values, bool) {
		value, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		values, problems := read([]Row{{key, value}}, nothing, Standard(), Standard())
		return values, len(problems) == 0
	}
	for key, spec := range known {
		if obeyed := slices.Contains(Keys(), key); obeyed == spec.Django {
			t.Errorf("%s: nodes obey it: %v, the console says that only Django does: %v", key, obeyed, spec.Django)
		}
	}
	for _, key := range Keys() {
		spec, ok := known[key]
		if !ok {
			t.Errorf("the console does not know %s", key)
			continue
		}
		if spec.Secret != Secret(key) {
			t.Errorf("%s: secret for the console %v, for nodes %v", key, spec.Secret, Secret(key))
		}
		if values, ok := accepts(key, spec.Default); !ok || values != Standard() {
			t.Errorf("%s: the console's standard %q is not the nodes'", key, spec.Default)
		}
		for _, bound := range []*int64{spec.Min, spec.Max} {
			if bound == nil {
				continue
			}
			if _, ok := accepts(key, fmt.Sprint(*bound)); !ok {
				t.Errorf("%s: the console allows %d, nodes refuse it", key, *bound)
			}
		}
	}
}
