//go:build linux

package node_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func serving(config *node.Config) { config.MetricsAddr = "127.0.0.1:0" }

func (c *testCluster) http(n *node.Node, path, token string) (status int, body string) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://"+n.MetricsAddr()+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("X-Scheduler-Token", token)
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.start("w", serving)
	c.leader()
	c.until(c.run(c.job(job{command: "exit 3"}), 0), scheduler.Failed)
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
	long := c.run(c.job(job{command: "exec sleep 600"}), 0)
	c.until(long, scheduler.Running)
	wanted := []string{
		`scheduler_job_runs_started_total{command_name="exit 3"} 1`, `scheduler_job_runs_started_total{command_name="true"} 1`,
		`scheduler_job_runs_finished_total{command_name="exit 3",result="FAILED"} 1`,
		`scheduler_job_runs_finished_total{command_name="true",result="SUCCEEDED"} 1`,
		`scheduler_job_run_duration_seconds_count 2`, `scheduler_job_run_cpu_seconds_total `, `scheduler_job_run_io_read_bytes_total `,
		`scheduler_job_run_io_write_bytes_total `, `scheduler_job_run_peak_rss_bytes `,
		`scheduler_worker_current_job_run{job_run_id="3",worker_id="w"} 1`, `scheduler_workers_online 1`, `scheduler_workers_min_online 1`,
		`scheduler_leader_present 1`, `scheduler_worker_running_jobs{worker_id="w"} 1`, `scheduler_worker_assigned_jobs{worker_id="w"} 0`,
		`scheduler_worker_high_load_threshold 10`, `scheduler_alert_high_load_enabled 1`, `scheduler_alert_role_change_enabled 1`,
		`scheduler_worker_role_change_total{role="leader"} 1`, `opsdeck_node_leader_tick_seconds_count{result="ok"} `,
	}
	c.eventually("the metrics say all that", func() bool {
		_, text := c.http(w, "/metrics", "")
		missing := slices.DeleteFunc(slices.Clone(wanted), func(line string) bool { return strings.Contains(text, line) })
		return len(missing) == 0
	})

	c.set("SCHEDULER_METRICS_TOKEN", "secret")
	c.apply()
	for _, path := range []string{"/metrics", "/health"} {
		if status, _ := c.http(w, path, "wrong"); status != http.StatusForbidden {
			t.Errorf("%s with a wrong token: %d", path, status)
		}
		if status, _ := c.http(w, path, "secret"); status != http.StatusOK {
			t.Errorf("%s with the token: %d", path, status)
		}
	}
}

// health reads /health.
func (c *testCluster) health(n *node.Node) (h struct {
	Role     string
	Alive    bool
	Ready    bool
	Problems []struct{ Kind, What, Message string }
}) {
	c.t.Helper()
	_, text := c.http(n, "/health", "")
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		c.t.Fatal(err)
	}
	return h
}

// problem waits until a node reports one, and gives its message.
func (c *testCluster) problem(n *node.Node, kind, what string) (message string) {
	c.t.Helper()
	c.eventually("the node reports "+kind+" "+what, func() bool {
		for _, p := range c.health(n).Problems {
			if p.Kind == kind && p.What == what {
				message = p.Message
			}
		}
		return message != ""
	})
	return message
}

func TestHealth(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.start("w", serving)
	c.leader()
	c.eventually("it is well", func() bool { h := c.health(w); return h.Alive && h.Ready && h.Role == "leader" })
	for _, path := range []string{"/livez", "/readyz"} {
		if status, _ := c.http(w, path, ""); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	c.redis.Set(t.Context(), "scheduler:detach:w", "1", 0)
	c.eventually("it takes nothing new", func() bool { status, _ := c.http(w, "/readyz", ""); return status == http.StatusServiceUnavailable })
	if status, _ := c.http(w, "/livez", ""); status != http.StatusOK {
		t.Errorf("/livez: %d", status)
	}
}
