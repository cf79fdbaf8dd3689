package redisstore

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// record is what Redis holds about one worker, unread.
type record struct {
	key       string // the part of its keys that names it
	info      fields
	state     fields
	heartbeat string
	ttl       time.Duration
	detach    bool
}

// fields are a hash's values by name; absent ones are not in it.
type fields map[string]string

func (s *Store) records(ctx context.Context, ids []string) ([]record, error) {
	type answers struct {
		info, state *redis.SliceCmd
		heartbeat   *redis.StringCmd
		ttl         *redis.DurationCmd
		detach      *redis.IntCmd
	}
	pipe := s.client.Pipeline()
	asked := make([]answers, len(ids))
	for i, id := range ids {
		asked[i] = answers{
			info: pipe.HMGet(ctx, infoKey(id), infoFields...), state: pipe.HMGet(ctx, stateKey(id), stateFields...),
			heartbeat: pipe.Get(ctx, heartbeatKey(id)), ttl: pipe.PTTL(ctx, heartbeatKey(id)),
			detach: pipe.Exists(ctx, detachKey(id)),
		}
	}
	if err := run(ctx, pipe); err != nil {
		return nil, err
	}
	var records []record
	for i, a := range asked {
		r := record{
			key: ids[i], info: fieldsOf(infoFields, a.info.Val()), state: fieldsOf(stateFields, a.state.Val()),
			heartbeat: a.heartbeat.Val(), ttl: a.ttl.Val(), detach: a.detach.Val() > 0,
		}
		// A member of the set without any key has left; the leader will take it out.
		if len(r.info) > 0 || len(r.state) > 0 || r.ttl > 0 {
			records = append(records, r)
		}
	}
	return records, nil
}

func fieldsOf(names []string, values []any) fields {
	f := fields{}
	for i, value := range values {
		if text, ok := value.(string); ok {
			f[names[i]] = text
		}
	}
	return f
}

// either is a field that both hashes have. The live state is newer where a worker publishes it.
func (r record) either(name string) string {
	if value := r.state[name]; value != "" {
		return value
	}
	return r.info[name]
}

func (r record) node() string { return r.either("node_id") }

func (r record) address() string {
	host, port := clean(r.either("grpc_host")), clean(r.either("grpc_port"))
	if host == "" || port == "" {
		return ""
	}
	return net.JoinHostPort(host, port)
}

func (r record) lastHeartbeat() time.Time {
	for _, text := range []string{r.heartbeat, r.state["last_heartbeat_ts"], r.info["last_seen"]} {
		if at := moment(text); at != nil {
			return *at
		}
	}
	return time.Time{}
}

func (r record) worker(id string, role scheduler.Role) scheduler.Worker {
	w := scheduler.Worker{
		ID: clean(id), NodeID: clean(r.node()), Address: r.address(), Role: role,
		LastHeartbeat: r.lastHeartbeat(), HeartbeatTTL: max(r.ttl, 0), DetachFlag: r.detach,
	}
	if w.Reports = len(r.state) > 0; !w.Reports {
		return w
	}
	w.PID, w.Load = number(r.state["pid"]), number(r.state["load"])
	w.CurrentRun, w.SeenLeader = clean(r.state["current_job_run_id"]), clean(r.state["leader_worker_id"])
	w.Detached, w.Draining = truth(r.state["detached"]), truth(r.state["draining"])
	w.SeenEpoch = integer(r.state["epoch"])
	for name := range strings.SplitSeq(clean(r.state["capabilities"]), ",") {
		if name = strings.TrimSpace(name); name != "" {
			w.Capabilities = append(w.Capabilities, scheduler.Capability(name))
		}
	}
	return w
}

// workersOf gives a worker for each record. A worker's id is what its hash says; where two say the same, one of them is
// wrong, and the one whose keys carry that id keeps it.
func workersOf(records []record, l leaders) []scheduler.Worker {
	owned := make(map[string]bool, len(records))
	for _, r := range records {
		owned[r.key] = true
	}
	taken := make(map[string]bool, len(records))
	workers := make([]scheduler.Worker, 0, len(records))
	for _, r := range records {
		id := r.key
		if said := r.info["worker_id"]; said != "" && !owned[said] && !taken[said] {
			id = said
		}
		taken[id] = true
		workers = append(workers, r.worker(id, l.roleOf(id)))
	}
	return workers
}
