package compare_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/compare"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func job(name string, change ...func(*scheduler.Job)) scheduler.Job {
	j := scheduler.Job{
		Name: name, Enabled: true, Type: scheduler.TimeJob, Command: "report", DefaultArgs: json.RawMessage(`{"a": 1, "b": [2.0, "x"]}`),
		Schedule: json.RawMessage(`{"kind":"hourly","minute":5}`), Timeout: time.Minute, MaxRetries: 2, ConcurrencyPolicy: scheduler.Forbid,
	}
	for _, c := range change {
		c(&j)
	}
	return j
}

func setting(key, value string) console.Setting {
	s := console.Setting{Spec: scheduler.SettingSpec{Key: key}, Stored: true}
	if value == "" {
		s.Spec.Secret = true
		return s
	}
	s.Value = json.RawMessage(value)
	return s
}

// states gives the state of every item, and of the fields that are not equal.
func states(items []compare.Item) map[string]string {
	found := map[string]string{}
	for _, item := range items {
		said := string(item.State)
		for _, f := range item.Fields {
			if f.State != compare.Equal {
				said += fmt.Sprintf(" %s=%s", f.Name, f.State)
			}
		}
		found[string(item.Kind)+" "+item.Name] = said
	}
	return found
}

func TestJobsAndSettingsAreComparedByName(t *testing.T) {
	t.Parallel()
	here := compare.Side{
		Jobs: []scheduler.Job{
			job("same"), job("off", func(j *scheduler.Job) { j.Enabled = false }), job("only here"), job("twice"), job("twice"),
			job("secret", func(j *scheduler.Job) { j.ArgsMasked, j.DefaultArgs = true, json.RawMessage(`{"token": "<masked>"}`) }),
			job("secret and slow", func(j *scheduler.Job) {
				j.ArgsMasked, j.DefaultArgs, j.Timeout = true, json.RawMessage(`{"token": "<masked>"}`), time.Hour
			}),
		},
		Settings: []console.Setting{setting("SCHEDULER_A", "5"), setting("SCHEDULER_B", `"x"`), setting("SCHEDULER_SECRET", ""), setting("SCHEDULER_D", "1")},
	}
	there := compare.Side{
		Jobs: []scheduler.Job{
			job("same", func(j *scheduler.Job) { j.DefaultArgs = json.RawMessage(`{"b":[2,"x"],"a":1.0}`) }), job("off"), job("only there"), job("twice"),
			job("secret", func(j *scheduler.Job) { j.ArgsMasked, j.DefaultArgs = true, json.RawMessage(`{"token": "<masked>"}`) }), job("secret and slow"),
		},
		Settings: []console.Setting{setting("SCHEDULER_A", "5.0"), setting("SCHEDULER_B", `"y"`), setting("SCHEDULER_SECRET", ""), setting("SCHEDULER_E", "1")},
	}
	want := map[string]string{
		"job same": "equal", "job off": "different enabled=different", "job twice": "unknown",
		"job only here":            "here" + everyField,
		"job only there":           "there" + everyField,
		"job secret":               "unknown default_args_json=unknown",
		"job secret and slow":      "different default_args_json=unknown timeout_seconds=different",
		"setting SCHEDULER_A":      "equal",
		"setting SCHEDULER_B":      "different value=different",
		"setting SCHEDULER_SECRET": "unknown value=unknown",
		"setting SCHEDULER_D":      "here value=different",
		"setting SCHEDULER_E":      "there value=different",
	}
	if diff := cmp.Diff(want, states(compare.Items(here, there, nil))); diff != "" {
		t.Error(diff)
	}
}

const everyField = " enabled=different type=different schedule=different command_name=different default_args_json=different" +
	" timeout_seconds=different max_retries=different retry_backoff_seconds=different concurrency_policy=different"

