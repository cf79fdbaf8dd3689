package launch

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	maxLink  = 2000 // what browsers pass on
	maxParts = 4    // of a route, below /ops/
)

// profileID is how a profile is named in files and links.
var profileID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// screens are the routes that a link may lead to, by what follows /ops/. Screens that change something are not among them.
var screens = map[string]bool{
	"": true, "jobs": true, "runs": true, "compare": true, "timeline": true, "expected": true, "workers": true,
	"failures": true, "events": true, "settings": true, "audit": true,
}

// forms are the last parts of routes that lead to a form.
var forms = map[string]bool{"new": true, "edit": true}

// ParseLink reads a link such as opsdeck://staging/ops/runs/123. It refuses everything that it does not know.
func ParseLink(text string) (Link, error) {
	if len(text) > maxLink || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\\'
	}) {
		return Link{}, badLink("it holds characters that no link has, or is too long")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return Link{}, badLink("it is no address")
	case u.Scheme != Scheme || u.Opaque != "":
		return Link{}, badLink("it doesn't begin with opsdeck://")
	case u.User != nil || strings.Contains(u.Host, ":"):
		return Link{}, badLink("it holds a login or a port")
	case strings.Contains(text, "#"):
		return Link{}, badLink("it holds a #")
	case !profileID.MatchString(u.Host):
		return Link{}, badLink("its first part is not the id of a profile")
	}
	path, err := route(u.EscapedPath())
	if err != nil {
		return Link{}, err
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Link{}, badLink("its filters can't be read")
	}
	for name, values := range query {
		for _, value := range append(values, name) {
			if !clean(value) {
				return Link{}, badLink("its filters hold characters that no text has")
			}
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return Link{Profile: u.Host, Route: path}, nil
}

// route checks the path of a link and gives it as the page writes it.
func route(escaped string) (string, error) {
	rest, ok := strings.CutPrefix(escaped+"/", "/ops/")
	if !ok {
		return "", badLink("what follows the profile doesn't begin with /ops/")
	}
	var parts []string
	for part := range strings.SplitSeq(strings.Trim(rest, "/"), "/") {
		plain, err := url.PathUnescape(part)
		if err != nil || !clean(plain) || plain == "." || plain == ".." || (plain == "" && strings.Trim(rest, "/") != "") {
			return "", badLink("a part of it can't be read")
		}
		parts = append(parts, plain)
	}
	if !screens[parts[0]] || len(parts) > maxParts || forms[parts[len(parts)-1]] {
		return "", badLink("it names no screen that a link may lead to")
	}
	if parts[0] == "" {
		return "/ops/", nil
	}
	var out strings.Builder
	out.WriteString("/ops/")
	for _, part := range parts {
		out.WriteString(url.PathEscape(part))
		out.WriteByte('/')
	}
	return out.String(), nil
}

// clean tells whether a text holds only what can be seen.
func clean(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
}

// BadLink is the reason of every error of ParseLink.
const BadLink = "launch.bad_link"

func badLink(why string) error {
	return scheduler.Errorf(scheduler.Invalid, BadLink, "This link can't be followed: %s. A link looks like opsdeck://staging/ops/runs/123.", why)
}

// String is the link as it can be handed on.
func (l Link) String() string { return Scheme + "://" + l.Profile + l.Route }
