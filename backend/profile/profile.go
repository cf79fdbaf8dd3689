// Package profile says what an environment is: where its servers are, how to reach them, and what kind it is. A [Profile] holds
// no secret and may be printed, kept and given away; [Secrets] are apart from it and print only their names.
package profile

import (
	"fmt"
	"log/slog"
	"strings"
)

// Kind is how careful the console has to be. It is a policy, not a label.
type Kind string

// The kinds, from the least to the most careful.
const (
	Sandbox     Kind = "sandbox"
	Development Kind = "development"
	Staging     Kind = "staging"
	Production  Kind = "production"
)

// Kinds are all kinds, from the least to the most careful.
func Kinds() []Kind { return []Kind{Sandbox, Development, Staging, Production} }

// Profile is one environment.
type Profile struct {
	ID          string      `json:"id"`   // for files, links and events: it never changes
	Name        string      `json:"name"` // for people
	Kind        Kind        `json:"kind"`
	Color       Color       `json:"color"`
	IdleMinutes int         `json:"idle_minutes"` // after which it is closed while nobody uses the window; 0, or more than the kind lets, = the kind's
	Postgres    Postgres    `json:"postgres"`
	Redis       Redis       `json:"redis"`
	Workers     Workers     `json:"workers"`
	Reach       Reach       `json:"reach"`
	Logs        Logs        `json:"logs"`
	SecretsFrom SecretsFrom `json:"secrets_from"`
}

// Postgres is where the scheduler's database is. A host is host:port, or the folder of a Unix socket with its port.
type Postgres struct {
	Hosts              []string `json:"hosts"`
	Database           string   `json:"database"`
	User               string   `json:"user"`
	SSLMode            string   `json:"ssl_mode"`             // as libpq names them
	TargetSessionAttrs string   `json:"target_session_attrs"` // as libpq names them; "" = any
	ServerCA           string   `json:"server_ca"`            // PEM; "" = the system's
	ClientCertificate  string   `json:"client_certificate"`   // PEM; "" = none
	Replicas           []string `json:"replicas"`             // hosts that questions may be asked of instead
}

// RedisMode is how several Redis servers belong together.
type RedisMode string

// The modes.
const (
	Single   RedisMode = "single"
	Sentinel RedisMode = "sentinel"
	Cluster  RedisMode = "cluster"
)

// Redis is where the cluster's keys are. An address is host:port, or, of a single server, the path of its Unix socket; in
// Sentinel mode the addresses are the Sentinels'.
type Redis struct {
	Mode              RedisMode `json:"mode"`
	Addresses         []string  `json:"addresses"`
	Database          int       `json:"database"`
	User              string    `json:"user"`          // "" = the default one
	MasterName        string    `json:"master_name"`   // in Sentinel mode
	SentinelUser      string    `json:"sentinel_user"` // in Sentinel mode; "" = the default one
	TLS               bool      `json:"tls"`
	ServerCA          string    `json:"server_ca"`          // PEM; "" = the system's
	ClientCertificate string    `json:"client_certificate"` // PEM; "" = none
}

// WorkerMode is how workers are called.
type WorkerMode string

// The modes.
const (
	NoCalls   WorkerMode = "none"
	Plaintext WorkerMode = "plaintext" // marked on screen
	MutualTLS WorkerMode = "mtls"
)

// Workers is how the console proves itself to workers and knows them.
type Workers struct {
	Mode        WorkerMode `json:"mode"`
	Certificate string     `json:"certificate"` // PEM: ours
	Trust       string     `json:"trust"`       // PEM: the CA, or the certificate that all workers share
	Rewrite     []Rewrite  `json:"rewrite"`     // for workers that advertise what can't be reached from here
}

// Rewrite calls workers elsewhere than they say. The first rule whose From fits an advertised address decides.
type Rewrite struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// ReachKind is the way to all servers of an environment.
type ReachKind string

// The ways.
const (
	Direct ReachKind = "direct"
	SSH    ReachKind = "ssh"
	SOCKS5 ReachKind = "socks5"
)

// SSHAuth is how the console proves itself to a jump host.
type SSHAuth string

// The ways.
const (
	Agent SSHAuth = "agent"
	Key   SSHAuth = "key"
)

// Reach is the way to all servers of the environment, workers too.
type Reach struct {
	Kind       ReachKind `json:"kind"`
	Address    string    `json:"address"` // host:port of the jump host or proxy
	User       string    `json:"user"`
	Auth       SSHAuth   `json:"auth"`        // of SSH
	KnownHosts string    `json:"known_hosts"` // of SSH: lines as in a known_hosts file
}

// LogCredentials is who vouches for the console at the store of logs.
type LogCredentials string

// The ways.
const (
	NoCredentials       LogCredentials = ""
	StaticCredentials   LogCredentials = "static"   // AccessKey, and a secret
	ProfileCredentials  LogCredentials = "profile"  // of the AWS files of the operator
	InstanceCredentials LogCredentials = "instance" // of the machine that Opsdeck runs on
)

// Logs is where the logs of runs may be read beside the database.
type Logs struct {
	Endpoint    string         `json:"endpoint"` // of S3: a URL; "" = logs in S3 aren't read
	Region      string         `json:"region"`
	Bucket      string         `json:"bucket"`
	Prefix      string         `json:"prefix"`
	PathStyle   bool           `json:"path_style"`
	Credentials LogCredentials `json:"credentials"`
	AccessKey   string         `json:"access_key"`  // of static credentials
	AWSProfile  string         `json:"aws_profile"` // "" = default
	Origins     []string       `json:"origins"`     // scheme://host[:port] that logs may be fetched from
}

// SecretsKind is where the secrets of an environment come from.
type SecretsKind string

// The sources.
const (
	FromKeyring    SecretsKind = "keyring"    // sealed in a file, the key in the system's keyring
	FromPassphrase SecretsKind = "passphrase" // sealed in a file by a passphrase that is asked for
	FromOperator   SecretsKind = "ask"        // kept nowhere, asked for at each opening
	FromCommand    SecretsKind = "command"    // what a program prints
)

// SecretsFrom is where the secrets of the environment come from.
type SecretsFrom struct {
	Kind    SecretsKind `json:"kind"`
	Command []string    `json:"command"` // the program and its arguments, run without a shell
}

// String names the environment and its servers.
func (p Profile) String() string {
	return fmt.Sprintf("%s (%s, PostgreSQL %s/%s, Redis %s)", p.Name, p.Kind,
		strings.Join(p.Postgres.Hosts, ","), p.Postgres.Database, strings.Join(p.Redis.Addresses, ","))
}

// LogValue is what a log keeps: certificates would only fill it.
func (p Profile) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("id", p.ID), slog.String("name", p.Name), slog.String("kind", string(p.Kind)),
		slog.Any("postgres", p.Postgres.Hosts), slog.Any("redis", p.Redis.Addresses), slog.String("reach", string(p.Reach.Kind)),
	)
}
