package logs

import (
	"net/url"
	"regexp"

	"golang.org/x/net/idna"
)

// asciiHost is the host of an address as name servers are asked for it, where it is written otherwise; "" = it isn't, or can't be read.
// Letters of other scripts look like those of a host that an operator knows.
func asciiHost(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	host, err := idna.Punycode.ToASCII(u.Hostname())
	if err != nil || host == u.Hostname() || !hostName.MatchString(host) {
		return ""
	}
	return host
}

// readHost is a host's name in the letters that it stands for; "" = the same.
func readHost(ascii string) string {
	host, err := idna.Punycode.ToUnicode(ascii)
	if err != nil || host == ascii {
		return ""
	}
	return host
}

// plainAddress is what every program that is handed an address reads in the same way.
var plainAddress = regexp.MustCompile(`^[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+$`)

// outside is an address that may be handed to a browser; "" = it may not.
func outside(u *url.URL) string {
	if text := u.String(); plainAddress.MatchString(text) {
		return text
	}
	return ""
}
