package console

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Pong is a worker's answer to Ping.
type Pong struct {
	WorkerID      string
	NodeID        string
	ObservedEpoch int64
	WorkerClock   time.Time
	SentAt        time.Time
	RoundTrip     time.Duration
}

// ClockOffset is how far the worker's clock is ahead of ours, give or take half the round trip.
func (p Pong) ClockOffset() time.Duration {
	return p.WorkerClock.Sub(p.SentAt.Add(p.RoundTrip / 2))
}

// WorkerStatus is a worker's answer to GetStatus.
type WorkerStatus struct {
	WorkerID      string
	NodeID        string
	Role          scheduler.Role
	Detached      bool
	Draining      bool
	Load          int
	CurrentRun    string
	ObservedEpoch int64
	LastHeartbeat time.Time
}

// Certificate is what a worker shows of itself in TLS.
type Certificate struct {
	Subject   string
	NotBefore time.Time
	NotAfter  time.Time
	SHA256    string // of the DER form, in hex
}

// Probe is one worker, asked directly.
type Probe struct {
	WorkerID    string
	Address     string
	Pong        *Pong
	Status      *WorkerStatus
	Certificate *Certificate
	Err         error // why there is no answer: a *scheduler.Error
}

// ProbeWorker asks one worker for Ping and GetStatus now.
func (c *Console) ProbeWorker(ctx context.Context, id string) (Probe, error) {
	fleet, err := c.ports.Fleet.Fleet(ctx)
	if err != nil {
		return Probe{}, err
	}
	for _, w := range fleet.Workers {
		if w.ID == id {
			return c.probe(ctx, w, true), nil
		}
	}
	return Probe{}, scheduler.Errorf(scheduler.NotFound, "workers.gone",
		"Worker %q has no heartbeat any more, so there is no address to call.", id).With("worker", id)
}

func (c *Console) probe(ctx context.Context, w scheduler.Worker, whole bool) Probe {
	p := Probe{WorkerID: w.ID, Address: w.Address}
	pong, err := c.ports.Workers.Ping(ctx, w.Address)
	if err != nil {
		p.Err = err
		return p
	}
	p.Pong = &pong
	if !whole {
		return p
	}
	status, err := c.ports.Workers.Status(ctx, w.Address)
	if err != nil {
		p.Err = err
		return p
	}
	p.Status = &status
	p.Certificate, p.Err = c.ports.Workers.Certificate(ctx, w.Address)
	return p
}

// probesInFlight bounds how many workers are asked at once. More only makes the slowest slower: the work is the
// handshakes' arithmetic.
const probesInFlight = 32

// probeAll pings every worker; results stand in the order of workers.
func (c *Console) probeAll(ctx context.Context, workers []scheduler.Worker) []Probe {
	probes := make([]Probe, len(workers))
	var group errgroup.Group
	group.SetLimit(probesInFlight)
	for i, w := range workers {
		group.Go(func() error {
			probes[i] = c.probe(ctx, w, false)
			return nil
		})
	}
	_ = group.Wait() // no function above returns an error: a silent worker is a result
	return probes
}
