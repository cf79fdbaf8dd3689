package sample

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// leaderDoc leaves out what changes at every look though nothing has happened: the lock's time to live and when the leader
// was last seen.
type leaderDoc struct {
	Leader         string            `json:"leader"`
	Epoch          *int64            `json:"epoch,omitempty"`
	SubLeader      string            `json:"subleader,omitempty"`
	NodeSubLeaders map[string]string `json:"node_subleaders,omitempty"`
	Degrading      bool              `json:"degrading,omitempty"`
}

// workerDoc has the heartbeat only of a worker that is silent; of others it is as old as the look.
type workerDoc struct {
	Node         string     `json:"node"`
	Address      string     `json:"address"`
	Role         string     `json:"role"`
	SilentSince  *time.Time `json:"silent_since,omitempty"`
	Reports      bool       `json:"reports,omitempty"`
	PID          int        `json:"pid,omitempty"`
	Load         int        `json:"load,omitempty"`
	Run          string     `json:"run,omitempty"`
	Detached     bool       `json:"detached,omitempty"`
	Draining     bool       `json:"draining,omitempty"`
	DetachFlag   bool       `json:"detach_flag,omitempty"`
	SeenLeader   string     `json:"seen_leader,omitempty"`
	SeenEpoch    *int64     `json:"seen_epoch,omitempty"`
	Capabilities []string   `json:"capabilities,omitempty"`
}

type jobDoc struct {
	Name       string          `json:"name"`
	Enabled    bool            `json:"enabled"`
	Type       string          `json:"type"`
	Command    string          `json:"command"`
	Args       json.RawMessage `json:"args,omitempty"`
	ArgsMasked bool            `json:"args_masked,omitempty"`
	Schedule   json.RawMessage `json:"schedule"`
	Timeout    int64           `json:"timeout_seconds"`
	MaxRetries int             `json:"max_retries"`
	Backoff    int64           `json:"retry_backoff_seconds"`
	Policy     string          `json:"concurrency_policy"`
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
}

// LeaderDoc is what is kept of the leadership.
func LeaderDoc(l scheduler.Leadership) ([]byte, error) {
	return marshal(leaderDoc{
		Leader: l.LeaderID, Epoch: l.Epoch, SubLeader: l.SubLeaderID, NodeSubLeaders: l.NodeSubLeader, Degrading: l.Degrading,
	})
}

// WorkerDoc is what is kept of a worker.
func WorkerDoc(w scheduler.Worker) ([]byte, error) {
	doc := workerDoc{
		Node: w.NodeID, Address: w.Address, Role: string(w.Role), Reports: w.Reports, PID: w.PID, Load: w.Load, Run: w.CurrentRun,
		Detached: w.Detached, Draining: w.Draining, DetachFlag: w.DetachFlag, SeenLeader: w.SeenLeader, SeenEpoch: w.SeenEpoch,
	}
	if w.Silent() {
		since := w.LastHeartbeat.UTC()
		doc.SilentSince = &since
	}
	for _, c := range w.Capabilities {
		doc.Capabilities = append(doc.Capabilities, string(c))
	}
	slices.Sort(doc.Capabilities)
	return marshal(doc)
}

// JobDoc is what is kept of a job's definition.
func JobDoc(j scheduler.Job) ([]byte, error) {
	return marshal(jobDoc{
		Name: j.Name, Enabled: j.Enabled, Type: string(j.Type), Command: j.Command, Args: j.DefaultArgs, ArgsMasked: j.ArgsMasked,
		Schedule: j.Schedule, Timeout: int64(j.Timeout / time.Second), MaxRetries: j.MaxRetries, Backoff: int64(j.RetryBackoff / time.Second),
		Policy: string(j.ConcurrencyPolicy), CreatedAt: j.CreatedAt.UTC(), UpdatedAt: j.UpdatedAt.UTC(),
	})
}

// ParseLeader reads what LeaderDoc made. How long the lock would have lived is not known.
func ParseLeader(text []byte, looked time.Time) (scheduler.Leadership, error) {
	var doc leaderDoc
	if err := parse(OfLeader, text, &doc); err != nil {
		return scheduler.Leadership{}, err
	}
	l := scheduler.Leadership{
		LeaderID: doc.Leader, Epoch: doc.Epoch, SubLeaderID: doc.SubLeader, NodeSubLeader: doc.NodeSubLeaders, Degrading: doc.Degrading,
	}
	if l.LeaderID != "" {
		l.LastSeen = &looked
	}
	return l, nil
}

// ParseWorker reads what WorkerDoc made. A worker that was not silent had been heard of when it was looked at.
func ParseWorker(id string, text []byte, looked time.Time) (scheduler.Worker, error) {
	var doc workerDoc
	if err := parse(OfWorker, text, &doc); err != nil {
		return scheduler.Worker{}, err
	}
	w := scheduler.Worker{
		ID: id, NodeID: doc.Node, Address: doc.Address, Role: scheduler.Role(doc.Role), Reports: doc.Reports, PID: doc.PID, Load: doc.Load,
		CurrentRun: doc.Run, Detached: doc.Detached, Draining: doc.Draining, DetachFlag: doc.DetachFlag, SeenLeader: doc.SeenLeader,
		SeenEpoch: doc.SeenEpoch, LastHeartbeat: looked, HeartbeatTTL: time.Second,
	}
	if doc.SilentSince != nil {
		w.LastHeartbeat, w.HeartbeatTTL = *doc.SilentSince, 0
	}
	for _, c := range doc.Capabilities {
		w.Capabilities = append(w.Capabilities, scheduler.Capability(c))
	}
	return w, nil
}

// ParseJob reads what JobDoc made.
func ParseJob(key string, text []byte) (scheduler.Job, error) {
	var doc jobDoc
	if err := parse(OfJob, text, &doc); err != nil {
		return scheduler.Job{}, err
	}
	id, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return scheduler.Job{}, fmt.Errorf("the id of a sampled job: %w", err)
	}
	return scheduler.Job{
		ID: scheduler.JobID(id), Name: doc.Name, Enabled: doc.Enabled, Type: scheduler.JobType(doc.Type), Command: doc.Command,
		DefaultArgs: doc.Args, ArgsMasked: doc.ArgsMasked, Schedule: doc.Schedule, Timeout: time.Duration(doc.Timeout) * time.Second,
		MaxRetries: doc.MaxRetries, RetryBackoff: time.Duration(doc.Backoff) * time.Second,
		ConcurrencyPolicy: scheduler.ConcurrencyPolicy(doc.Policy), CreatedAt: doc.CreatedAt, UpdatedAt: doc.UpdatedAt,
	}, nil
}

// JobKey is the key of a job's samples.
func JobKey(id scheduler.JobID) string { return strconv.FormatInt(int64(id), 10) }

// marshal writes signs such as < as they are, so that “<masked>” stays what it is.
func marshal(doc any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(doc); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

func parse(kind Kind, text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("a sample of a %s: %w", kind, err)
	}
	return nil
}
