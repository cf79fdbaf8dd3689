package profile

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
)

// Secret is a password or a private key. Whatever prints, logs or encodes it shows only whether it is there.
type Secret string

// Reveal gives the text itself, for the call that needs it.
func (s Secret) Reveal() string { return string(s) }

// String hides the text.
func (s Secret) String() string {
	if s == "" {
		return "(none)"
	}
	return "(hidden)"
}

// Format hides the text from every verb of fmt, %q, %x and %#v included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, s.String()) }

// LogValue hides the text from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the text from JSON and everything else that encodes; see [Secrets.Encode].
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Secrets are what a profile leaves out.
type Secrets struct {
	PostgresPassword  Secret
	PostgresClientKey Secret // PEM
	RedisPassword     Secret
	SentinelPassword  Secret
	RedisClientKey    Secret // PEM
	WorkerKey         Secret // PEM
	SSHKey            Secret // PEM
	SSHKeyPassphrase  Secret
	SocksPassword     Secret
	S3SecretKey       Secret
}

// SecretName is a secret's name in files, forms and commands.
type SecretName string

// The names.
const (
	PostgresPassword  SecretName = "postgres_password"
	PostgresClientKey SecretName = "postgres_client_key"
	RedisPassword     SecretName = "redis_password"
	SentinelPassword  SecretName = "sentinel_password"
	RedisClientKey    SecretName = "redis_client_key"
	WorkerKey         SecretName = "worker_key"
	SSHKey            SecretName = "ssh_key"
	SSHKeyPassphrase  SecretName = "ssh_key_passphrase" //nolint:gosec // its name
	SocksPassword     SecretName = "socks_password"
	S3SecretKey       SecretName = "s3_secret_key" //nolint:gosec // its name
)

// SecretNames are all names.
func SecretNames() []SecretName {
	return []SecretName{
		PostgresPassword, PostgresClientKey, RedisPassword, SentinelPassword, RedisClientKey, WorkerKey, SSHKey, SSHKeyPassphrase,
		SocksPassword, S3SecretKey,
	}
}

// At gives the place of a secret; nil for an unknown name.
func (s *Secrets) At(name SecretName) *Secret {
	switch name {
	case PostgresPassword:
		return &s.PostgresPassword
	case PostgresClientKey:
		return &s.PostgresClientKey
	case RedisPassword:
		return &s.RedisPassword
	case SentinelPassword:
		return &s.SentinelPassword
	case RedisClientKey:
		return &s.RedisClientKey
	case WorkerKey:
		return &s.WorkerKey
	case SSHKey:
		return &s.SSHKey
	case SSHKeyPassphrase:
		return &s.SSHKeyPassphrase
	case SocksPassword:
		return &s.SocksPassword
	case S3SecretKey:
		return &s.S3SecretKey
	}
	return nil
}

// Names are the names of the secrets that are there.
func (s Secrets) Names() []SecretName {
	var names []SecretName
	for _, name := range SecretNames() {
		if *s.At(name) != "" {
			names = append(names, name)
		}
	}
	return names
}

// String lists the names of the secrets that are there.
func (s Secrets) String() string {
	var names []string
	for _, name := range s.Names() {
		names = append(names, string(name))
	}
	return "secrets(" + strings.Join(names, " ") + ")"
}

// GoString is String.
func (s Secrets) GoString() string { return s.String() }

// LogValue is String.
func (s Secrets) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Encode writes the texts themselves, as JSON by name. What it gives belongs into a sealed file, or one that only its owner reads.
func (s Secrets) Encode() ([]byte, error) {
	texts := map[SecretName]string{}
	for _, name := range s.Names() {
		texts[name] = s.At(name).Reveal()
	}
	return json.Marshal(texts)
}

// DecodeSecrets reads what Encode wrote. Its errors quote nothing of it.
func DecodeSecrets(encoded []byte) (Secrets, error) {
	var texts map[SecretName]string
	if err := json.Unmarshal(encoded, &texts); err != nil {
		return Secrets{}, fmt.Errorf("the secrets are no JSON object of texts")
	}
	var s Secrets
	for name, text := range texts {
		place := s.At(name)
		if place == nil {
			return Secrets{}, fmt.Errorf("the secrets have a name that this version doesn't know")
		}
		*place = Secret(text)
	}
	return s, nil
}

// Access is what an environment is opened with.
type Access struct {
	Profile Profile
	Secrets Secrets
}
