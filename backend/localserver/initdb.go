package localserver

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// initialise makes the data folder under another name and renames it when it is complete: a crash half-way leaves
// nothing that looks like data.
func (p *Postgres) initialise(ctx context.Context, programs postgresPrograms, account *child.Account) error {
	partial := p.data() + ".partial"
	secret := filepath.Join(p.dir, "initdb.password")
	for _, leftover := range []string{partial, secret} {
		if err := os.RemoveAll(leftover); err != nil {
			return FolderError(p.dir, err)
		}
	}
	if err := makeFolder(partial, 0o700, account); err != nil {
		return err
	}
	defer os.Remove(secret)
	if err := os.WriteFile(secret, []byte(p.password+"\n"), 0o600); err != nil {
		return FolderError(p.dir, err)
	}
	if err := account.Own(secret); err != nil {
		return FolderError(p.dir, err)
	}
	initdb, err := child.Start(child.Config{
		Argv: []string{
			programs.initdb, "--pgdata=" + partial, "--username=" + postgresOwner, "--pwfile=" + secret,
			"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync",
		},
		Dir: p.dir, Env: serverEnv(), Output: p.log, User: account, DeathSignal: os.Kill,
	})
	if err != nil {
		return scheduler.Errorf(scheduler.Internal, ReasonFailed, "initdb could not be started").Because(err)
	}
	select {
	case <-initdb.Done():
	case <-ctx.Done():
		_ = initdb.Stop(ctx, os.Kill, 0)
		return ctx.Err()
	}
	if initdb.Err() != nil {
		_ = os.RemoveAll(partial)
		return explain("PostgreSQL", p.dir, p.log.Tail(), false)
	}
	if err := os.Rename(partial, p.data()); err != nil {
		return FolderError(p.dir, err)
	}
	return nil
}

// serverEnv is this process's environment without what would change a PostgreSQL program's behaviour or language.
func serverEnv() []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "PG") && !strings.HasPrefix(name, "LC_") && name != "LANG" && name != "LANGUAGE" {
			env = append(env, v)
		}
	}
	return append(env, "LC_ALL=C")
}
