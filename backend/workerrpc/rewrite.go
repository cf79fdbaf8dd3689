package workerrpc

import (
	"net"
	"regexp"
	"strings"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// rule calls workers elsewhere than they say. See docs/connecting.md for how one is written.
type rule struct {
	host     *regexp.Regexp
	port     string // "*" = any
	toHost   string // its first * stands for what the pattern's first * stood for
	toPort   string // "*" = the same
	wildcard bool
}

// parseRules reads the rules of a profile. Each side is host:port; both parts may be *, and a host may have it inside.
func parseRules(rewrites []profile.Rewrite) ([]rule, error) {
	rules := make([]rule, 0, len(rewrites))
	for _, r := range rewrites {
		fromHost, fromPort, err := splitRule(r.From)
		if err != nil {
			return nil, err
		}
		toHost, toPort, err := splitRule(r.To)
		if err != nil {
			return nil, err
		}
		if strings.Count(toHost, "*") > 1 || strings.Contains(toHost, "*") && !strings.Contains(fromHost, "*") {
			return nil, badRule(r.To)
		}
		if toPort == "*" && fromPort != "*" {
			toPort = fromPort
		}
		pattern := strings.ReplaceAll(regexp.QuoteMeta(fromHost), `\*`, "(.*)")
		host, err := regexp.Compile("(?i)^" + pattern + "$")
		if err != nil {
			return nil, badRule(r.From)
		}
		rules = append(rules, rule{host: host, port: fromPort, toHost: toHost, toPort: toPort, wildcard: strings.Contains(toHost, "*")})
	}
	return rules, nil
}

func splitRule(text string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(text)
	if err != nil || host == "" || port == "" || strings.Contains(port, "*") && port != "*" {
		return "", "", badRule(text)
	}
	return host, port, nil
}

func badRule(text string) error {
	return scheduler.Errorf(scheduler.Invalid, "worker.bad_rewrite",
		"%q can't be part of a rule for workers' addresses: write host:port, such as 10.0.*:* or worker.example:50051.", text).With("rule", text)
}

// rewrite gives where a worker is called that advertises an address. The first rule that fits decides; without one it is the address.
func rewrite(rules []rule, address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	for _, r := range rules {
		found := r.host.FindStringSubmatch(host)
		if found == nil || r.port != "*" && r.port != port {
			continue
		}
		toHost, toPort := r.toHost, r.toPort
		if r.wildcard {
			toHost = strings.Replace(toHost, "*", found[1], 1)
		}
		if toPort == "*" {
			toPort = port
		}
		return net.JoinHostPort(toHost, toPort)
	}
	return address
}
