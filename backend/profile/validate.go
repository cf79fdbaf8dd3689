package profile

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/ssh"
	"golang.org/x/text/secure/precis"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// How much a profile may hold.
const (
	maxName = 80 // characters
	maxText = 255
	// maxIdleMinutes is a day: whoever wants longer wants none.
	maxIdleMinutes = 24 * 60
	maxHosts       = 16
	maxRules       = 64
	maxPEM         = 256 << 10
	maxKnownHosts  = 64 << 10
	maxArguments   = 32
	maxArgument    = 4096
	maxDatabase    = 1<<16 - 1
)

// Problems is what is wrong with a profile, an error a field. Its first is what errors.As finds.
type Problems []*scheduler.Error

func (p Problems) Error() string {
	var sentences []string
	for _, e := range p {
		sentences = append(sentences, e.Message)
	}
	return strings.Join(sentences, " ")
}

// Unwrap gives errors.Is and errors.As each of them.
func (p Problems) Unwrap() []error {
	var all []error
	for _, e := range p {
		all = append(all, e)
	}
	return all
}

// FieldOf gives the field that an error of Validate is about, such as "postgres.hosts"; "" if it is about none.
func FieldOf(e *scheduler.Error) string { return e.Args["field"] }

var (
	idShape     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	bucketShape = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	// reserved are names that Windows has for devices, in any folder.
	reserved = regexp.MustCompile(`^(con|prn|aux|nul|com\d|lpt\d)$`)

	sslModes     = []string{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
	sessionAttrs = []string{"", "any", "read-write", "read-only", "primary", "standby", "prefer-standby"}
)

// checker collects problems.
type checker struct{ problems Problems }

func (c *checker) wrong(field, reason, format string, args ...any) {
	c.problems = append(c.problems, scheduler.Errorf(scheduler.Invalid, reason, format, args...).With("field", field))
}

// Validate says everything that is wrong with a normal profile, as Problems; nil if nothing is.
func (p Profile) Validate() error {
	c := &checker{}
	if !idShape.MatchString(p.ID) || reserved.MatchString(p.ID) {
		c.wrong("id", "profile.bad_id", "The id of a profile is made of small letters, digits and hyphens, at most 63.")
	}
	c.name(p.Name)
	oneOf(c, "kind", p.Kind, Kinds()...)
	oneOf(c, "color", p.Color, Colors()...)
	if p.IdleMinutes < 0 || p.IdleMinutes > maxIdleMinutes {
		c.wrong("idle_minutes", "profile.bad_idle", "The time after which an unused environment is closed is 1 to %d minutes, or none.", maxIdleMinutes)
	}
	p.Postgres.check(c)
	p.Redis.check(c)
	p.Workers.check(c)
	p.Reach.check(c)
	p.Logs.check(c)
	p.SecretsFrom.check(c)
	if p.Reach.Kind != Direct {
		c.noSockets(p)
	}
	if len(c.problems) == 0 {
		return nil
	}
	return c.problems
}

func (c *checker) name(name string) {
	if _, err := precis.Nickname.String(name); err != nil || utf8.RuneCountInString(name) > maxName {
		c.wrong("name", "profile.bad_name", "A name has 1 to %d characters that can be seen.", maxName)
	}
}

func oneOf[T ~string](c *checker, field string, value T, known ...T) {
	if !slices.Contains(known, value) {
		c.wrong(field, "profile.bad_choice", "%s is none of the choices there are.", field)
	}
}

// text checks a text that servers see. Nothing in it may end a line or hide.
func (c *checker) text(field, value string, required bool) {
	if value == "" && required {
		c.wrong(field, "profile.missing", "%s is missing.", field)
	}
	if len(value) > maxText || !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return !strconv.IsPrint(r) }) {
		c.wrong(field, "profile.bad_text", "%s has more than %d bytes, or characters that can't be seen.", field, maxText)
	}
}

func (c *checker) certificates(field, text string, required bool) {
	if text == "" {
		if required {
			c.wrong(field, "profile.missing", "%s is missing.", field)
		}
		return
	}
	if err := checkCertificates(text); err != nil {
		if errors.Is(err, errPrivateKey) {
			c.wrong(field, "profile.private_key", "%s holds a private key. A profile isn't secret: put the key among the secrets.", field)
			return
		}
		c.wrong(field, "profile.bad_certificate", "%s is no list of certificates in PEM.", field)
	}
}

var errPrivateKey = errors.New("a private key among certificates")

func checkCertificates(text string) error {
	if len(text) > maxPEM {
		return errors.New("too long")
	}
	if strings.Contains(text, "PRIVATE KEY") {
		return errPrivateKey
	}
	rest := []byte(text)
	for len(rest) > 0 {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "CERTIFICATE" {
			return errors.New("something else than certificates")
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return err
		}
	}
	return nil
}

