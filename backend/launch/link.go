package launch

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	maxLink  = 2000 // what browsers pass on
	maxParts = 4    // of a route, below /ops/
)

// Link is a screen of an environment or of an archive. Exactly one of Profile and Archive is set.
type Link struct {
	Profile string // the environment's id
	Archive string // what its file is known by, wherever it lies
	File    string // the name that the archive's file had; "" = not told
	Live    string // the id of the environment that the archive was made from; "" = not told
	Moment  string // that the link is of, as RFC 3339 has it; "" = not told
	Route   string // as the page knows it: "/ops/runs/123/"
}

// archivePrefix begins the first part of a link into an archive; no profile's id has a dot.
const archivePrefix = "archive."

// What a link tells beside its screen stands among the screen's filters, under names that no screen has.
const (
	momentName = "moment"
	fileName   = "file"
	liveName   = "live"
)

var (
	// profileID is how a profile is named in files and links.
	profileID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	// archiveID is what an archive's file is known by.
	archiveID = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// screens are the routes that a link may lead to, by what follows /ops/. Screens that change something are not among them.
var screens = map[string]bool{
	"": true, "jobs": true, "runs": true, "compare": true, "timeline": true, "expected": true, "workers": true,
	"failures": true, "events": true, "settings": true, "audit": true, "watching": true,
}

// forms are the last parts of routes that lead to a form.
var forms = map[string]bool{"new": true, "edit": true}

// ParseLink reads a link such as opsdeck://staging/ops/runs/123. It refuses everything that it does not know.
func ParseLink(text string) (Link, error) {
	if len(text) > maxLink || !clean(text) || strings.Contains(text, `\`) {
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
	}
	var link Link
	if id, ok := strings.CutPrefix(u.Host, archivePrefix); ok && archiveID.MatchString(id) {
		link.Archive = id
	} else if IsProfile(u.Host) {
		link.Profile = u.Host
	} else {
		return Link{}, badLink("its first part is neither the id of a profile nor an archive's")
	}
	if link.Route, err = route(u.EscapedPath()); err != nil {
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
	if err := link.take(query); err != nil {
		return Link{}, err
	}
	if len(query) > 0 {
		link.Route += "?" + query.Encode()
	}
	return link, nil
}

// take moves what a link tells beside its screen out of the filters.
func (l *Link) take(query url.Values) error {
	told := map[string]*string{momentName: &l.Moment}
	if l.Archive != "" {
		told[fileName], told[liveName] = &l.File, &l.Live
	}
	for name, into := range told {
		values := query[name]
		delete(query, name)
		switch len(values) {
		case 0:
		case 1:
			*into = values[0]
		default:
			return badLink("it tells something twice")
		}
	}
	if l.Moment != "" {
		at, err := time.Parse(time.RFC3339Nano, l.Moment)
		if err != nil || at.UTC().Year() < 1970 || at.UTC().Year() > 9999 {
			return badLink("its moment is no time")
		}
		l.Moment = Moment(at)
	}
	if l.File != "" && !IsFileName(l.File) {
		return badLink("it names a file that is no archive")
	}
	if l.Live != "" && !IsProfile(l.Live) {
		return badLink("it names an environment that can't be one")
	}
	return nil
}

// Moment writes a time as links have it.
func Moment(at time.Time) string { return at.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano) }

// IsProfile tells whether a text can be the id of a profile.
func IsProfile(id string) bool { return profileID.MatchString(id) }

// IsFileName tells whether a name is an archive's on every system, and no way to anywhere.
func IsFileName(name string) bool {
	return clean(name) && len(name) <= 255 && len(name) > len(Extension) && strings.EqualFold(name[len(name)-len(Extension):], Extension) &&
		!strings.ContainsAny(name, `/\:`) && strings.TrimSpace(name) == name
}

// route checks the path of a link and gives it as the page writes it.
func route(escaped string) (string, error) {
	rest, ok := strings.CutPrefix(escaped+"/", "/ops/")
	if !ok {
		return "", badLink("what follows the environment doesn't begin with /ops/")
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
func (l Link) String() string {
	host := l.Profile
	if l.Archive != "" {
		host = archivePrefix + l.Archive
	}
	path, filters, _ := strings.Cut(l.Route, "?")
	told := url.Values{}
	for name, value := range map[string]string{momentName: l.Moment, fileName: l.File, liveName: l.Live} {
		if value != "" {
			told.Set(name, value)
		}
	}
	query := strings.Trim(filters+"&"+told.Encode(), "&")
	if query != "" {
		path += "?" + query
	}
	return Scheme + "://" + host + path
}
