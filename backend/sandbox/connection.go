package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ReasonNotRunning is why there is nothing to attach to.
const ReasonNotRunning = "sandbox.not_running"

// Attach finds the sandbox that another process runs in the folder, to be somebody there. It is made sure that its PostgreSQL
// answers.
func Attach(dir string, as Role) (profile.Profile, error) {
	l := layout(dir)
	notRunning := scheduler.Errorf(scheduler.NotFound, ReasonNotRunning, "no sandbox runs in %s", dir).With("dir", dir)
	b, err := os.ReadFile(l.connection())
	if errors.Is(err, fs.ErrNotExist) {
		return profile.Profile{}, notRunning
	}
	if err != nil {
		return profile.Profile{}, l.explain(err)
	}
	var profiles map[Role]profile.Profile
	if err := json.Unmarshal(b, &profiles); err != nil {
		return profile.Profile{}, notRunning.Because(errors.New("its connection file is damaged"))
	}
	p, there := profiles[as]
	if !there {
		return profile.Profile{}, scheduler.Errorf(scheduler.Invalid, ReasonUnknownRole, "The sandbox has no role %q: choose viewer, operator or admin.", as).
			With("role", string(as))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.PostgresURL)
	if err != nil {
		return profile.Profile{}, notRunning.Because(err) // a killed sandbox leaves the file
	}
	return p, conn.Close(ctx)
}

// writeConnection lets other processes of the same user join. The file appears complete or not at all.
func (l layout) writeConnection(p map[Role]profile.Profile) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	partial := l.connection() + ".partial"
	if err := os.WriteFile(partial, b, 0o600); err != nil {
		return l.explain(err)
	}
	return l.explain(os.Rename(partial, l.connection()))
}

func (l layout) removeConnection() error {
	if err := os.Remove(l.connection()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return l.explain(err)
	}
	return nil
}
