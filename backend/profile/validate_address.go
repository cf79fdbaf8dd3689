package profile

import (
	"net"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var hostShape = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$`)

func (c *checker) addresses(field string, list []string, required, sockets bool) {
	if len(list) == 0 && required {
		c.wrong(field, "profile.missing", "%s is missing.", field)
	}
	if len(list) > maxHosts {
		c.wrong(field, "profile.too_many", "%s has more than %d lines.", field, maxHosts)
		return
	}
	for _, address := range list {
		if sockets && socket(address) || hostAndPort(address) {
			continue
		}
		// The text isn't repeated: somebody may have put a URL with a password there.
		c.wrong(field, "profile.bad_address", "%s is a host with its port, such as db.example:5432.", field)
		return
	}
}

// socket tells whether an address is the clean path of a Unix socket, or of its folder with a port.
func socket(address string) bool {
	file, port, found := strings.Cut(address, ":")
	return isSocket(address) && path.Clean(file) == file && len(address) <= maxText && strconv.CanBackquote(address) && (!found || validPort(port))
}

func hostAndPort(address string) bool {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !validPort(port) || len(host) > maxText {
		return false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return hostShape.MatchString(host)
}

func validPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0 && text == strconv.FormatUint(port, 10)
}

// noSockets refuses what a jump host or proxy doesn't lead to.
func (c *checker) noSockets(p Profile) {
	for _, l := range []struct {
		field string
		list  []string
	}{{"postgres.hosts", p.Postgres.Hosts}, {"postgres.replicas", p.Postgres.Replicas}, {"redis.addresses", p.Redis.Addresses}} {
		if slices.ContainsFunc(l.list, isSocket) {
			c.wrong(l.field, "profile.far_socket", "%s is a Unix socket, which only a direct connection reaches.", l.field)
		}
	}
}

func (c *checker) origins(field string, list []string) {
	if len(list) > maxHosts {
		c.wrong(field, "profile.too_many", "%s has more than %d lines.", field, maxHosts)
		return
	}
	for _, origin := range list {
		if u, err := url.Parse(origin); err != nil || !isWeb(u) || strings.Trim(u.Path, "/") != "" {
			c.wrong(field, "profile.bad_url", "%s is a URL like https://s3.example:9000, without user, path and query.", field)
			return
		}
	}
}

// isWeb tells whether a URL is plain http or https to a host, with nothing in it that could be a secret.
func isWeb(u *url.URL) bool {
	port := u.Port()
	return (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && u.RawQuery == "" && u.Fragment == "" && !u.ForceQuery &&
		len(u.Host) <= maxText && (port == "" && hostAndPort(net.JoinHostPort(u.Hostname(), "1")) || hostAndPort(net.JoinHostPort(u.Hostname(), port)))
}
