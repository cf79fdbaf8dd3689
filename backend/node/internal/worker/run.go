package worker

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/node/shim"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// holdEvery is how often a worker makes sure that the run in hand is still its own.
const (
	holdEvery = 2 * time.Second
	firstHold = 500 * time.Millisecond
)

// run is the one in hand.
type run struct {
	attempt store.Attempt
	command string
	args    string // JSON
	timeout time.Duration
	cancel  chan string // takes one reason
	abort   chan string // the same, for a run that must not go on here
	lease   *lease      // nil if PostgreSQL refused the run

	launched chan struct{} // closed when the command has started, or won't; attempt and lease stay the same from then on
}

func (r *run) id() string { return strconv.FormatInt(int64(r.attempt.Run), 10) }

// epoch is the one that the run was assigned in.
func (r *run) epoch() int64 {
	if r.attempt.AssignedIn == nil {
		return 0
	}
	return *r.attempt.AssignedIn
}

func (r *run) same(other *run) bool {
	return r.attempt.Run == other.attempt.Run && r.attempt.Number == other.attempt.Number
}

// launch starts the command and leaves the rest to a goroutine that ends with the run. A command that can't be
// started is a run that failed.
func (w *Worker) launch(r *run) error {
	output := newOutput(w.abandon, w.config.Store, r.attempt, w.config.MaxLogBytes)
	began := time.Now()
	w.config.Metrics.RunStarted(r.command)
	process, err := shim.Start(shim.Command{
		Shim: w.config.Shim, Argv: w.argv(r), Env: w.environment(r),
		Stdout: output.stream("stdout"), Stderr: output.stream("stderr"), Lease: r.lease.end(w.beats()),
	})
	if err == nil {
		r.lease.hand(process.Extend, w.beats())
	}
	close(r.launched)
	go func() {
		defer w.release(r)
		ending := store.Ending{State: scheduler.Failed}
		if err != nil {
			ending.Summary = plainText(err.Error())
		} else {
			w.config.Log.Info("run started", "run", r.id(), "attempt", r.attempt.Number, "command", r.command)
			ending = w.await(r, process, output)
		}
		ending.At = time.Now()
		w.config.Metrics.RunEnded(r.command, ending.State, ending.At.Sub(began), metrics.Usage{
			CPUSeconds: ending.CPUSeconds, PeakRSS: ending.PeakRSSBytes, Read: ending.IOReadBytes, Written: ending.IOWriteBytes,
		})
		w.record(r, output, ending)
	}()
	return err
}

func (w *Worker) argv(r *run) []string {
	argv := make([]string, len(w.config.Template))
	for i, part := range w.config.Template {
		argv[i] = strings.ReplaceAll(part, "{command}", r.command)
	}
	return argv
}

func (w *Worker) environment(r *run) []string {
	return append(append([]string{}, w.config.Env...),
		"SCHEDULER_ARGS_JSON="+r.args, "SCHEDULER_JOB_RUN_ID="+r.id(), "SCHEDULER_WORKER_ID="+w.config.ID)
}

// verdict is why a command was ended from outside.
type verdict struct {
	state scheduler.RunState // "" = it ended by itself; ORPHANED = another worker is to try again
	note  string
}

// await sees the command to its end: by itself, by cancel, by timeout, or by the node's own end.
func (w *Worker) await(r *run, process *shim.Process, output *output) store.Ending {
	type end struct {
		result shim.Result
		err    error
	}
	ended := make(chan end, 1)
	go func() {
		result, err := process.Wait(context.Background())
		ended <- end{result, err}
	}()

	var why verdict
	var timeout, kill <-chan time.Time
	if r.timeout > 0 {
		timer := time.NewTimer(r.timeout)
		defer timer.Stop()
		timeout = timer.C
	}
	stop := func(v verdict) {
		if why.state != "" {
			return
		}
		why = v
		process.Terminate()
		kill = time.After(w.config.KillAfter)
	}
	ctx, done := context.WithCancel(w.abandon)
	defer done()
	cancel, stopped, taken := r.cancel, w.kill.Done(), w.watchHold(ctx, r)
	for {
		select {
		case <-taken:
			stop(verdict{scheduler.Failed, "the run was taken from this worker"})
			taken = nil
		case reason := <-cancel:
			if reason == "" {
				reason = "canceled"
			}
			stop(verdict{scheduler.Canceled, reason})
			cancel = nil
		case reason := <-r.abort:
			stop(verdict{scheduler.Failed, reason})
		case <-timeout:
			stop(verdict{scheduler.TimedOut, fmt.Sprintf("timed out after %s", r.timeout)})
		case <-stopped:
			stop(verdict{scheduler.Orphaned, "the node was stopped before the command ended"})
			stopped = nil
		case <-kill:
			process.Kill()
		case e := <-ended:
			return w.conclude(why, e.result, e.err, output)
		}
	}
}

// conclude turns the end of a command into the end of a run.
func (w *Worker) conclude(why verdict, result shim.Result, err error, output *output) store.Ending {
	if err != nil {
		return store.Ending{State: scheduler.Failed, Summary: summary(plainText(err.Error()), output.tail())}
	}
	seconds, code := result.Usage.CPU.Seconds(), result.ExitCode
	ending := store.Ending{
		State: why.state, ExitCode: &code, CPUSeconds: &seconds,
		PeakRSSBytes: &result.Usage.PeakRSS, IOReadBytes: result.Usage.IORead, IOWriteBytes: result.Usage.IOWrites,
	}
	switch {
	case why.state == "" && result.LeaseOver:
		ending.State = scheduler.Orphaned
		ending.Summary = "the lease was over: neither Redis nor PostgreSQL answered this node for too long"
	case why.state == scheduler.Orphaned:
		ending.Summary = plainText(why.note)
	case why.state == scheduler.Canceled:
		ending.ExitCode = nil // not the command's own: the schedulers in the field leave it empty too
		ending.Summary = plainText(why.note)
	case why.state != "":
		ending.Summary = summary(why.note, output.tail())
	case code == 0:
		ending.State = scheduler.Succeeded
	default:
		ending.State = scheduler.Failed
		ending.Summary = summary("exit_code="+strconv.Itoa(code), output.tail())
	}
	return ending
}

// record writes the rest of the log, then the end: whoever sees a final state has seen the whole log. A run that ended
// with its node, not by itself, goes back to the leader.
func (w *Worker) record(r *run, output *output, ending store.Ending) {
	w.mu.Lock()
	w.last = r.attempt.Run
	w.mu.Unlock()
	log := w.config.Log.With("run", r.id(), "attempt", r.attempt.Number, "state", string(ending.State))
	err := output.close()
	if output.dropped > 0 {
		log.Warn("a part of the run's output is not kept: it wrote too much", "bytes", output.dropped)
		w.config.Metrics.LogDropped(output.dropped)
	}
	if err != nil {
		log.Error("the end of the run's log is lost", "error", err)
		ending.Summary = summary("the end of the log is lost: PostgreSQL did not take it", []byte(ending.Summary))
	}
	err = persist(w.abandon, func(ctx context.Context) error {
		if ending.State == scheduler.Orphaned {
			return w.config.Store.HandOver(ctx, r.attempt, ending)
		}
		return w.config.Store.FinishRun(ctx, r.attempt, ending)
	})
	switch {
	case errors.Is(err, store.ErrNotYours):
		log.Warn("the run was taken away before its end could be written")
	case err != nil:
		log.Error("the end of the run could not be written", "error", err)
	default:
		log.Info("run ended")
	}
}
