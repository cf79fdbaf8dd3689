package logs

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// origin is where logs may be read: a server, and a path that they lie below.
type origin struct {
	scheme, host, port string
	path               string // without a slash at its end
}

// hostName is a name, an IPv4 address in its usual form, or an IPv6 address without a zone. Names beyond ASCII come as
// punycode: what looks like a host that is allowed may be another.
var hostName = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|[0-9a-f:.]*:[0-9a-f:.]*)$`)

// hiddenInPath are separators and dots that a server may read otherwise than a client.
var hiddenInPath = regexp.MustCompile(`(?i)%(?:2e|2f|5c|00)`)

// parseAddress reads an http(s) address, and refuses whatever two programs might read in two ways.
func parseAddress(text string) (*url.URL, origin, string) {
	if strings.ContainsFunc(text, func(r rune) bool { return r == '\\' || unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return nil, origin{}, "it has characters that an address can't have"
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, origin{}, "it can't be read"
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, origin{}, "it is neither http nor https"
	case u.User != nil:
		return nil, origin{}, "it has a user in it"
	case u.Opaque != "" || u.Fragment != "" || strings.Contains(text, "#"):
		return nil, origin{}, "it has parts that a log's address doesn't need"
	}
	host := strings.ToLower(u.Hostname())
	if !hostName.MatchString(host) {
		return nil, origin{}, "its host isn't written in the usual way"
	}
	if clean := path.Clean("/" + u.Path); hiddenInPath.MatchString(u.EscapedPath()) ||
		strings.TrimSuffix(u.Path, "/") != strings.TrimSuffix(clean, "/") {
		return nil, origin{}, "its path isn't written in the usual way"
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u, origin{scheme: u.Scheme, host: host, port: port, path: strings.TrimSuffix(u.Path, "/")}, ""
}

func parseOrigin(text string) (origin, error) {
	u, o, why := parseAddress(text)
	if why == "" && (u.RawQuery != "" || u.ForceQuery) {
		why = "it has a query"
	}
	if why != "" {
		return origin{}, scheduler.Errorf(scheduler.Invalid, "log.bad_origin",
			"Logs can't be allowed from %q: %s. Write it like https://logs.example.com/jobs.", text, why).With("origin", text)
	}
	return o, nil
}

// holds tells whether an address lies within the origin.
func (o origin) holds(a origin) bool {
	return o.scheme == a.scheme && o.host == a.host && o.port == a.port &&
		(a.path == o.path || strings.HasPrefix(a.path, o.path+"/"))
}

// allow parses an address and makes sure that the profile allows it.
func (f *Files) allow(ref string) (*url.URL, error) {
	u, address, why := parseAddress(ref)
	if why != "" {
		return nil, scheduler.Errorf(scheduler.Invalid, "log.bad_address", "Opsdeck doesn't open this address: %s. It is %s.", why, ref).With("ref", ref).With("host", asciiHost(ref))
	}
	for _, o := range f.origins {
		if o.holds(address) {
			return u, nil
		}
	}
	return nil, scheduler.Errorf(scheduler.Forbidden, "log.origin_refused",
		"Logs may not be read from %s. Whoever keeps this environment's profile can allow it there.", u.Host).
		With("host", u.Host).With("reads", readHost(address.host)).With("address", outside(u)).With("origin", address.scheme+"://"+u.Host)
}

// namesItself tells whether an allowed origin is written with this very address.
func (f *Files) namesItself(host string) bool {
	for _, o := range f.origins {
		if o.host == host {
			return true
		}
	}
	return false
}
