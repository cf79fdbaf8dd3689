package operations_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// worker is a scheduler process as far as operators meet one: it beats, answers calls, and obeys what it is made to obey.
// Without capabilities it is as the processes of the Django application are: it publishes no state and reads no flag.
type worker struct {
	workerpb.UnimplementedWorkerServiceServer
	cluster      *cluster
	id, node     string
	address      string
	capabilities string

	traffic traffic

	mu       sync.Mutex
	run      scheduler.RunID
	draining bool
	epoch    int64 // that it has seen; 7 unless set
	deaf     bool  // it accepts a cancel and does nothing
	mute     bool  // it obeys, and its answers don't arrive
	orders   int   // calls that change something
}

// addWorker starts a worker that takes runs.
func (c *cluster) addWorker(id, node, capabilities string) *worker {
	c.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.Fatal(err)
	}
	w := &worker{cluster: c, id: id, node: node, address: listener.Addr().String(), capabilities: capabilities, epoch: 7}
	server := grpc.NewServer(grpc.StatsHandler(&w.traffic))
	workerpb.RegisterWorkerServiceServer(server, w)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	ctx, stop := context.WithCancel(context.Background())
	var beats sync.WaitGroup
	c.Cleanup(func() { stop(); beats.Wait(); server.Stop(); <-done })
	w.beat(c.Context())
	beats.Go(func() {
		ticker := time.NewTicker(100 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				w.beat(ctx)
			}
		}
	})
	return w
}

// beat tells Redis about the worker, and obeys the flags that it reads.
func (w *worker) beat(ctx context.Context) {
	r, id := w.cluster.redis, w.id
	host, port, _ := net.SplitHostPort(w.address)
	w.mu.Lock()
	run, draining := w.run, w.draining
	w.mu.Unlock()
	pipe := r.Pipeline()
	pipe.Set(ctx, "scheduler:worker:"+id+":heartbeat", time.Now().Unix(), time.Minute)
	pipe.HSet(ctx, "scheduler:worker:"+id+":info", "worker_id", id, "node_id", w.node, "grpc_host", host, "grpc_port", port)
	pipe.SAdd(ctx, "scheduler:workers:set", id)
	flagged := pipe.Exists(ctx, "scheduler:detach:"+id)
	leader := pipe.Get(ctx, "scheduler:leader:lock")
	degrade, epoch := pipe.Get(ctx, "scheduler:leader:degrade"), pipe.Get(ctx, "scheduler:leader:epoch")
	_, _ = pipe.Exec(ctx) // an absent lock is an error of go-redis
	if w.capabilities != "" {
		current := ""
		if run != 0 {
			current = strconv.FormatInt(int64(run), 10)
		}
		_ = r.HSet(ctx, "scheduler:worker:"+id, "node_id", w.node, "pid", 1, "grpc_host", host, "grpc_port", port,
			"detached", flagged.Val(), "draining", draining, "current_job_run_id", current, "capabilities", w.capabilities).Err()
		if strings.Contains(degrade.Val(), `"epoch":`+epoch.Val()) && leader.Val() == id {
			const letGo = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end`
			_ = r.Eval(ctx, letGo, []string{"scheduler:leader:lock"}, id).Err()
		}
	}
}

// traffic counts the connections to a worker and the calls that it has not answered.
type traffic struct{ connections, calls atomic.Int64 }

func (*traffic) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context   { return ctx }
func (*traffic) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

func (t *traffic) HandleRPC(_ context.Context, s stats.RPCStats) {
	switch s.(type) {
	case *stats.Begin:
		t.calls.Add(1)
	case *stats.End:
		t.calls.Add(-1)
	}
}

func (t *traffic) HandleConn(_ context.Context, s stats.ConnStats) {
	switch s.(type) {
	case *stats.ConnBegin:
		t.connections.Add(1)
	case *stats.ConnEnd:
		t.connections.Add(-1)
	}
}

// succeed makes the worker take the lead as soon as nobody has it.
func (w *worker) succeed(ctx context.Context) {
	for ctx.Err() == nil {
		if w.cluster.redis.SetNX(ctx, "scheduler:leader:lock", w.id, time.Minute).Val() {
			_ = w.cluster.redis.Incr(ctx, "scheduler:leader:epoch").Err()
			return
		}
		time.Sleep(20 * time.Millisecond) // a stand-in for the SubLeader's tick
	}
}

func (w *worker) has(run scheduler.RunID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.run = run
}

func (w *worker) obeyed() (orders int, draining bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.orders, w.draining
}

func (w *worker) GetStatus(context.Context, *workerpb.GetStatusRequest) (*workerpb.GetStatusResponse, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &workerpb.GetStatusResponse{WorkerId: w.id, NodeId: w.node, Draining: w.draining, ObservedLeaderEpoch: w.epoch}
	if w.run != 0 {
		s.CurrentJobRunId = strconv.FormatInt(int64(w.run), 10)
	}
	return s, nil
}

func (w *worker) Drain(ctx context.Context, req *workerpb.DrainRequest) (*workerpb.DrainResponse, error) {
	return &workerpb.DrainResponse{Draining: w.drain(req.Enable)}, w.keepQuiet(ctx)
}

func (w *worker) drain(enable bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.orders++
	w.draining = enable
	return w.draining
}

func (w *worker) CancelJob(ctx context.Context, req *workerpb.CancelJobRequest) (*workerpb.CancelJobResponse, error) {
	response, err := w.cancel(ctx, req)
	if err != nil {
		return nil, err
	}
	return response, w.keepQuiet(ctx)
}

// cancel ends the run as a worker does: the row is the worker's to write.
func (w *worker) cancel(ctx context.Context, req *workerpb.CancelJobRequest) (*workerpb.CancelJobResponse, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	answer := func(r workerpb.CancelJobResponse_Result) (*workerpb.CancelJobResponse, error) {
		return &workerpb.CancelJobResponse{Result: r}, nil
	}
	w.orders++
	switch {
	case req.LeaderEpoch < w.epoch:
		return answer(workerpb.CancelJobResponse_REJECTED_OLD_EPOCH)
	case w.run == 0 || strconv.FormatInt(int64(w.run), 10) != req.JobRunId:
		return answer(workerpb.CancelJobResponse_NOT_FOUND)
	case w.deaf:
		return answer(workerpb.CancelJobResponse_ACCEPTED)
	}
	_, err := w.cluster.pool.Exec(context.WithoutCancel(ctx), `update scheduler_job_runs set state = 'CANCELED', finished_at = now(), error_summary = $2,
	  version = version + 1 where id = $1 and state = 'RUNNING'`, int64(w.run), req.Reason)
	if err != nil {
		return nil, err
	}
	w.run = 0
	return answer(workerpb.CancelJobResponse_ACCEPTED)
}

// keepQuiet lets the caller wait until it gives up, where the worker is mute. The worker's own clock may see that moment
// first: what it says then must not be its answer.
func (w *worker) keepQuiet(ctx context.Context) error {
	if !w.mute {
		return nil
	}
	<-ctx.Done()
	return status.FromContextError(ctx.Err()).Err()
}
