package tunnel

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// keySource is where the keys come from that we prove ourselves with.
type keySource interface {
	// open gives the keys; done ends their use.
	open(ctx context.Context) (signers []ssh.Signer, done func(), err error)
	patience() time.Duration // a handshake's
}

func keysOf(c Config) (keySource, error) {
	if c.Agent {
		return agentKeys{}, nil
	}
	signer, err := parseKey(c.Key, c.Passphrase)
	if err != nil {
		return nil, err
	}
	return ownKey{signer}, nil
}

// parseKey never quotes what it can't read.
func parseKey(text, passphrase string) (ssh.Signer, error) {
	if text == "" {
		return nil, scheduler.Errorf(scheduler.Invalid, "tunnel.no_key",
			"The profile has no private key for the jump host. Give one, or use the SSH agent.")
	}
	parse := func() (ssh.Signer, error) { return ssh.ParsePrivateKey([]byte(text)) }
	if passphrase != "" {
		parse = func() (ssh.Signer, error) { return ssh.ParsePrivateKeyWithPassphrase([]byte(text), []byte(passphrase)) }
	}
	signer, err := parse()
	if err == nil {
		return signer, nil
	}
	if _, missing := errors.AsType[*ssh.PassphraseMissingError](err); missing {
		return nil, scheduler.Errorf(scheduler.Invalid, "tunnel.no_passphrase", "The private key for the jump host is locked: its passphrase is missing.")
	}
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, scheduler.Errorf(scheduler.Invalid, "tunnel.wrong_passphrase", "The passphrase does not open the private key for the jump host.")
	}
	if passphrase != "" { // which a key without one does not want
		if signer, err := ssh.ParsePrivateKey([]byte(text)); err == nil {
			return signer, nil
		}
	}
	return nil, scheduler.Errorf(scheduler.Invalid, "tunnel.bad_key",
		"The private key for the jump host can't be read. It is the text of a file such as id_ed25519, from BEGIN to END.")
}

type ownKey struct{ signer ssh.Signer }

func (k ownKey) open(context.Context) ([]ssh.Signer, func(), error) {
	return []ssh.Signer{k.signer}, func() {}, nil
}

func (ownKey) patience() time.Duration { return handshakeTimeout }

// agentKeys are those that the operator's SSH agent has when they are wanted.
type agentKeys struct{}

func (agentKeys) open(ctx context.Context) ([]ssh.Signer, func(), error) {
	missing := func(err error) error {
		return scheduler.Errorf(scheduler.Unavailable, "tunnel.no_agent",
			"No SSH agent answers. Start Opsdeck where SSH_AUTH_SOCK names one, or give the profile a private key.").Because(err)
	}
	socket := os.Getenv("SSH_AUTH_SOCK")
	if socket == "" {
		return nil, nil, missing(errors.New("SSH_AUTH_SOCK is not set"))
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	conn, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, nil, missing(err)
	}
	_ = conn.SetDeadline(time.Now().Add(agentHandshakeTimeout))
	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		_ = conn.Close()
		return nil, nil, missing(err)
	}
	if len(signers) == 0 {
		_ = conn.Close()
		return nil, nil, scheduler.Errorf(scheduler.Unavailable, "tunnel.agent_empty", "The SSH agent holds no key. Add yours with ssh-add.")
	}
	return signers, func() { _ = conn.Close() }, nil
}

func (agentKeys) patience() time.Duration { return agentHandshakeTimeout }
