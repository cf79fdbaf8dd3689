package doctor

import (
	"context"
	"errors"
	"strings"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func hasReplica(p profile.Profile) bool { return len(p.Postgres.Replicas) > 0 }

func resolvePostgres(ctx context.Context, v *visit) Finding {
	return v.resolve(ctx, v.profile.Postgres.Hosts)
}

// connectPostgres goes on to look at the database: the steps that follow tell how far that came.
func connectPostgres(ctx context.Context, v *visit) Finding {
	f := v.connect(ctx, "PostgreSQL", v.profile.Postgres.Hosts)
	if f.State != Failed {
		config := connect.Database(v.profile, v.secrets, v.way)
		config.Server = v.known
		v.database, v.databaseErr = postgres.LookAt(ctx, config, v.log)
	}
	return f
}

// failedAtTLS tells whether looking at the database ended at TLS: before anybody logged in.
func failedAtTLS(err error) bool {
	e, ok := errors.AsType[*scheduler.Error](err)
	return ok && (strings.HasPrefix(e.Reason, "trust.") || e.Reason == "postgres.no_tls" || strings.HasPrefix(e.Reason, "tunnel.") ||
		e.Reason == "postgres.unreachable" || e.Reason == "postgres.wrong_role")
}

func postgresTLS(_ context.Context, v *visit) Finding {
	switch {
	case failedAtTLS(v.databaseErr):
		return failed(v.databaseErr)
	case v.databaseErr != nil && v.database.TLS == "":
		return say(OK, "doctor.tls_passed", "The login was reached.")
	case v.database.TLS != "":
		return say(OK, "doctor.tls_on", "The connection is encrypted (%s).", v.database.TLS).with("version", v.database.TLS)
	case v.database.Local:
		return say(OK, "doctor.tls_local", "The connection stays on this machine.")
	case v.profile.Reach.Kind == profile.SSH:
		return say(OK, "doctor.tls_tunnel", "The connection is not encrypted beyond the jump host. Use sslmode verify-full where the server offers TLS.")
	}
	return say(Warning, "doctor.tls_off",
		"The connection is not encrypted: whoever sees the network reads along. Have TLS turned on and use sslmode verify-full.")
}

func postgresLogin(_ context.Context, v *visit) Finding {
	if v.databaseErr != nil {
		return failed(v.databaseErr)
	}
	l := v.database
	return say(OK, "doctor.postgres_login", "%s is logged in to %s, PostgreSQL %s.", l.Login, l.Database, l.Version).
		with("login", l.Login).with("database", l.Database).with("version", l.Version)
}

func postgresSchema(_ context.Context, v *visit) Finding {
	if err := v.database.Schema; err != nil {
		return failed(err)
	}
	return say(OK, "doctor.schema", "The scheduler's tables are there, with every column that Opsdeck reads.")
}

func postgresGate(_ context.Context, v *visit) Finding {
	l := v.database
	switch {
	case l.GateVersion == 0 && !l.Gate:
		return say(Warning, "doctor.no_gate",
			"The gate is not installed, or not for this login: everything can be looked at and nothing changed. The database's administrator can run “opsctl install”.")
	case l.GateVersion != 0 && l.GateVersion < postgres.GateVersion:
		return say(Warning, "doctor.old_gate",
			"The gate is older than this Opsdeck: some operations will be refused. The database's administrator can run “opsctl install” again.")
	case l.GateVersion > postgres.GateVersion:
		return say(Warning, "doctor.new_gate", "The gate is newer than this Opsdeck. Update Opsdeck.")
	}
	return say(OK, "doctor.gate", "The gate is installed, in this Opsdeck's version.")
}

func postgresRights(_ context.Context, v *visit) Finding {
	o := v.database.Operator
	switch {
	case !v.database.Gate:
		return say(OK, "doctor.rights_none", "The login reads as far as the database lets it.")
	case o.Username == "":
		return say(Warning, "doctor.rights_unmapped",
			"The login %s stands for no user: it may look and nothing else. The administrator maps it with “opsctl operator add”.", o.Login).with("login", o.Login)
	case o.Rights.Admin:
		return say(OK, "doctor.rights_admin", "The login stands for %s, an administrator.", o.Username).with("user", o.Username)
	case o.Rights.Operate:
		return say(OK, "doctor.rights_operator", "The login stands for %s, an operator.", o.Username).with("user", o.Username)
	case o.Rights.View:
		return say(OK, "doctor.rights_viewer", "The login stands for %s, who may look.", o.Username).with("user", o.Username)
	}
	return say(Warning, "doctor.rights_withdrawn",
		"The login stands for %s, who has no right here: the Django user may have been deactivated.", o.Username).with("user", o.Username)
}

func postgresClock(_ context.Context, v *visit) Finding {
	return aboutTime("PostgreSQL", v.database.ClockOffset, v.database.RoundTrip/2)
}

func postgresReplica(ctx context.Context, v *visit) Finding {
	replica, err := postgres.LookAtReplica(ctx, connect.Database(v.profile, v.secrets, v.way), v.database.Server, v.log)
	if err != nil {
		f := failed(err)
		f.State = Warning // the primary answers in its place
		return f
	}
	if replica.Problem != nil {
		f := failed(replica.Problem)
		f.State = Warning
		return f
	}
	return say(OK, "doctor.replica", "The read replica %s is %s behind.", replica.Address, replica.Lag).
		with("address", replica.Address).with("lag", replica.Lag.String())
}