func (p Postgres) check(c *checker) {
	c.addresses("postgres.hosts", p.Hosts, true, true)
	c.addresses("postgres.replicas", p.Replicas, false, true)
	c.text("postgres.database", p.Database, true)
	c.text("postgres.user", p.User, true)
	oneOf(c, "postgres.ssl_mode", p.SSLMode, sslModes...)
	oneOf(c, "postgres.target_session_attrs", p.TargetSessionAttrs, sessionAttrs...)
	c.certificates("postgres.server_ca", p.ServerCA, false)
	c.certificates("postgres.client_certificate", p.ClientCertificate, false)
}

func (r Redis) check(c *checker) {
	oneOf(c, "redis.mode", r.Mode, Single, Sentinel, Cluster)
	c.addresses("redis.addresses", r.Addresses, true, r.Mode == Single)
	if r.Mode == Single && len(r.Addresses) > 1 {
		c.wrong("redis.addresses", "profile.one_address", "A single Redis has one address. Choose Sentinel or Cluster for several.")
	}
	if r.Database < 0 || r.Database > maxDatabase || r.Mode == Cluster && r.Database != 0 {
		c.wrong("redis.database", "profile.bad_redis_database", "The number of a Redis database is 0 to %d, and 0 in a Cluster.", maxDatabase)
	}
	c.text("redis.user", r.User, false)
	c.text("redis.sentinel_user", r.SentinelUser, false)
	c.text("redis.master_name", r.MasterName, r.Mode == Sentinel)
	c.certificates("redis.server_ca", r.ServerCA, false)
	c.certificates("redis.client_certificate", r.ClientCertificate, false)
}

func (w Workers) check(c *checker) {
	oneOf(c, "workers.mode", w.Mode, NoCalls, Plaintext, MutualTLS)
	c.certificates("workers.certificate", w.Certificate, w.Mode == MutualTLS)
	c.certificates("workers.trust", w.Trust, w.Mode == MutualTLS)
	if len(w.Rewrite) > maxRules {
		c.wrong("workers.rewrite", "profile.too_many", "workers.rewrite has more than %d lines.", maxRules)
		return
	}
	for _, r := range w.Rewrite {
		c.text("workers.rewrite", r.From, true)
		c.text("workers.rewrite", r.To, true)
	}
}

func (r Reach) check(c *checker) {
	oneOf(c, "reach.kind", r.Kind, Direct, SSH, SOCKS5)
	if r.Kind == Direct {
		return
	}
	c.addresses("reach.address", texts([]string{r.Address}), true, false)
	c.text("reach.user", r.User, r.Kind == SSH)
	if r.Kind != SSH {
		return
	}
	oneOf(c, "reach.auth", r.Auth, Agent, Key)
	if r.KnownHosts == "" {
		c.wrong("reach.known_hosts", "profile.no_known_hosts",
			"A jump host is known by its key: put its line of known_hosts here (“ssh-keyscan” gives it; compare it with what its owner says).")
	} else if !knownHosts(r.KnownHosts) {
		c.wrong("reach.known_hosts", "profile.bad_known_hosts", "These are no lines of a known_hosts file.")
	}
}

// knownHosts tells whether each line is what known_hosts takes.
func knownHosts(lines string) bool {
	if len(lines) > maxKnownHosts {
		return false
	}
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, _, _, _, _, err := ssh.ParseKnownHosts([]byte(line)); err != nil {
			return false
		}
	}
	return true
}

func (l Logs) check(c *checker) {
	c.origins("logs.origins", l.Origins)
	if l.Endpoint == "" {
		return
	}
	if u, err := url.Parse(l.Endpoint); err != nil || !isWeb(u) || strings.Trim(u.Path, "/") != "" {
		c.wrong("logs.endpoint", "profile.bad_url", "%s is a URL like https://s3.example:9000, without user, path and query.", "logs.endpoint")
	}
	if !bucketShape.MatchString(l.Bucket) {
		c.wrong("logs.bucket", "profile.bad_bucket", "The name of a bucket has 3 to 63 small letters, digits, hyphens and dots.")
	}
	c.text("logs.region", l.Region, false)
	c.text("logs.prefix", l.Prefix, false)
	oneOf(c, "logs.credentials", l.Credentials, NoCredentials, StaticCredentials, ProfileCredentials, InstanceCredentials)
	c.text("logs.access_key", l.AccessKey, l.Credentials == StaticCredentials)
	c.text("logs.aws_profile", l.AWSProfile, false)
}

func (s SecretsFrom) check(c *checker) {
	oneOf(c, "secrets_from.kind", s.Kind, FromKeyring, FromPassphrase, FromOperator, FromCommand)
	if s.Kind != FromCommand {
		return
	}
	if len(s.Command) == 0 || s.Command[0] == "" {
		c.wrong("secrets_from.command", "profile.missing", "%s is missing.", "secrets_from.command")
	}
	if len(s.Command) > maxArguments {
		c.wrong("secrets_from.command", "profile.too_many", "%s has more than %d lines.", "secrets_from.command", maxArguments)
	}
	for _, argument := range s.Command {
		if len(argument) > maxArgument || !utf8.ValidString(argument) || strings.ContainsRune(argument, 0) {
			c.wrong("secrets_from.command", "profile.bad_text", "%s has more than %d bytes, or characters that can't be seen.", "secrets_from.command", maxArgument)
			return
		}
	}
}
