package cluster

import (
	"testing"
	"time"
)

func TestParseDegrade(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		ttl        time.Duration
		want       Degrade
	}{
		{"nobody asks", "", -2, Degrade{}},
		{"the short form", "1", time.Second, Degrade{Text: "1", TTL: time.Second}},
		{"one that never expires", "1", -1, Degrade{Text: "1", TTL: DegradeTTL}},
		{"the long form", `{"by":"aiko","reason":"upgrade","action_id":"a","epoch":7}`, time.Second,
			Degrade{Text: `{"by":"aiko","reason":"upgrade","action_id":"a","epoch":7}`, Epoch: 7, By: "aiko", Reason: "upgrade", TTL: time.Second}},
		{"no epoch means whoever leads", `{"by":"aiko"}`, time.Second, Degrade{Text: `{"by":"aiko"}`, By: "aiko", TTL: time.Second}},
		{"half of it is worth nothing", `{"by":"aiko","epoch":"seven"}`, time.Second, Degrade{Text: `{"by":"aiko","epoch":"seven"}`, TTL: time.Second}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := parseDegrade(tt.text, tt.ttl); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
