package diagnostics

import (
	"net/url"

	"github.com/opsdeck/opsdeck/backend/profile"
)

// Shape is a profile as a bundle tells of it: certificates and known hosts are named by their length alone, and a command, which
// may hold anything, by its number of arguments.
type Shape struct {
	Profile profile.Profile `json:"profile"`
	Lengths map[string]int  `json:"lengths"`
}

// ShapeOf makes the shape of a profile.
func ShapeOf(p profile.Profile) Shape {
	s := Shape{Profile: p, Lengths: map[string]int{}}
	for name, text := range map[string]*string{
		"postgres.server_ca": &s.Profile.Postgres.ServerCA, "postgres.client_certificate": &s.Profile.Postgres.ClientCertificate,
		"redis.server_ca": &s.Profile.Redis.ServerCA, "redis.client_certificate": &s.Profile.Redis.ClientCertificate,
		"workers.certificate": &s.Profile.Workers.Certificate, "workers.trust": &s.Profile.Workers.Trust,
		"reach.known_hosts": &s.Profile.Reach.KnownHosts, "logs.access_key": &s.Profile.Logs.AccessKey,
	} {
		if *text != "" {
			s.Lengths[name], *text = len(*text), ""
		}
	}
	if n := len(p.SecretsFrom.Command); n > 0 {
		s.Lengths["secrets_from.command"], s.Profile.SecretsFrom.Command = n, nil
	}
	return s
}

// HostsOf lists the hosts that a profile names.
func HostsOf(p profile.Profile) []string {
	hosts := append([]string{}, p.Postgres.Hosts...)
	hosts = append(hosts, p.Postgres.Replicas...)
	hosts = append(hosts, p.Redis.Addresses...)
	hosts = append(hosts, p.Reach.Address)
	for _, rule := range p.Workers.Rewrite {
		hosts = append(hosts, rule.From, rule.To)
	}
	for _, address := range append([]string{p.Logs.Endpoint}, p.Logs.Origins...) {
		if u, err := url.Parse(address); err == nil {
			hosts = append(hosts, u.Host)
		}
	}
	return hosts
}
