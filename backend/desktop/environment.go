package desktop

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/watch"
)

// Environment is one opened cluster, or an archive of one.
type Environment struct {
	ID      string // of its profile; an archive's own
	Name    string
	Kind    string // sandbox, development, staging or production
	Color   string // a name of the palette that profiles choose from; "" = the kind's own
	Console *console.Console
	// Commands are what the operator may do; nil where nothing can be changed.
	Commands *operations.Commands
	// Policy is how careful its kind is.
	Policy operations.Policy
	// Idle is how long it stays open while nobody uses the window; 0 = as long as the window.
	Idle time.Duration
	// Statements is how many statements PostgreSQL has been sent; nil where there is none.
	Statements func() int64
	// Replica tells how its read replica is, and nil where there is none.
	Replica func() *ReplicaFacts
	// Exporter writes archives of it; nil of an archive.
	Exporter Exporter
	// Record keeps samples of it until ctx ends, while somebody can see the window; nil = none are kept.
	Record func(ctx context.Context, visible func() bool)
	// Watch is what can be watched; nil = nothing.
	Watch *watch.Source
	// Archive tells of what is history in a file; nil when live.
	Archive *ArchiveFacts
	Close   func() error
}

// ReplicaFacts are how a read replica is.
type ReplicaFacts struct {
	Address string
	Used    bool          // questions go there
	Lag     time.Duration // behind the primary; only while it is used
	Problem error         // why it isn't used
}

// Progress is how far an environment is with opening. Step is a key that the screens translate.
type Progress struct {
	Step  string
	Done  int64
	Total int64 // 0 = not countable
}

// OpenRequest names a profile to open, with what its way of keeping secrets asks for: nothing, a passphrase, or the secrets
// themselves.
type OpenRequest struct {
	ID    string
	Typed SecretInput
}

// Opener opens environments; main hands it in, so that this package knows no server.
type Opener interface {
	// OpenSandbox starts the sandbox, or joins the one that runs, and connects to it.
	OpenSandbox(ctx context.Context, progress func(Progress)) (*Environment, error)
	// OpenProfile connects to the environment of a profile.
	OpenProfile(ctx context.Context, req OpenRequest, progress func(Progress)) (*Environment, error)
	// OpenArchive opens an archive to be read.
	OpenArchive(ctx context.Context, path string) (*Environment, error)
}
