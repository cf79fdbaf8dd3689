// Package link gives tests a way to a server that turns bad when they say so.
package link

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"
)

// Direction is one of the two in which a link carries bytes.
type Direction string

// The directions: what the client says, and what it hears.
const (
	Up   Direction = "upstream"
	Down Direction = "downstream"
)

// Link is a way to one server, good until it is told otherwise, for as long as the test.
type Link struct {
	Address string // where clients connect to

	t     testing.TB
	front *relay // does to single connections what toxiproxy doesn't
	proxy *toxiproxy.Proxy
}

// To makes a link to a server: network and address as net.Dial has them.
func To(t testing.TB, network, address string) *Link {
	t.Helper()
	if network != "tcp" { // toxiproxy knows nothing else
		address = startRelay(t, network, address).address()
	}
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), t.Name(), "127.0.0.1:0", address)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	front := startRelay(t, "tcp", proxy.Listen)
	return &Link{Address: front.address(), t: t, front: front, proxy: proxy}
}

// Leftovers is what toxiproxy leaves behind where both ends of a connection close at once: the reader and the toxics of its chain hand
// on for ever what nobody takes.
func Leftovers() []goleak.Option {
	return []goleak.Option{
		goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*ToxicStub).Run"),
		goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2.(*ToxicLink).read"),
	}
}

// Mute lets nothing through any more in these directions, and tells nobody.
func (l *Link) Mute(directions ...Direction) {
	l.t.Helper()
	for _, d := range directions {
		l.add("timeout", d, `"timeout": 0`)
	}
}

// Delay lets everything come late, in both directions, by up to a quarter more or less.
func (l *Link) Delay(by time.Duration) {
	l.t.Helper()
	for _, d := range []Direction{Up, Down} {
		l.add("latency", d, fmt.Sprintf(`"latency": %d, "jitter": %d`, by.Milliseconds(), by.Milliseconds()/4))
	}
}

// Throttle lets so many kilobytes a second through, in each direction.
func (l *Link) Throttle(kilobytes int) {
	l.t.Helper()
	for _, d := range []Direction{Up, Down} {
		l.add("bandwidth", d, fmt.Sprintf(`"rate": %d`, kilobytes))
	}
}

// BreakAfter ends every connection, new ones too, once the client has heard so many more bytes.
func (l *Link) BreakAfter(bytes int) {
	l.t.Helper()
	l.add("limit_data", Down, fmt.Sprintf(`"bytes": %d`, bytes))
}

// Refuse resets every connection, and from then on every new one.
func (l *Link) Refuse() {
	l.front.refuse.Store(true)
	l.front.reset()
}

// Sever resets the connections that there are. New ones are as good as ever.
func (l *Link) Sever() { l.front.reset() }

// Forget lets the connections that there are stand, and carries nothing over them any more, as after a long sleep. New ones are as good
// as ever.
func (l *Link) Forget() { l.front.forget() }

// Heal lets everything through again.
func (l *Link) Heal() {
	l.front.refuse.Store(false)
	l.proxy.Toxics.ResetToxics(l.t.Context())
}

// Open counts the connections that stand.
func (l *Link) Open() int { return l.front.count() }

// Dialled counts the connections that were ever made, or tried.
func (l *Link) Dialled() int64 { return l.front.dialled.Load() }

func (l *Link) add(kind string, d Direction, attributes string) {
	l.t.Helper()
	toxic := fmt.Sprintf(`{"name": "%s %s", "type": %q, "stream": %q, "attributes": {%s}}`, kind, d, kind, string(d), attributes)
	if _, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		l.t.Fatal(err)
	}
}

// Bridge gives a server's Unix socket an address on loopback, for as long as the test.
func Bridge(t testing.TB, socket string) (address string) {
	t.Helper()
	return startRelay(t, "unix", socket).address()
}

// Nowhere is an address on loopback where nobody listens.
func Nowhere(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
