package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Workers serves the list of workers, one worker, and the epoch panel.
type Workers struct{ session *Session }

// NewWorkers binds the workers of the open environment.
func NewWorkers(s *Session) *Workers { return &Workers{s} }

// Leadership is who leads.
type Leadership struct {
	LeaderID       string          `json:"leaderId"` // "" = nobody
	LockMs         float64         `json:"lockMs"`   // left at asOf
	Epoch          string          `json:"epoch"`    // "" = nobody ever led
	LastSeen       string          `json:"lastSeen"`
	SubLeaderID    string          `json:"subLeaderId"`
	NodeSubLeaders []NodeSubLeader `json:"nodeSubLeaders"` // by node id
	Degrading      bool            `json:"degrading"`
}

// NodeSubLeader is a node's own SubLeader.
type NodeSubLeader struct {
	NodeID   string `json:"nodeId"`
	WorkerID string `json:"workerId"`
}

// WorkerList is every worker.
type WorkerList struct {
	Leadership Leadership `json:"leadership"`
	Workers    []Worker   `json:"workers"`
	AsOf       string     `json:"asOf"`
}

// Worker is a worker on the wire.
type Worker struct {
	ID            string   `json:"id"`
	NodeID        string   `json:"nodeId"`
	Role          string   `json:"role"` // leader, subleader or worker
	NodeSubLeader bool     `json:"nodeSubLeader"`
	Address       string   `json:"address"`
	LastHeartbeat string   `json:"lastHeartbeat"`
	Silent        bool     `json:"silent"`
	Lost          bool     `json:"lost"`    // Redis doesn't know it; the database still gives it runs
	Reports       bool     `json:"reports"` // it publishes its own state; otherwise the fields below are the database's or unknown
	Load          int      `json:"load"`
	CurrentRunID  string   `json:"currentRunId"`
	Detached      bool     `json:"detached"`
	DetachFlag    bool     `json:"detachFlag"` // asked for, and not yet obeyed unless detached
	Draining      bool     `json:"draining"`
	SeenLeader    string   `json:"seenLeader"`
	SeenEpoch     string   `json:"seenEpoch"`
	Capabilities  []string `json:"capabilities"`
	AssignedRuns  int      `json:"assignedRuns"`
	RunningRuns   int      `json:"runningRuns"`
}

// WorkerDetail is one worker with its runs.
type WorkerDetail struct {
	Worker     Worker     `json:"worker"`
	Leadership Leadership `json:"leadership"`
	Recent     []Run      `json:"recent"`
	Assigned   []Run      `json:"assigned"`
	AsOf       string     `json:"asOf"`
}

// List gives every worker.
func (w *Workers) List() (WorkerList, error) {
	return call(w.session, "Workers.List", func(ctx context.Context, c *console.Console) (WorkerList, error) {
		list, err := c.ListWorkers(ctx)
		if err != nil {
			return WorkerList{}, err
		}
		result := WorkerList{
			Leadership: wireLeadership(list.Leadership), Workers: make([]Worker, len(list.Workers)), AsOf: wireTime(list.AsOf),
		}
		for i, row := range list.Workers {
			result.Workers[i] = wireWorker(row, list.Leadership)
		}
		return result, nil
	})
}

// Get gives one worker. Its id may hold anything: it is looked up, not parsed.
func (w *Workers) Get(req IDRequest) (WorkerDetail, error) {
	return call(w.session, "Workers.Get", func(ctx context.Context, c *console.Console) (WorkerDetail, error) {
		d, err := c.Worker(ctx, req.ID)
		if err != nil {
			return WorkerDetail{}, err
		}
		return WorkerDetail{
			Worker: wireWorker(d.Worker, d.Leadership), Leadership: wireLeadership(d.Leadership),
			Recent: wireRuns(d.Recent), Assigned: wireRuns(d.Assigned), AsOf: wireTime(d.AsOf),
		}, nil
	})
}

func wireLeadership(l scheduler.Leadership) Leadership {
	wire := Leadership{
		LeaderID: l.LeaderID, LockMs: wireMillis(l.LockTTL), Epoch: wireOptionalID(l.Epoch), LastSeen: wireOptionalTime(l.LastSeen),
		SubLeaderID: l.SubLeaderID, NodeSubLeaders: []NodeSubLeader{}, Degrading: l.Degrading,
	}
	for _, node := range sortedKeys(l.NodeSubLeader) {
		wire.NodeSubLeaders = append(wire.NodeSubLeaders, NodeSubLeader{NodeID: node, WorkerID: l.NodeSubLeader[node]})
	}
	return wire
}

func wireWorker(row console.WorkerRow, l scheduler.Leadership) Worker {
	wire := Worker{
		ID: row.ID, NodeID: row.NodeID, Role: string(row.Role), NodeSubLeader: l.NodeSubLeader[row.NodeID] == row.ID,
		Address: row.Address, LastHeartbeat: wireTime(row.LastHeartbeat), Silent: row.Silent(), Lost: row.Lost,
		Reports: row.Reports, Load: row.Load, CurrentRunID: row.CurrentRun,
		Detached: row.Detached, DetachFlag: row.DetachFlag, Draining: row.Draining,
		SeenLeader: row.SeenLeader, SeenEpoch: wireOptionalID(row.SeenEpoch), Capabilities: []string{},
		AssignedRuns: row.Open.Assigned, RunningRuns: row.Open.Running,
	}
	for _, c := range row.Capabilities {
		wire.Capabilities = append(wire.Capabilities, string(c))
	}
	if !row.Reports {
		wire.Load = row.Open.Running
		if row.Open.RunningRun != 0 {
			wire.CurrentRunID = wireID(row.Open.RunningRun)
		}
	}
	return wire
}
