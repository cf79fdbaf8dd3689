package scheduler

import "time"

// Role is what a scheduler process is in its cluster.
type Role string

// A process is exactly one of these; Plain is the one without a lock.
const (
	Leader    Role = "leader"
	SubLeader Role = "subleader"
	Plain     Role = "worker"
)

// Capability is something that a worker says it obeys. Workers in the field may say nothing at all.
type Capability string

// The capabilities of the contract.
const (
	CanDetach       Capability = "detach"
	CanDrain        Capability = "drain"
	CanDegrade      Capability = "degrade"
	CanContinuation Capability = "continuation"
	CanArgs         Capability = "args" // a leader that gives a run the arguments of opsdeck_node.run_args
)

// Worker is one scheduler process as Redis knows it. Fields that only newer workers publish say so; Reports tells
// whether this worker does.
type Worker struct {
	ID            string
	NodeID        string
	Address       string // host:port of its gRPC service
	Role          Role   // derived from the locks, not from what it says
	LastHeartbeat time.Time
	HeartbeatTTL  time.Duration // until it counts as gone; 0 or less = silent

	Reports      bool // it publishes the fields below
	PID          int
	Load         int
	CurrentRun   string // "" = none
	Detached     bool   // it says so
	Draining     bool
	SeenLeader   string // whom it believes to lead
	SeenEpoch    *int64
	Capabilities []Capability

	DetachFlag bool // somebody set scheduler:detach:{id}
}

// Silent tells whether the worker's heartbeat has run out.
func (w Worker) Silent() bool { return w.HeartbeatTTL <= 0 }

// Leadership is who leads, as Redis says.
type Leadership struct {
	LeaderID      string // "" = the lock is free
	LockTTL       time.Duration
	Epoch         *int64 // nil = nobody ever led
	LastSeen      *time.Time
	SubLeaderID   string            // the cluster-wide one
	NodeSubLeader map[string]string // node id to worker id, where nodes keep one each
	Degrading     bool              // somebody asked the leader to step down
}

// Fleet is one look at every worker and the leadership.
type Fleet struct {
	Leadership Leadership
	Workers    []Worker // sorted by node id, then id
	AsOf       time.Time
}
