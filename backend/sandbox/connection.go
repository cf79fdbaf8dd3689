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
func Attach(dir string, as Role) (profile.Access, error) {
	l := layout(dir)
	notRunning := scheduler.Errorf(scheduler.NotFound, ReasonNotRunning, "no sandbox runs in %s", dir).With("dir", dir)
	b, err := os.ReadFile(l.connection())
	if errors.Is(err, fs.ErrNotExist) {
		return profile.Access{}, notRunning
	}
	if err != nil {
		return profile.Access{}, l.explain(err)
	}
	known, err := decodeConnections(b)
	if err != nil {
		return profile.Access{}, notRunning.Because(errors.New("its connection file is damaged"))
	}
	access, there := known[as]
	if !there {
		return profile.Access{}, scheduler.Errorf(scheduler.Invalid, ReasonUnknownRole, "The sandbox has no role %q: choose viewer, operator or admin.", as).
			With("role", string(as))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, access.Profile.Postgres.URL(access.Secrets.PostgresPassword))
	if err != nil {
		return profile.Access{}, notRunning.Because(err) // a killed sandbox leaves the file
	}
	return access, conn.Close(ctx)
}

// connection is how somebody reaches the sandbox, as the file has it, with the passwords.
type connection struct {
	Profile profile.Profile `json:"profile"`
	Secrets json.RawMessage `json:"secrets"`
}

func decodeConnections(b []byte) (map[Role]profile.Access, error) {
	var connections map[Role]connection
	if err := json.Unmarshal(b, &connections); err != nil {
		return nil, err
	}
	known := map[Role]profile.Access{}
	for role, c := range connections {
		secrets, err := profile.DecodeSecrets(c.Secrets)
		if err != nil {
			return nil, err
		}
		known[role] = profile.Access{Profile: c.Profile, Secrets: secrets}
	}
	return known, nil
}

// writeConnection lets other processes of the same user join. The file appears complete or not at all.
func (l layout) writeConnection(all map[Role]profile.Access) error {
	connections := map[Role]connection{}
	for role, access := range all {
		secrets, err := access.Secrets.Encode()
		if err != nil {
			return err
		}
		connections[role] = connection{access.Profile, secrets}
	}
	b, err := json.Marshal(connections)
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
