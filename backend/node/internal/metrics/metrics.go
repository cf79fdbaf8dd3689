// Package metrics counts what a node does and tells Prometheus and health checks about it. Names that begin with
// scheduler_ are those of the schedulers in the field; what they don't have begins with opsdeck_node_.
//
// A node counts the runs that it executed itself, so that sums over all nodes are the cluster's. What concerns the
// whole cluster is told by its leader alone.
package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Metrics are one node's. Methods may be called concurrently.
type Metrics struct {
	registry *prometheus.Registry
	cluster  *clusterCollector

	started, finished  *prometheus.CounterVec
	duration           prometheus.Histogram
	cpu, read, written prometheus.Counter
	peak               prometheus.Gauge
	roles              *prometheus.CounterVec

	ticks      *prometheus.HistogramVec
	decisions  *prometheus.CounterVec
	refusals   *prometheus.CounterVec
	offset     prometheus.Gauge
	archived   *prometheus.CounterVec
	logDropped prometheus.Counter
	wrongKeys  prometheus.Counter
}

// Sources are what metrics are read from when somebody asks.
type Sources struct {
	WorkerID    func() string
	CurrentRuns func() []string
	LeaderKnown func() bool
	Settings    func() settings.Values
	Problems    func() map[string]int // how many, by kind
}

// New makes metrics with a registry of their own.
func New(sources Sources) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		cluster:  newClusterCollector(sources),
		started:  counters("scheduler_job_runs_started_total", "Runs that this node started.", "command_name"),
		finished: counters("scheduler_job_runs_finished_total", "Runs that ended on this node, by final state.", "command_name", "result"),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "scheduler_job_run_duration_seconds", Help: "How long runs took on this node.",
			Buckets: prometheus.ExponentialBuckets(0.1, 3, 12), // to five hours
		}),
		cpu:     counter("scheduler_job_run_cpu_seconds_total", "CPU time of the runs on this node."),
		read:    counter("scheduler_job_run_io_read_bytes_total", "Bytes that the runs on this node read."),
		written: counter("scheduler_job_run_io_write_bytes_total", "Bytes that the runs on this node wrote."),
		peak: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "scheduler_job_run_peak_rss_bytes", Help: "Peak memory of the run that ended last on this node.",
		}),
		roles: counters("scheduler_worker_role_change_total", "Changes of this node's role, by the new one.", "role"),
		ticks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "opsdeck_node_leader_tick_seconds", Help: "How long this leader's ticks took.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 12), // to ten seconds
		}, []string{"result"}),
		decisions: counters("opsdeck_node_leader_runs_total", "What this leader did to runs.", "decision"),
		refusals:  counters("opsdeck_node_refused_starts_total", "Starts that workers refused or did not answer.", "result"),
		offset: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "opsdeck_node_clock_offset_seconds", Help: "How far this machine's clock is ahead of the database's, as its leader last saw it.",
		}),
		archived:   counters("opsdeck_node_logs_archived_total", "Logs that this node moved to storage, or failed to.", "result"),
		logDropped: counter("opsdeck_node_log_dropped_bytes_total", "Output that was not kept because a run wrote too much."),
		wrongKeys:  counter("opsdeck_node_redis_wrong_keys_total", "Redis keys that held something of the wrong type."),
	}
	m.registry.MustRegister(
		m.started, m.finished, m.duration, m.cpu, m.read, m.written, m.peak, m.roles,
		m.ticks, m.decisions, m.refusals, m.offset, m.archived, m.logDropped, m.wrongKeys, m.cluster,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// RunStarted counts a run of a command.
func (m *Metrics) RunStarted(command string) { m.started.WithLabelValues(command).Inc() }

// Usage is what a run used. Nil figures are unknown.
type Usage struct {
	CPUSeconds             *float64
	PeakRSS, Read, Written *int64
}

// RunEnded counts the end of a run that took so long.
func (m *Metrics) RunEnded(command string, state scheduler.RunState, took time.Duration, used Usage) {
	m.finished.WithLabelValues(command, string(state)).Inc()
	m.duration.Observe(took.Seconds())
	if used.CPUSeconds != nil {
		m.cpu.Add(max(0, *used.CPUSeconds))
	}
	add(m.read, used.Read)
	add(m.written, used.Written)
	if used.PeakRSS != nil {
		m.peak.Set(float64(*used.PeakRSS))
	}
}

func add(c prometheus.Counter, n *int64) {
	if n != nil && *n > 0 {
		c.Add(float64(*n))
	}
}

// RoleChanged counts a change to role.
func (m *Metrics) RoleChanged(role scheduler.Role) { m.roles.WithLabelValues(string(role)).Inc() }

// Ticked notes how long a leader's tick took.
func (m *Metrics) Ticked(took time.Duration, err error) {
	result := "ok"
	if err != nil {
		result = "error"
	}
	m.ticks.WithLabelValues(result).Observe(took.Seconds())
}

// Decided counts runs that a leader did something to.
func (m *Metrics) Decided(decision string, runs int64) {
	m.decisions.WithLabelValues(decision).Add(float64(runs))
}

// StartRefused counts a start that came to nothing.
func (m *Metrics) StartRefused(result string) { m.refusals.WithLabelValues(result).Inc() }

// ClockOffset notes how far the machine's clock is ahead of the database's.
func (m *Metrics) ClockOffset(ahead time.Duration) { m.offset.Set(ahead.Seconds()) }

// Archived counts a log that was moved to storage, or could not be.
func (m *Metrics) Archived(err error) {
	result := "ok"
	if err != nil {
		result = "error"
	}
	m.archived.WithLabelValues(result).Inc()
}

// LogDropped counts output that was not kept.
func (m *Metrics) LogDropped(bytes int64) { m.logDropped.Add(float64(bytes)) }

// WrongKey counts a Redis key that held something of the wrong type.
func (m *Metrics) WrongKey() { m.wrongKeys.Inc() }

// Leads tells what the leader sees of the cluster. Nil when this node does not lead.
func (m *Metrics) Leads(fleet *Fleet) { m.cluster.fleet.Store(fleet) }
