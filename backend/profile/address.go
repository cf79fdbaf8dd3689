package profile

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const postgresPort = "5432"

// ParsePostgresURL reads an address as libpq writes it into fields, and the password apart. What a profile has no field for is
// refused. Its errors don't repeat the address, which may hold a password.
func ParsePostgresURL(raw string) (Postgres, Secret, error) {
	bad := scheduler.Errorf(scheduler.Invalid, "postgres.bad_url",
		"The address of PostgreSQL can't be read. It looks like postgres://user@host:5432/database.")
	raw, authority := withoutHosts(raw)
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return Postgres{}, "", bad
	}
	var p Postgres
	p.User = u.User.Username()
	password, _ := u.User.Password()
	p.Database = strings.TrimPrefix(u.Path, "/")
	hosts, ports := splitHosts(authority)
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Postgres{}, "", bad
	}
	for name := range q {
		value := q.Get(name)
		switch name {
		case "host":
			hosts = strings.Split(value, ",")
		case "port":
			ports = strings.Split(value, ",")
		case "user":
			p.User = value
		case "password":
			password = value
		case "dbname":
			p.Database = value
		case "sslmode":
			p.SSLMode = value
		case "target_session_attrs":
			p.TargetSessionAttrs = value
		default:
			return Postgres{}, "", scheduler.Errorf(scheduler.Invalid, "postgres.url_parameter",
				"The address of PostgreSQL has the parameter %s, which a profile doesn't know. Leave it away, and use the fields for certificates.", name).With("parameter", name)
		}
	}
	if p.Hosts = joinHosts(hosts, ports); p.Hosts == nil {
		return Postgres{}, "", bad
	}
	return p, Secret(password), nil
}

// URL is the address as pgx reads it, with the password if there is one.
func (p Postgres) URL(password Secret) string {
	u := url.URL{Scheme: "postgres", User: userInfo(p.User, password), Path: "/" + p.Database}
	var hosts, ports []string
	for _, address := range p.Hosts {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			host, port = address, postgresPort
		}
		hosts, ports = append(hosts, host), append(ports, port)
	}
	// Hosts are parameters: in their usual place Go takes only one.
	q := url.Values{"host": {strings.Join(hosts, ",")}, "port": {strings.Join(ports, ",")}}
	if p.SSLMode != "" {
		q.Set("sslmode", p.SSLMode)
	}
	if p.TargetSessionAttrs != "" {
		q.Set("target_session_attrs", p.TargetSessionAttrs)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// ParseRedisURL reads an address as redis-cli and go-redis write it into fields, and the password apart.
func ParseRedisURL(raw string) (Redis, Secret, error) {
	bad := scheduler.Errorf(scheduler.Invalid, "redis.bad_url",
		"The address of Redis can't be read. It looks like redis://user@host:6379/0, or rediss:// for TLS.")
	u, err := url.Parse(raw)
	if err != nil {
		return Redis{}, "", bad
	}
	r := Redis{Mode: Single, User: u.User.Username()}
	password, _ := u.User.Password()
	database := u.Query().Get("db")
	switch u.Scheme {
	case "unix":
		r.Addresses = []string{u.Path}
	case "redis", "rediss":
		r.TLS = u.Scheme == "rediss"
		host, port := u.Hostname(), u.Port()
		if host == "" {
			return Redis{}, "", bad
		}
		if port == "" {
			port = "6379"
		}
		r.Addresses = []string{net.JoinHostPort(host, port)}
		if path := strings.Trim(u.Path, "/"); path != "" {
			database = path
		}
	default:
		return Redis{}, "", bad
	}
	if database != "" {
		if r.Database, err = strconv.Atoi(database); err != nil {
			return Redis{}, "", bad
		}
	}
	return r, Secret(password), nil
}

// URL is the address of a single server as go-redis reads it, with the password if there is one.
func (r Redis) URL(password Secret) string {
	if len(r.Addresses) == 0 {
		return ""
	}
	u := url.URL{Scheme: "redis", User: userInfo(r.User, password), Host: r.Addresses[0], Path: "/" + strconv.Itoa(r.Database)}
	if r.TLS {
		u.Scheme = "rediss"
	}
	if strings.HasPrefix(r.Addresses[0], "/") {
		u.Scheme, u.Host, u.Path = "unix", "", r.Addresses[0]
		u.RawQuery = url.Values{"db": {strconv.Itoa(r.Database)}}.Encode()
	}
	return u.String()
}

func userInfo(user string, password Secret) *url.Userinfo {
	switch {
	case password != "":
		return url.UserPassword(user, password.Reveal())
	case user != "":
		return url.User(user)
	}
	return nil
}

// withoutHosts takes the hosts out of an address: several, with their ports, are nothing that Go parses.
func withoutHosts(raw string) (rest, hosts string) {
	scheme, after, found := strings.Cut(raw, "://")
	if !found {
		return raw, ""
	}
	end := strings.IndexAny(after, "/?#")
	if end < 0 {
		end = len(after)
	}
	authority := after[:end]
	start := strings.LastIndex(authority, "@") + 1
	return scheme + "://" + authority[:start] + after[end:], authority[start:]
}

func splitHosts(authority string) (hosts, ports []string) {
	if authority == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(authority, ",") {
		host, port, err := net.SplitHostPort(part)
		if err != nil {
			host, port = strings.Trim(part, "[]"), postgresPort
		}
		hosts, ports = append(hosts, host), append(ports, port)
	}
	return hosts, ports
}

// joinHosts pairs hosts with ports, of which one may do for all; nil if they don't fit.
func joinHosts(hosts, ports []string) []string {
	if len(ports) == 0 {
		ports = []string{postgresPort}
	}
	if len(ports) != 1 && len(ports) != len(hosts) {
		return nil
	}
	var joined []string
	for i, host := range hosts {
		joined = append(joined, net.JoinHostPort(host, ports[min(i, len(ports)-1)]))
	}
	return joined
}
