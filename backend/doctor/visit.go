package doctor

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/redisstore"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/tunnel"
)

// visit is what the steps of one run know of each other.
type visit struct {
	profile profile.Profile
	secrets profile.Secrets
	known   string // the server that PostgreSQL must be; "" = any
	log     *slog.Logger
	way     *tunnel.Dialer

	database    postgres.Look
	databaseErr error
	redis       *redisstore.Examination
	fleet       scheduler.Fleet
	pongs       map[string]console.Pong // by worker
}

func (v *visit) close() {
	if v.redis != nil {
		v.redis.Close()
	}
	if v.way != nil {
		v.way.Close()
	}
}

func checkWay(ctx context.Context, v *visit) Finding {
	var err error
	if v.way, err = tunnel.New(connect.Way(v.profile.Reach, v.secrets), time.Now, v.log); err != nil {
		return failed(err)
	}
	if err := v.way.Check(ctx); err != nil {
		return failed(err)
	}
	switch r := v.profile.Reach; r.Kind {
	case profile.SSH:
		return say(OK, "doctor.way_ssh", "The jump host %s lets %s in, under the key that the profile knows it by.", r.Address, r.User).
			with("address", r.Address).with("user", r.User)
	case profile.SOCKS5:
		return say(OK, "doctor.way_socks", "The SOCKS5 proxy at %s answers.", r.Address).with("address", r.Address)
	}
	return say(OK, "doctor.way_direct", "The servers are reached straight from this machine.")
}

// resolve looks up the names of addresses. Paths of Unix sockets have none.
func (v *visit) resolve(ctx context.Context, addresses []string) Finding {
	if v.profile.Reach.Kind == profile.SSH || v.profile.Reach.Kind == profile.SOCKS5 {
		return say(OK, "doctor.resolved_there", "Names are resolved at the other end: %s.", v.profile.Reach.Address).with("address", v.profile.Reach.Address)
	}
	var lost []error
	for _, address := range addresses {
		host, _, err := net.SplitHostPort(address)
		if err != nil || strings.HasPrefix(host, "/") {
			continue
		}
		if _, err := v.way.LookupHost(ctx, host); err != nil {
			lost = append(lost, err)
		}
	}
	return several(len(addresses), lost, say(OK, "doctor.resolved", "Every name of %s is known here.", strings.Join(addresses, ", ")).
		with("addresses", strings.Join(addresses, ", ")))
}

// connect opens a connection to each address and closes it again.
func (v *visit) connect(ctx context.Context, part string, addresses []string) Finding {
	var lost []error
	for _, address := range addresses {
		network, dialled := networkOf(address)
		conn, err := v.way.To(part)(ctx, network, dialled)
		if err != nil {
			lost = append(lost, err)
			continue
		}
		_ = conn.Close()
	}
	return several(len(addresses), lost, say(OK, "doctor.connected", "A connection to %s can be opened.", strings.Join(addresses, ", ")).
		with("addresses", strings.Join(addresses, ", ")))
}

// networkOf tells how an address of a profile is dialled.
func networkOf(address string) (network, dialled string) {
	host, port, err := net.SplitHostPort(address)
	if err == nil && strings.HasPrefix(host, "/") {
		return "unix", host + "/.s.PGSQL." + port
	}
	if strings.HasPrefix(address, "/") {
		return "unix", address
	}
	return "tcp", address
}

// several judges a step that was made of each of several servers: one that does is enough to go on, and what the first of the others
// said is told.
func several(of int, lost []error, fine Finding) Finding {
	if len(lost) == 0 {
		return fine
	}
	f := failed(lost[0])
	if len(lost) < of {
		f.State = Warning
	}
	return f
}
