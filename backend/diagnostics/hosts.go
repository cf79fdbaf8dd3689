package diagnostics

import (
	"fmt"
	"net"
	"slices"
	"strings"
)

// hosts hides hosts behind numbers, the longest first: one may be a part of another. Nothing is hidden of this machine's own
// loopback.
func hosts(named []string) *strings.Replacer {
	var known []string
	for _, address := range named {
		host := address
		if h, _, err := net.SplitHostPort(address); err == nil {
			host = h
		}
		if host == "" || host == "localhost" || strings.HasPrefix(host, "/") || net.ParseIP(host).IsLoopback() || slices.Contains(known, host) {
			continue
		}
		known = append(known, host)
	}
	numbers := map[string]string{}
	for i, host := range known {
		numbers[host] = fmt.Sprintf("host-%d", i+1)
	}
	slices.SortStableFunc(known, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, host := range known {
		pairs = append(pairs, host, numbers[host])
	}
	return strings.NewReplacer(pairs...)
}
