package connect

import (
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/redisstore"
	"github.com/opsdeck/opsdeck/backend/tunnel"
	"github.com/opsdeck/opsdeck/backend/workerrpc"
)

// Way is how all servers of an environment are reached.
func Way(r profile.Reach, secrets profile.Secrets) tunnel.Config {
	return tunnel.Config{
		Kind: tunnel.Kind(r.Kind), Address: r.Address, User: r.User, Agent: r.Auth == profile.Agent, Key: secrets.SSHKey.Reveal(),
		Passphrase: secrets.SSHKeyPassphrase.Reveal(), KnownHosts: r.KnownHosts, Password: secrets.SocksPassword.Reveal(),
	}
}

// Database is how its PostgreSQL is.
func Database(p profile.Profile, secrets profile.Secrets, way *tunnel.Dialer) postgres.Config {
	return postgres.Config{
		Profile: p.Postgres, Password: secrets.PostgresPassword, ClientKey: secrets.PostgresClientKey,
		Dial: way.To("PostgreSQL"), LookupHost: way.LookupHost,
	}
}

// Redis is how its Redis is.
func Redis(p profile.Profile, secrets profile.Secrets, way *tunnel.Dialer) redisstore.Config {
	return redisstore.Config{
		Profile: p.Redis, Password: secrets.RedisPassword, SentinelPassword: secrets.SentinelPassword, ClientKey: secrets.RedisClientKey,
		Dial: way.To("Redis"),
	}
}

// Workers is how its workers are called.
func Workers(p profile.Profile, secrets profile.Secrets, way *tunnel.Dialer) workerrpc.Config {
	return workerrpc.Config{
		Certificate: p.Workers.Certificate, Key: secrets.WorkerKey.Reveal(), Trust: p.Workers.Trust, Plaintext: p.Workers.Mode == profile.Plaintext,
		Rewrite: p.Workers.Rewrite, Dial: way.To("gRPC"),
	}
}
