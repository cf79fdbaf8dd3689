package logs_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/opsdeck/opsdeck/backend/logs"
)

// hostileAddresses would read from a trap on this machine, each by a trick of its own. Allowed is
// http://logs.example.com/jobs, whose name leads to this machine.
func hostileAddresses(trap string) []string {
	_, port, _ := net.SplitHostPort(trap)
	hosts := []string{
		"127.0.0.1", "127.1", "127.0.1", "0.0.0.0", "0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1]", "[fe80::1%25lo]",
		"[0:0:0:0:0:0:0:1]", "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "169.254.169.254",
		"[fd00:ec2::254]", "100.100.100.200", "metadata.google.internal", "127.0.0.1.nip.io", "logs.example.com.", "logs.example.com.evil.example",
		"evil.example", "logsxexample.com", "logs.example.com%00.evil.example", "logs.example.com%2eevil.example", "logs%2eexample.com",
		"ｌogs.example.com", "logs。example.com", "logs.exаmple.com", "xn--logs-example-com", "①②⑦.⓪.⓪.①", "127。0。0。1",
		"logs.example.com\u200b", "\u202emoc.elpmaxe.sgol", "logs_example.com", "-logs.example.com", "logs..example.com",
		"logs.example.com",
	}
	users := []string{"", "logs.example.com@", "user:pass@", "@", "logs.example.com:80@", "logs.example.com%40", "logs.example.com%2f@", "logs.example.com\\@", "logs.example.com#@", "logs.example.com?@"}
	paths := []string{"/jobs/a.log", "/jobs/../secret", "/jobs/%2e%2e/secret", "/jobs/..%2fsecret", "/jobs\\..\\secret", "/jobs/%5c..%5csecret", "//jobs/a.log", "/jobs-evil/a.log", "/%6a%6f%62%73/../x"}
	var all []string
	for i, host := range hosts {
		for j, user := range users {
			path := paths[(i+j)%len(paths)]
			all = append(all, "http://"+user+host+":"+port+path)
		}
	}
	for _, scheme := range []string{"https", "HTTP", "hTTp", "ftp", "file", "gopher", "javascript", "data", "ws", "unix", "jar", "http+unix", "view-source:http"} {
		all = append(all, scheme+"://127.0.0.1:"+port+"/jobs/a.log")
	}
	for _, path := range paths[1:] {
		all = append(all, "http://logs.example.com:"+port+path)
	}
	for _, odd := range []string{
		"http:127.0.0.1:%s/jobs", "http:/127.0.0.1:%s/jobs", "http:///127.0.0.1:%s/jobs", "http:\\\\127.0.0.1:%s\\jobs", " http://127.0.0.1:%s/jobs",
		"http://127.0.0.1:%s/jobs\r\nHost: logs.example.com", "http://logs.example.com:%s/jobs/a\nX: y", "http://logs.example.com:%s/jobs/a#b", "http://logs.example.com:%s:80/jobs/a",
		"http://logs.example.com:0x50%s/jobs/a", "http://logs.example.com\t:%s/jobs/a", "http://[::1]%%:%s/jobs", "http://logs.example.com:%s/jobs/\u202egol.a",
	} {
		all = append(all, fmt.Sprintf(odd, port))
	}
	return all
}

func TestNoHostileAddressIsFollowed(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(trap.Close)
	address := strings.TrimPrefix(trap.URL, "http://")
	_, port, _ := net.SplitHostPort(address)
	files := open(t, logs.Config{
		Origins: []string{"http://logs.example.com:" + port + "/jobs"}, Resolver: nameServer(func(string, int) netip.Addr { return netip.MustParseAddr("127.0.0.1") }),
	})
	all := hostileAddresses(address)
	if len(all) < 500 {
		t.Fatalf("only %d addresses", len(all))
	}
	for _, ref := range all {
		if _, _, err := read(t, files, ref, 0); err == nil || strings.HasPrefix(reasonOf(err), "not told") {
			t.Errorf("%q: %v", ref, err)
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d requests reached the trap", n)
	}
}

// A name that leads elsewhere the second time it is asked for gains nothing: the address that is connected to is looked at.
func TestANameThatChangesItsMindIsRefused(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(trap.Close)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(trap.URL, "http://"))
	for _, near := range []string{"127.0.0.1", "::1", "169.254.169.254", "0.0.0.0", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "fd00:ec2::254"} {
		files := open(t, logs.Config{
			Origins: []string{"http://rebind.example.com:" + port}, Resolver: nameServer(func(_ string, asked int) netip.Addr {
				if asked == 0 {
					return netip.MustParseAddr("192.0.2.1")
				}
				return netip.MustParseAddr(near)
			}),
		})
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // the first answer is a place that would never answer
		_, _ = files.OpenLog(ctx, "http://rebind.example.com:"+port+"/a", 0, "")
		if _, _, err := read(t, files, "http://rebind.example.com:"+port+"/a", 0); err == nil {
			t.Errorf("%s was followed", near)
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d requests reached the trap", n)
	}
}

// nameServer answers every name with what choose says; asked counts the questions before.
func nameServer(choose func(name string, asked int) netip.Addr) *net.Resolver {
	var asked atomic.Int32
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer func() { _ = theirs.Close() }()
			answer(theirs, func(name string) netip.Addr { return choose(name, int(asked.Add(1))-1) })
		}()
		return ours, nil
	}}
}

// answer speaks DNS over a stream: two bytes of length before each message.
func answer(c net.Conn, choose func(string) netip.Addr) {
	for {
		var length [2]byte
		if _, err := io.ReadFull(c, length[:]); err != nil {
			return
		}
		message := make([]byte, int(length[0])<<8|int(length[1]))
		if _, err := io.ReadFull(c, message); err != nil {
			return
		}
		var question dnsmessage.Message
		if err := question.Unpack(message); err != nil || len(question.Questions) == 0 {
			return
		}
		q := question.Questions[0]
		reply := dnsmessage.Message{Header: dnsmessage.Header{ID: question.ID, Response: true, RecursionAvailable: true}, Questions: question.Questions}
		head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 0}
		switch at := choose(q.Name.String()); {
		case q.Type == dnsmessage.TypeA && at.Is4():
			reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: at.As4()}})
		case q.Type == dnsmessage.TypeAAAA && at.Is6():
			reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: at.As16()}})
		}
		packed, err := reply.Pack()
		if err != nil {
			return
		}
		if _, err := c.Write(append([]byte{byte(len(packed) >> 8), byte(len(packed))}, packed...)); err != nil {
			return
		}
	}
}
