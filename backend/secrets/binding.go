package secrets

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"

	"github.com/opsdeck/opsdeck/backend/profile"
)

// binding is where the secrets of a profile go, and with which care. They open for nothing else. A field that a later version adds
// is left out while it is empty, so that what was sealed before still opens.
type binding struct {
	ID       string       `json:"id"`
	Kind     profile.Kind `json:"kind"`
	Postgres pgBinding    `json:"postgres"`
	Redis    redisBinding `json:"redis"`
	Workers  callBinding  `json:"workers"`
	Reach    reachBinding `json:"reach"`
	Logs     logsBinding  `json:"logs"`
}

type pgBinding struct {
	Hosts       []string `json:"hosts,omitempty"`
	Replicas    []string `json:"replicas,omitempty"`
	Database    string   `json:"database,omitempty"`
	User        string   `json:"user,omitempty"`
	SSLMode     string   `json:"ssl_mode,omitempty"`
	ServerCA    string   `json:"server_ca,omitempty"`
	Certificate string   `json:"certificate,omitempty"`
}

type redisBinding struct {
	Mode         profile.RedisMode `json:"mode,omitempty"`
	Addresses    []string          `json:"addresses,omitempty"`
	User         string            `json:"user,omitempty"`
	MasterName   string            `json:"master_name,omitempty"`
	SentinelUser string            `json:"sentinel_user,omitempty"`
	TLS          bool              `json:"tls,omitempty"`
	ServerCA     string            `json:"server_ca,omitempty"`
	Certificate  string            `json:"certificate,omitempty"`
}

type callBinding struct {
	Mode        profile.WorkerMode `json:"mode,omitempty"`
	Certificate string             `json:"certificate,omitempty"`
	Trust       string             `json:"trust,omitempty"`
	Rewrite     []profile.Rewrite  `json:"rewrite,omitempty"`
}

type reachBinding struct {
	Kind       profile.ReachKind `json:"kind,omitempty"`
	Address    string            `json:"address,omitempty"`
	User       string            `json:"user,omitempty"`
	Auth       profile.SSHAuth   `json:"auth,omitempty"`
	KnownHosts string            `json:"known_hosts,omitempty"`
}

type logsBinding struct {
	Endpoint    string                 `json:"endpoint,omitempty"`
	Bucket      string                 `json:"bucket,omitempty"`
	Credentials profile.LogCredentials `json:"credentials,omitempty"`
	AccessKey   string                 `json:"access_key,omitempty"`
}

func bindingOf(p profile.Profile) binding {
	return binding{
		ID: p.ID, Kind: p.Kind,
		Postgres: pgBinding{
			p.Postgres.Hosts, p.Postgres.Replicas, p.Postgres.Database, p.Postgres.User, p.Postgres.SSLMode, p.Postgres.ServerCA, p.Postgres.ClientCertificate,
		},
		Redis: redisBinding{
			p.Redis.Mode, p.Redis.Addresses, p.Redis.User, p.Redis.MasterName, p.Redis.SentinelUser, p.Redis.TLS, p.Redis.ServerCA, p.Redis.ClientCertificate,
		},
		Workers: callBinding{p.Workers.Mode, p.Workers.Certificate, p.Workers.Trust, p.Workers.Rewrite},
		Reach:   reachBinding{p.Reach.Kind, p.Reach.Address, p.Reach.User, p.Reach.Auth, p.Reach.KnownHosts},
		Logs:    logsBinding{p.Logs.Endpoint, p.Logs.Bucket, p.Logs.Credentials, p.Logs.AccessKey},
	}
}

// digest is the binding in short.
func (b binding) digest() (string, error) {
	text, err := json.Marshal(b)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// dropped are the secrets that must not go from one binding to another, since they would reach other servers, or go another way.
func dropped(from, to binding) []profile.SecretName {
	if from.ID != to.ID || !reflect.DeepEqual(from.Reach, to.Reach) {
		return profile.SecretNames()
	}
	var names []profile.SecretName
	drop := func(a, b any, name ...profile.SecretName) {
		if !reflect.DeepEqual(a, b) {
			names = append(names, name...)
		}
	}
	drop(from.Postgres, to.Postgres, profile.PostgresPassword, profile.PostgresClientKey)
	drop(from.Redis, to.Redis, profile.RedisPassword, profile.SentinelPassword, profile.RedisClientKey)
	drop(from.Workers, to.Workers, profile.WorkerKey)
	drop(from.Logs, to.Logs, profile.S3SecretKey)
	return names
}
