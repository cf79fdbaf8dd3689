package redisstore

import (
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestErrorsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	name := "viewer" + strings.TrimPrefix(parse(t, c.url).Query().Get("db"), "/")
	c.do("acl", "setuser", name, "on", ">s3cret", "resetkeys", "~scheduler:worker*", "+@all")
	as := func(user, password string) string {
		u := parse(t, c.url)
		u.User = url.UserPassword(user, password)
		return u.String()
	}
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = refusing.Close()
	for what, test := range map[string]struct {
		url, reason string
		code        scheduler.Code
	}{
		"no URL":                 {"redis://:s3cret@h:x/0", "redis.bad_url", scheduler.Invalid},
		"a wrong password":       {as(name, "s3cret2"), "redis.auth_failed", scheduler.Forbidden},
		"keys that are withheld": {as(name, "s3cret"), "redis.no_rights", scheduler.Forbidden},
		"nobody listens":         {"redis://u:s3cret@" + refusing.Addr().String() + "/0", "redis.unreachable", scheduler.Unavailable},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, err := Open(t.Context(), test.url, c.now, slog.New(slog.DiscardHandler))
			e, ok := errors.AsType[*scheduler.Error](err)
			if !ok || e.Reason != test.reason || e.Code != test.code {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

func parse(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
