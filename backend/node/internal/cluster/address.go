package cluster

import (
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// target is a Redis address, taken apart. There are three kinds:
//
//	redis://user:password@host:6379/0
//	redis+sentinel://user:password@host:26379,host:26379/master-name/0?sentinel_username=…&sentinel_password=…
//	redis+cluster://user:password@host:6379,host:6379
//
// each with rediss instead of redis for TLS, and unix:// for a socket.
type target struct {
	single   *redis.Options // nil for the other two kinds
	sentinel *redis.FailoverOptions
	cluster  *redis.ClusterOptions
	name     string // what errors call it, without secrets
}

var errAddress = errors.New("not a Redis address")

func parseTarget(text string) (target, error) {
	t, err := readTarget(text)
	if err != nil { // the cause may quote the address with its password
		return t, scheduler.Errorf(scheduler.Invalid, "redis.bad_url",
			"the Redis address can't be read: write redis://user:password@host:port/0, redis+sentinel://…@host:port,host:port/master/0 "+
				"or redis+cluster://…@host:port,host:port, and rediss for TLS")
	}
	return t, nil
}

func readTarget(text string) (target, error) {
	scheme, rest, _ := strings.Cut(text, "://")
	base, kind, many := strings.Cut(scheme, "+")
	if !many {
		options, err := redis.ParseURL(text)
		if err != nil {
			return target{}, err
		}
		options.DialTimeout, options.ReadTimeout, options.WriteTimeout = callTimeout, callTimeout, callTimeout
		options.ContextTimeoutEnabled, options.DisableIdentity, options.PoolSize = true, true, poolSize
		options.MaxRetries, options.DialerRetries = -1, 1 // the next beat is the retry
		options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
		return target{single: options, name: options.Addr}, nil
	}
	p, err := splitHosts(rest)
	if err != nil {
		return target{}, err
	}
	switch base {
	case "redis":
	case "rediss":
		p.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	default:
		return target{}, errAddress
	}
	switch kind {
	case "sentinel":
		return p.sentinel()
	case "cluster":
		return p.cluster()
	}
	return target{}, errAddress
}

// parts are those of an address with several hosts.
type parts struct {
	hosts          []string
	user, password string
	path           []string
	query          url.Values
	tls            *tls.Config
}

// splitHosts reads what follows the scheme. The hosts are cut out first: a URL can't have several.
func splitHosts(rest string) (parts, error) {
	authority := rest
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		authority = rest[:end]
	}
	hosts := authority[strings.LastIndex(authority, "@")+1:]
	u, err := url.Parse("redis://" + strings.TrimSuffix(authority, hosts) + "host" + rest[len(authority):])
	if err != nil {
		return parts{}, err
	}
	p := parts{hosts: strings.Split(hosts, ","), user: u.User.Username(), query: u.Query()}
	p.password, _ = u.User.Password()
	p.path = strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	for _, host := range p.hosts {
		if name, port, err := net.SplitHostPort(host); err != nil || name == "" || port == "" {
			return parts{}, errAddress
		}
	}
	return p, nil
}

// only refuses parameters that would be ignored.
func (p parts) only(names ...string) error {
	for name := range p.query {
		known := false
		for _, n := range names {
			known = known || n == name
		}
		if !known {
			return errAddress
		}
	}
	return nil
}

func (p parts) sentinel() (target, error) {
	if err := p.only("sentinel_username", "sentinel_password"); err != nil || len(p.path) < 1 || len(p.path) > 2 {
		return target{}, errAddress
	}
	database := 0
	if len(p.path) == 2 {
		var err error
		if database, err = strconv.Atoi(p.path[1]); err != nil {
			return target{}, err
		}
	}
	return target{name: strings.Join(p.hosts, ","), sentinel: &redis.FailoverOptions{
		MasterName: p.path[0], SentinelAddrs: p.hosts, DB: database, TLSConfig: p.tls,
		SentinelUsername: p.query.Get("sentinel_username"), SentinelPassword: p.query.Get("sentinel_password"),
		Username: p.user, Password: p.password,
		DialTimeout: callTimeout, ReadTimeout: callTimeout, WriteTimeout: callTimeout,
		ContextTimeoutEnabled: true, DisableIdentity: true, PoolSize: poolSize, MaxRetries: -1, DialerRetries: 1,
	}}, nil
}

func (p parts) cluster() (target, error) {
	if err := p.only(); err != nil || len(p.path) > 0 {
		return target{}, errAddress
	}
	return target{name: strings.Join(p.hosts, ","), cluster: &redis.ClusterOptions{
		Addrs: p.hosts, Username: p.user, Password: p.password, TLSConfig: p.tls,
		DialTimeout: callTimeout, ReadTimeout: callTimeout, WriteTimeout: callTimeout,
		ContextTimeoutEnabled: true, DisableIdentity: true, PoolSize: poolSize, MaxRetries: -1, DialerRetries: 1,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}}, nil
}

func (t target) client() redis.UniversalClient {
	switch {
	case t.sentinel != nil:
		return redis.NewFailoverClient(t.sentinel)
	case t.cluster != nil:
		return redis.NewClusterClient(t.cluster)
	}
	return redis.NewClient(t.single)
}
