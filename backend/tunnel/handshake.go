package tunnel

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// handshake makes an SSH connection. Its errors name the stage that failed.
func (j *jump) handshake() (*ssh.Client, error) {
	conn, err := direct{}.dial(j.life, "SSH", "tcp", j.address)
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(j.life, func() { _ = conn.Close() })()
	signers, done, err := j.keys.open(j.life)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	defer done()
	var hostErr error
	config := &ssh.ClientConfig{
		User: j.user, Auth: []ssh.AuthMethod{ssh.PublicKeys(signers...)}, ClientVersion: "SSH-2.0-Opsdeck",
		HostKeyAlgorithms: j.hosts.algorithms(j.address),
		HostKeyCallback: func(address string, remote net.Addr, key ssh.PublicKey) error {
			hostErr = j.hosts.check(address, remote, key)
			return hostErr
		},
	}
	_ = conn.SetDeadline(time.Now().Add(j.keys.patience()))
	over, channels, requests, err := ssh.NewClientConn(conn, j.address, config)
	if err != nil {
		_ = conn.Close()
		if hostErr != nil {
			return nil, hostErr
		}
		return nil, j.explainHandshake(err)
	}
	_ = conn.SetDeadline(time.Time{})
	return ssh.NewClient(over, channels, requests), nil
}

// explainHandshake says at which stage the jump host and we parted. The library tells an authentication that failed by its text only.
func (j *jump) explainHandshake(err error) error {
	var e *scheduler.Error
	timeout, _ := errors.AsType[net.Error](err)
	switch {
	case j.life.Err() != nil:
		return net.ErrClosed
	case strings.Contains(err.Error(), "unable to authenticate"):
		e = scheduler.Errorf(scheduler.Forbidden, "tunnel.ssh_auth",
			"The jump host %s does not let %s in with this key. Check the user, and that the key stands in the user's authorized_keys there.", j.address, j.user).
			With("user", j.user)
	case strings.Contains(err.Error(), "no common algorithm"):
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.ssh_algorithms",
			"The jump host %s and Opsdeck have no SSH algorithm in common: the server is very old, or the profile knows it by a kind of key that it no longer has.", j.address)
	case timeout != nil && timeout.Timeout():
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.ssh_silent",
			"The jump host %s accepts the connection and then says nothing. Check that it is an SSH server, and how it is.", j.address)
	default:
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.ssh_handshake",
			"What answers at %s is no SSH server, or it broke off the handshake. Check the address of the profile's jump host.", j.address)
	}
	return e.With("jump", j.address).Because(err)
}

// explainWait says that whoever asked could not wait for the jump host any longer.
func (j *jump) explainWait(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return scheduler.Errorf(scheduler.Unavailable, "tunnel.ssh_slow",
		"The jump host %s is still being connected to. Try again in a moment.", j.address).With("jump", j.address).Because(ctx.Err())
}

func (j *jump) explainChannel(ctx context.Context, part, address string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	var e *scheduler.Error
	refusal, _ := errors.AsType[*ssh.OpenChannelError](err)
	switch {
	case refusal == nil:
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.ssh_lost",
			"The connection to the jump host %s broke, or it did not open the way to %s (%s) in time.", j.address, address, part)
	case refusal.Reason == ssh.Prohibited:
		e = scheduler.Errorf(scheduler.Forbidden, "tunnel.forwarding_forbidden",
			"The jump host %s does not allow connections to %s (%s). Its AllowTcpForwarding and PermitOpen, or the key's options, must permit them.",
			j.address, address, part)
	default:
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.channel_refused",
			"The jump host %s can't reach %s (%s). Check that address as it is seen from the jump host, and that the server runs.", j.address, address, part)
	}
	return e.With("jump", j.address).With("address", address).With("part", part).Because(err)
}

// join copies what comes from one connection to another until it ends, and ends both.
func join(to, from net.Conn) {
	_, _ = io.Copy(to, from) // however it ends, both ends meet it
	_ = to.Close()
	_ = from.Close()
}
