package write_test

import "testing"

func TestTheChainFitsWhateverTheEntriesSay(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for target, payload := range map[string]string{
		"SCHEDULER_EVENTS_API_TOKEN":                         `{"reason": "rotated", "epoch": null, "b": {"c": 1}}`, // a secret's, with nothing to hide
		"SCHEDULER_NODE_SECRET":                              `{"value": "planted", "reason": "set"}`,
		`<img src=x onerror="window.__pwned=1">`:             `{"<b>": ["=cmd|' /C calc'!A0"], "reason": "\u202e\u001b[31m"}`,
		"invoice\u202efdp.exe \u2066isolated\u200b\ufeff":    `{"n": 1e400, "deep": {"é": "é"}}`,
		"\u001b]8;;https://hostile.example/\u0007link\u0007": `["a list"]`,
	} {
		_, err := c.pool.Exec(t.Context(), `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
			values ($1, 'setting.delete', $1, $2, clock_timestamp())`, target, payload)
		if err != nil {
			t.Fatal(err)
		}
	}
	if v := verify(t, export(t, c.source(c.logins.Viewer), options(t))); v.Chain == nil || !v.Chain.OK {
		t.Errorf("the audit's chain: %+v", v.Chain)
	}
}
