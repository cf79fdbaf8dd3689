package logs_test

import (
	"errors"
	"testing"

	"github.com/opsdeck/opsdeck/backend/logs"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// What isn't opened says where it points: the host as name servers know it, and an address for a browser only where nobody could
// read another one in it.
func TestARefusalSaysWhereTheAddressPoints(t *testing.T) {
	t.Parallel()
	files := open(t, logs.Config{Origins: []string{"https://logs.example.com"}})
	for _, c := range []struct{ ref, reason, host, reads, address, origin string }{
		{
			"https://other.example:8443/a?X=1", "log.origin_refused", "other.example:8443", "",
			"https://other.example:8443/a?X=1", "https://other.example:8443",
		},
		{
			"https://xn--lgs-sed.example.com/a", "log.origin_refused", "xn--lgs-sed.example.com", "lоgs.example.com",
			"https://xn--lgs-sed.example.com/a", "https://xn--lgs-sed.example.com",
		},
		{"https://other.example/a?q=ö", "log.origin_refused", "other.example", "", "", "https://other.example"},
		{"https://other.example/a?q=`id`", "log.origin_refused", "other.example", "", "", "https://other.example"},
		{"https://lоgs.example.com/a", "log.bad_address", "xn--lgs-sed.example.com", "", "", ""},
		{"https://user:pass@other.example/a", "log.bad_address", "", "", "", ""},
		{"https://other.example/a\x1b[2J", "log.bad_address", "", "", "", ""},
	} {
		_, err := files.OpenLog(t.Context(), c.ref, 0, "")
		e, ok := errors.AsType[*scheduler.Error](err)
		if !ok || e.Reason != c.reason || e.Args["host"] != c.host || e.Args["reads"] != c.reads || e.Args["address"] != c.address || e.Args["origin"] != c.origin {
			t.Errorf("%q: %v, %q", c.ref, err, e.Args)
		}
	}
}
