// Package console is what an operator may see of a cluster: one file a question. It decides what is asked and what
// the answer means; the ports in ports.go bring the data, and the surfaces show it.
package console

import (
	"log/slog"
	"time"

	"golang.org/x/sync/semaphore"
)

// Ports are the servers of one environment, as the console needs them.
type Ports struct {
	Runs     RunStore
	Stats    RunStats
	Jobs     JobStore
	Windows  WindowStore
	Fleet    FleetStore
	Workers  WorkerCalls
	Logs     LogStore
	LogFiles LogFiles // nil where nothing outside may be read, as in an archive
	Identity IdentityStore
	Settings SettingStore
	Audit    AuditStore
	Events   EventStore
	Failures FailureStore
}

// Console answers an operator's questions about one environment.
type Console struct {
	ports Ports
	now   func() time.Time
	log   *slog.Logger

	open   openRunsMemo
	others othersMemo
}

// New makes a Console over the servers of one environment. The console doesn't close them.
func New(ports Ports, now func() time.Time, log *slog.Logger) *Console {
	return &Console{ports: ports, now: now, log: log, open: openRunsMemo{lock: semaphore.NewWeighted(1)}, others: othersMemo{lock: semaphore.NewWeighted(1)}}
}
