package workerrpc

import (
	"errors"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestRewrite(t *testing.T) {
	t.Parallel()
	rules, err := parseRules([]profile.Rewrite{
		{From: "10.0.0.7:50051", To: "gate.example:6001"},
		{From: "10.0.*:*", To: "gate.example:*"},
		{From: "*.cluster.local:*", To: "*.example.com:*"},
		{From: "*:9", To: "*:10"},
		{From: "[::1]:*", To: "[::2]:7"},
		{From: "a*b*:*", To: "x-*:*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{
		"10.0.0.7:50051":               "gate.example:6001",
		"10.0.0.7:50052":               "gate.example:50052",
		"10.0.255.1:1":                 "gate.example:1",
		"10.1.0.1:1":                   "10.1.0.1:1",
		"w-1.Cluster.local:50051":      "w-1.example.com:50051",
		"w-1.cluster.local.evil:50051": "w-1.cluster.local.evil:50051",
		"elsewhere:9":                  "elsewhere:10",
		"[::1]:50051":                  "[::2]:7",
		"a1b2:5":                       "x-1:5",
		"10x0y0:1":                     "10x0y0:1",
		"no port":                      "no port",
	} {
		if got := rewrite(rules, from); got != to {
			t.Errorf("%s is called at %s, not %s", from, got, to)
		}
	}
}

func TestRulesThatMeanNothing(t *testing.T) {
	t.Parallel()
	for _, r := range []profile.Rewrite{
		{From: "", To: "a:1"}, {From: "a:1", To: "a"}, {From: "a:5*", To: "b:1"}, {From: "a:1", To: "*:1"}, {From: "*:1", To: "*-*:1"}, {From: ":1", To: "b:1"},
	} {
		_, err := parseRules([]profile.Rewrite{r})
		if e, _ := errors.AsType[*scheduler.Error](err); e == nil || e.Reason != "worker.bad_rewrite" {
			t.Errorf("%v: %v", r, err)
		}
	}
}
