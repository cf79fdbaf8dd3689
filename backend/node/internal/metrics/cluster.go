package metrics

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// Fleet is what a leader sees. All maps are by worker id.
type Fleet struct {
	Online            int
	Running, Assigned map[string]int
	Waiting           int // due runs without a worker, as far as one tick looks
}

// clusterCollector reads its gauges when somebody asks, so that none is left over from a time as leader.
type clusterCollector struct {
	sources Sources
	fleet   atomic.Pointer[Fleet]

	current, present, online, least, running, assigned, waiting *prometheus.Desc
	threshold, alertLoad, alertRole, problems                   *prometheus.Desc
}

func newClusterCollector(sources Sources) *clusterCollector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &clusterCollector{
		sources:   sources,
		current:   desc("scheduler_worker_current_job_run", "1 for every run that this node has in hand.", "worker_id", "job_run_id"),
		present:   desc("scheduler_leader_present", "1 while this node knows of a leader."),
		online:    desc("scheduler_workers_online", "Live workers, as the leader sees them."),
		least:     desc("scheduler_workers_min_online", "SCHEDULER_MIN_ONLINE_WORKERS."),
		running:   desc("scheduler_worker_running_jobs", "Runs that a worker has in hand.", "worker_id"),
		assigned:  desc("scheduler_worker_assigned_jobs", "Runs that a worker has in line.", "worker_id"),
		waiting:   desc("opsdeck_node_waiting_runs", "Due runs that no worker has room for, at most 500."),
		threshold: desc("scheduler_worker_high_load_threshold", "SCHEDULER_WORKER_HIGH_LOAD_THRESHOLD."),
		alertLoad: desc("scheduler_alert_high_load_enabled", "SCHEDULER_ALERT_HIGH_LOAD_ENABLED."),
		alertRole: desc("scheduler_alert_role_change_enabled", "SCHEDULER_ALERT_ROLE_CHANGE_ENABLED."),
		problems:  desc("opsdeck_node_problems", "Faults that this node sees now and works around, by kind; /health has them in words.", "kind"),
	}
}

// Describe implements prometheus.Collector.
func (c *clusterCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		c.current, c.present, c.online, c.least, c.running, c.assigned, c.waiting, c.threshold, c.alertLoad, c.alertRole, c.problems,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *clusterCollector) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, run := range c.sources.CurrentRuns() {
		gauge(c.current, 1, c.sources.WorkerID(), run)
	}
	gauge(c.present, truth(c.sources.LeaderKnown()))
	for kind, n := range c.sources.Problems() {
		gauge(c.problems, float64(n), kind)
	}
	values := c.sources.Settings()
	gauge(c.least, float64(values.MinOnlineWorkers))
	gauge(c.threshold, float64(values.HighLoadThreshold))
	gauge(c.alertLoad, truth(values.AlertHighLoad))
	gauge(c.alertRole, truth(values.AlertRoleChange))
	fleet := c.fleet.Load()
	if fleet == nil {
		return
	}
	gauge(c.online, float64(fleet.Online))
	gauge(c.waiting, float64(fleet.Waiting))
	for worker, n := range fleet.Running {
		gauge(c.running, float64(n), worker)
	}
	for worker, n := range fleet.Assigned {
		gauge(c.assigned, float64(n), worker)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
