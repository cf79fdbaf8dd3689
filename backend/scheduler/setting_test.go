package scheduler_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestEverySettingHasADefaultOfItsOwnType(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range scheduler.SettingSpecs {
		if seen[s.Key] || !strings.HasPrefix(s.Key, scheduler.SettingPrefix) {
			t.Errorf("%s is there twice, or lacks its prefix", s.Key)
		}
		seen[s.Key] = true
		if s.Default == "" {
			continue
		}
		if _, err := s.Parse(s.Default); err != nil {
			t.Errorf("%s can't be set to its own default: %v", s.Key, err)
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d settings", len(seen))
	}
}

func TestSecretNameKnowsTheContractsSecrets(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"SCHEDULER_REDIS_URL": true, "SCHEDULER_EVENTS_API_TOKEN": true, "SCHEDULER_NOTIFY_SMTP_PASSWORD": true,
		"SCHEDULER_LOG_ARCHIVE_ACCESS_KEY_ID": true, "SCHEDULER_LOG_ARCHIVE_SECRET_ACCESS_KEY": true,
		"SCHEDULER_NOTIFY_SLACK_WEBHOOK_URL": true, "accessKey": true, "x-api-key": true, "Authorization": true,
		"SCHEDULER_GRPC_HOST": false, "SCHEDULER_LOG_ARCHIVE_BUCKET": false, "SCHEDULER_TLS_KEY_FILE": false,
		"SCHEDULER_ALERTMANAGER_URL": false, "key": false, "name": false, "": false,
	} {
		if got := scheduler.SecretName(name); got != want {
			t.Errorf("%q: secret is %t", name, got)
		}
	}
}

func TestSettingValueUnwrapsOnlyTheWrapper(t *testing.T) {
	t.Parallel()
	for stored, want := range map[string]string{
		`{"value": 3}`: `3`, `3`: `3`, `"a"`: `"a"`, `{"value": null}`: `null`, `{"value": {"value": 1}}`: `{"value": 1}`,
		`{"value": 1, "other": 2}`: `{"value": 1, "other": 2}`, `{"other": 1}`: `{"other": 1}`, `[1]`: `[1]`, `null`: `null`,
	} {
		if got := scheduler.SettingValue(json.RawMessage(stored)); string(got) != want {
			t.Errorf("%s: %s, not %s", stored, got, want)
		}
	}
}

func TestParseTakesWhatFitsAndSaysWhatDoesNot(t *testing.T) {
	t.Parallel()
	low, high := int64(1), int64(50)
	bounded := scheduler.SettingSpec{Type: scheduler.IntegerSetting, Min: &low, Max: &high}
	decimal := scheduler.SettingSpec{Type: scheduler.DecimalSetting, Min: &low}
	boolean := scheduler.SettingSpec{Type: scheduler.BooleanSetting}
	choice := scheduler.SettingSpec{Type: scheduler.ChoiceSetting, Choices: []string{"local", "k8s"}}
	text := scheduler.SettingSpec{Type: scheduler.TextSetting}
	for _, c := range []struct {
		spec         scheduler.SettingSpec
		input        string
		want, reason string
	}{
		{bounded, " 7 ", `7`, ""}, {bounded, "1", `1`, ""}, {bounded, "50", `50`, ""},
		{bounded, "0", "", "settings.too_small"}, {bounded, "51", "", "settings.too_large"},
		{bounded, "1.5", "", "settings.not_integer"}, {bounded, "", "", "settings.not_integer"},
		{bounded, "９", "", "settings.not_integer"}, {bounded, "99999999999999999999", "", "settings.not_integer"},
		{decimal, "1.25", `1.25`, ""}, {decimal, "0.3", "", "settings.too_small"}, {decimal, "NaN", "", "settings.not_number"},
		{decimal, "1e999", "", "settings.not_number"}, {decimal, "0x10", "", "settings.not_number"},
		{boolean, "true", `true`, ""}, {boolean, "false", `false`, ""}, {boolean, "yes", "", "settings.not_boolean"},
		{choice, "k8s", `"k8s"`, ""}, {choice, "K8S", "", "settings.not_choice"},
		{text, "", `""`, ""}, {text, `a "b" </script> é`, `"a \"b\" </script> é"`, ""},
		{text, strings.Repeat("x", 4001), "", "settings.too_long"}, {text, "a\x00b", "", "settings.control"},
		{text, "line\nbreak", "", "settings.control"},
	} {
		got, err := c.spec.Parse(c.input)
		e, _ := errors.AsType[*scheduler.Error](err)
		if (c.reason == "") != (err == nil) || e != nil && e.Reason != c.reason || string(got) != c.want {
			t.Errorf("%s %q: %s, %v", c.spec.Type, c.input, got, err)
		}
	}
}

func TestUsableReadsWhatProcessesRead(t *testing.T) {
	t.Parallel()
	low := int64(1)
	integer := scheduler.SettingSpec{Type: scheduler.IntegerSetting, Min: &low}
	boolean := scheduler.SettingSpec{Type: scheduler.BooleanSetting}
	for _, c := range []struct {
		spec   scheduler.SettingSpec
		stored string
		usable bool
	}{
		{integer, `5`, true}, {integer, `"5"`, true}, {integer, `0`, false}, {integer, `"five"`, false}, {integer, `{"a":1}`, false},
		{integer, `null`, false}, {boolean, `true`, true}, {boolean, `"1"`, true}, {boolean, `0`, true}, {boolean, `"no"`, true},
		{boolean, `[]`, false},
	} {
		if err := c.spec.Usable(json.RawMessage(c.stored)); (err == nil) != c.usable {
			t.Errorf("%s %s: %v", c.spec.Type, c.stored, err)
		}
	}
}

func FuzzParseSetting(f *testing.F) {
	for _, seed := range []string{"", "1", "-1", "1.5", "true", "k8s", "\x00", "1e5", "١"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		for _, s := range scheduler.SettingSpecs {
			value, err := s.Parse(input)
			if err != nil {
				continue
			}
			if !json.Valid(value) {
				t.Fatalf("%s = %q gives %s, which is no JSON", s.Key, input, value)
			}
			if err := s.Usable(value); err != nil {
				t.Fatalf("%s = %q gives %s, which processes can't use: %v", s.Key, input, value, err)
			}
		}
	})
}
