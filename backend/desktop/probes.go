package desktop

import (
	"context"
	"maps"
	"slices"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Probe is a worker's own answer.
type Probe struct {
	WorkerID      string        `json:"workerId"`
	Address       string        `json:"address"`
	RoundTripMs   *float64      `json:"roundTripMs,omitempty"`
	ClockOffsetMs *float64      `json:"clockOffsetMs,omitempty"` // its clock minus ours
	ObservedEpoch string        `json:"observedEpoch"`
	Status        *WorkerStatus `json:"status,omitempty"`
	Certificate   *Certificate  `json:"certificate,omitempty"` // none on a plaintext connection
	Error         *WireError    `json:"error,omitempty"`
}

// WorkerStatus is what GetStatus answered.
type WorkerStatus struct {
	Role          string `json:"role"`
	Detached      bool   `json:"detached"`
	Draining      bool   `json:"draining"`
	Load          int    `json:"load"`
	CurrentRunID  string `json:"currentRunId"`
	LastHeartbeat string `json:"lastHeartbeat"`
}

// Certificate is what the worker shows of itself.
type Certificate struct {
	Subject   string `json:"subject"`
	NotBefore string `json:"notBefore"`
	NotAfter  string `json:"notAfter"`
	SHA256    string `json:"sha256"`
}

// Beliefs is the epoch panel.
type Beliefs struct {
	Leadership Leadership `json:"leadership"`
	Workers    []Belief   `json:"workers"`
	AsOf       string     `json:"asOf"`
}

// Belief is what one worker takes leader and epoch to be.
type Belief struct {
	WorkerID      string     `json:"workerId"`
	NodeID        string     `json:"nodeId"`
	Role          string     `json:"role"`
	Silent        bool       `json:"silent"`
	Leader        string     `json:"leader"` // "" = it doesn't say
	Epoch         string     `json:"epoch"`
	Claims        bool       `json:"claims"` // it takes itself for the leader
	Disagrees     bool       `json:"disagrees"`
	ClockOffsetMs *float64   `json:"clockOffsetMs,omitempty"`
	RoundTripMs   *float64   `json:"roundTripMs,omitempty"`
	Error         *WireError `json:"error,omitempty"`
}

// Probe asks one worker for Ping and GetStatus now.
func (w *Workers) Probe(req IDRequest) (Probe, error) {
	return call(w.session, "Workers.Probe", func(ctx context.Context, c *console.Console) (Probe, error) {
		p, err := c.ProbeWorker(ctx, req.ID)
		if err != nil {
			return Probe{}, err
		}
		return wireProbe(p), nil
	})
}

// Beliefs asks every worker whom it follows.
func (w *Workers) Beliefs() (Beliefs, error) {
	return call(w.session, "Workers.Beliefs", func(ctx context.Context, c *console.Console) (Beliefs, error) {
		b, err := c.Beliefs(ctx)
		if err != nil {
			return Beliefs{}, err
		}
		result := Beliefs{
			Leadership: wireLeadership(b.Leadership), Workers: make([]Belief, len(b.Workers)), AsOf: wireTime(b.AsOf),
		}
		for i, w := range b.Workers {
			result.Workers[i] = Belief{
				WorkerID: w.WorkerID, NodeID: w.NodeID, Role: string(w.Role), Silent: w.Silent, Leader: w.Leader,
				Epoch: wireOptionalID(w.Epoch), Claims: w.Claims, Disagrees: w.Disagree,
				ClockOffsetMs: wireOptionalMillis(w.Offset), RoundTripMs: wireOptionalMillis(w.RoundTrip), Error: wireOptional(w.Err),
			}
		}
		return result, nil
	})
}

func wireProbe(p console.Probe) Probe {
	wire := Probe{WorkerID: p.WorkerID, Address: p.Address, Error: wireOptional(p.Err)}
	if p.Pong != nil {
		offset := p.Pong.ClockOffset()
		wire.RoundTripMs, wire.ClockOffsetMs = wireOptionalMillis(&p.Pong.RoundTrip), wireOptionalMillis(&offset)
		wire.ObservedEpoch = wireID(p.Pong.ObservedEpoch)
	}
	if s := p.Status; s != nil {
		wire.Status = &WorkerStatus{
			Role: string(s.Role), Detached: s.Detached, Draining: s.Draining, Load: s.Load,
			CurrentRunID: s.CurrentRun, LastHeartbeat: wireTime(s.LastHeartbeat),
		}
	}
	if c := p.Certificate; c != nil {
		wire.Certificate = &Certificate{
			Subject: c.Subject, NotBefore: wireTime(c.NotBefore), NotAfter: wireTime(c.NotAfter), SHA256: c.SHA256,
		}
	}
	return wire
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