func TestADifferenceThatIsExpectedCountsAsEqual(t *testing.T) {
	t.Parallel()
	rules := compare.Rules{
		{Kind: compare.Job, Name: "report", Field: "timeout_seconds", Here: json.RawMessage("60"), There: json.RawMessage("3600")},
		{Kind: compare.Setting, Name: "SCHEDULER_A", Field: "value", Here: json.RawMessage("5")},
	}
	side := func(timeout time.Duration, a ...console.Setting) compare.Side {
		return compare.Side{Jobs: []scheduler.Job{job("report", func(j *scheduler.Job) { j.Timeout = timeout })}, Settings: a}
	}
	for name, test := range map[string]struct {
		here, there compare.Side
		want        map[string]string
	}{
		"as the rules say": {
			side(time.Minute, setting("SCHEDULER_A", "5")), side(time.Hour),
			map[string]string{"job report": "expected timeout_seconds=expected", "setting SCHEDULER_A": "expected value=expected"},
		},
		"one side moved on": {
			side(time.Minute, setting("SCHEDULER_A", "6")), side(2 * time.Hour),
			map[string]string{"job report": "different timeout_seconds=different", "setting SCHEDULER_A": "here value=different"},
		},
		"equal after all": {
			side(time.Hour, setting("SCHEDULER_A", "5")), side(time.Hour, setting("SCHEDULER_A", "5")),
			map[string]string{"job report": "equal", "setting SCHEDULER_A": "equal"},
		},
	} {
		if diff := cmp.Diff(test.want, states(compare.Items(test.here, test.there, rules))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestRulesBelongToAPair(t *testing.T) {
	t.Parallel()
	store := &compare.Store{Folder: filepath.Join(t.TempDir(), "compare")}
	rule := compare.Rule{Kind: compare.Setting, Name: "SCHEDULER_A", Field: "value", Here: json.RawMessage("1")}
	add := func(r compare.Rules) (compare.Rules, error) { return r.With(rule) }
	for range 2 { // the same rule again takes the place of the first
		if _, err := store.Change("production", "a-staging", add); err != nil {
			t.Fatal(err)
		}
	}
	got, err := store.Load("production", "a-staging")
	if err != nil || len(got) != 1 || string(got[0].Here) != "1" || got[0].There != nil {
		t.Errorf("%+v, %v", got, err)
	}
	turned, err := store.Load("a-staging", "production")
	if err != nil || len(turned) != 1 || string(turned[0].There) != "1" || turned[0].Here != nil {
		t.Errorf("from the other side: %+v, %v", turned, err)
	}
	if other, err := store.Load("production", "b-staging"); err != nil || other != nil {
		t.Errorf("another pair: %+v, %v", other, err)
	}
	files, err := os.ReadDir(store.Folder)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	removed, err := store.Change("a-staging", "production", func(r compare.Rules) (compare.Rules, error) {
		return r.Without(compare.Setting, "SCHEDULER_A", "value"), nil
	})
	if err != nil || len(removed) != 0 {
		t.Errorf("%+v, %v", removed, err)
	}
}

func TestRulesThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	store := &compare.Store{Folder: t.TempDir()}
	for name, rule := range map[string]compare.Rule{
		"of no kind":   {Kind: "run", Name: "x", Field: "value"},
		"without name": {Kind: compare.Job, Field: "enabled"},
		"a secret":     {Kind: compare.Setting, Name: "X", Field: "value", Here: json.RawMessage(`"<masked>"`)},
		"no JSON":      {Kind: compare.Setting, Name: "X", Field: "value", Here: json.RawMessage(`{`)},
		"too long":     {Kind: compare.Setting, Name: "X", Field: "value", Here: json.RawMessage(`"` + strings.Repeat("x", 20_000) + `"`)},
	} {
		if _, err := store.Change("a", "b", func(r compare.Rules) (compare.Rules, error) { return r.With(rule) }); scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, pair := range [][2]string{{"a", "a"}, {"../a", "b"}, {"a", ""}, {"A", "b"}, {"a.b", "c"}} {
		if _, err := store.Load(pair[0], pair[1]); scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%v: %v", pair, err)
		}
	}
	for _, damaged := range []string{"", "{", `{"version":2}`, `{"version":1,"more":1}`, `{"version":1,"rules":[{"kind":"job"}]}`} {
		if err := os.WriteFile(filepath.Join(store.Folder, "a.b.json"), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Load("a", "b"); scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%q: %v", damaged, err)
		}
		if _, err := store.Change("b", "a", func(r compare.Rules) (compare.Rules, error) { return r, nil }); err == nil {
			t.Errorf("%q was written over", damaged)
		}
	}
}
