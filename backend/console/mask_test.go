package console_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/console"
)

func TestMaskJSONHidesSecretsAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ document, want string }{
		{`{"value": "3", "b": 1, "a": [1, 2.50, true, null]}`, `{"value": "3", "b": 1, "a": [1, 2.50, true, null]}`},
		{`{"password": "hunter2", "name": "x"}`, `{"password": "<masked>", "name": "x"}`},
		{`{"args": {"api_key": {"a": ["k"]}, "deep": [{"Token": 12}]}}`, `{"args": {"api_key": "<masked>", "deep": [{"Token": "<masked>"}]}}`},
		{`{"token": null, "secret": ""}`, `{"token": null, "secret": ""}`},
		{`{"url": "redis://ops:s3cret@cache:6379/0"}`, `{"url": "redis://ops:<masked>@cache:6379/0"}`},
		{`["postgres://u:p@h/d?x=1", "https://host/path", "Bearer abc.def"]`, `["postgres://u:<masked>@h/d?x=1", "https://host/path", "Bearer <masked>"]`},
		{`"</script>漢字"`, `"</script>漢字"`},
		{`{"id": 12345678901234567890}`, `{"id": 12345678901234567890}`},
		{`{}`, `{}`},
		{`[]`, `[]`},
		{`not json, token=abc`, `"<masked>"`},
		{`{"a": 1} {"b": 2}`, `"<masked>"`},
		{strings.Repeat("[", 300) + strings.Repeat("]", 300), `"<masked>"`},
	} {
		if got := console.MaskJSON(json.RawMessage(c.document)); string(got) != c.want {
			t.Errorf("%s\n gives %s\n   not %s", c.document, got, c.want)
		}
	}
}

func FuzzMaskJSON(f *testing.F) {
	f.Add(`{"a": {"token": [1, {"b": "hunter2"}]}}`)
	f.Add(`[1e5, "x", null, {"password": "hunter2"}]`)
	f.Fuzz(func(t *testing.T, document string) {
		masked := console.MaskJSON(json.RawMessage(document))
		if !json.Valid(masked) {
			t.Fatalf("%q gives %s, which is no JSON", document, masked)
		}
		if again := console.MaskJSON(masked); string(again) != string(masked) {
			t.Fatalf("%s masked again gives %s", masked, again)
		}
	})
}
