package cluster

import (
	"strings"
	"testing"
)

func TestParseTarget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, name string }{
		{"redis://u:hunter2@h:6379/3", "h:6379"},
		{"rediss://h:6379", "h:6379"},
		{"unix:///run/redis.sock?db=3", "/run/redis.sock"},
		{"redis+sentinel://u:hunter2@a:26379,b:26379,[::1]:26379/main/3?sentinel_password=hunter2", "a:26379,b:26379,[::1]:26379"},
		{"rediss+sentinel://a:26379/main", "a:26379"},
		{"redis+cluster://u:hunter2@a:6379,b:6379", "a:6379,b:6379"},
		{"rediss+cluster://a:6379/", "a:6379"},

		{"", ""},
		{"http://h:6379", ""},
		{"redis://:hunter2@h:x", ""},
		{"redis+sentinel://a:26379", ""},        // no master
		{"redis+sentinel://a:26379/main/x", ""}, // no database
		{"redis+sentinel://a:26379,b/main", ""}, // no port
		{"redis+sentinel://a:26379/main?sentinel_pasword=hunter2", ""}, // a slip
		{"redis+cluster://a:6379/1", ""},                               // clusters have one database
		{"redis+cluster://u:hunter2@", ""},
		{"redis+other://a:6379", ""},
		{"http+cluster://a:6379", ""},
		{"redis+cluster://u:%zz@a:6379", ""},
	} {
		got, err := parseTarget(tt.text)
		if (err != nil) != (tt.name == "") || got.name != tt.name {
			t.Errorf("%s: %s, %v", tt.text, got.name, err)
		}
		if strings.Contains(got.name, "hunter2") || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s shows the password", tt.text)
		}
	}
	s, _ := parseTarget("rediss+sentinel://u:p%40@a:26379,b:26379/main/3?sentinel_username=s&sentinel_password=q")
	o := s.sentinel
	if o.MasterName != "main" || o.DB != 3 || o.Username != "u" || o.Password != "p@" || o.SentinelUsername != "s" ||
		o.SentinelPassword != "q" || len(o.SentinelAddrs) != 2 || o.TLSConfig == nil {
		t.Errorf("read %+v", o)
	}
}

func FuzzParseTarget(f *testing.F) {
	for _, seed := range []string{"redis://h", "redis+sentinel://u:p@a:1,b:2/m/0?sentinel_password=x", "redis+cluster://a:1", "+://@,/?"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseTarget(text)
		if kinds := got.single != nil || got.sentinel != nil || got.cluster != nil; kinds == (err != nil) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	})
}
