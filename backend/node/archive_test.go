//go:build linux

package node_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// archiveAt has logs of more than a day kept in a server's bucket.
func (c *testCluster) archiveAt(s3 *servertest.S3Server) {
	c.t.Helper()
	for key, value := range map[string]any{
		"LOG_ARCHIVE_ENABLED": true, "LOG_ARCHIVE_S3_ENDPOINT_URL": "http://" + s3.Address, "LOG_ARCHIVE_S3_REGION": servertest.S3Region,
		"LOG_ARCHIVE_BUCKET": servertest.S3Bucket, "LOG_ARCHIVE_ACCESS_KEY_ID": servertest.S3AccessKey,
		"LOG_ARCHIVE_SECRET_ACCESS_KEY": servertest.S3SecretKey, "LOG_RETENTION_DAYS_DB": 1,
	} {
		c.set("SCHEDULER_"+key, value)
	}
}

// age makes an attempt old enough to leave the database.
func (c *testCluster) age(id scheduler.RunID) {
	c.t.Helper()
	c.exec(`update opsdeck_node.run_attempt set ended_at = ended_at - interval '2 days', log_retry_at = null where run_id = $1`, id)
}

func (c *testCluster) pieces(id scheduler.RunID) int {
	c.t.Helper()
	return value[int](c, `select count(*) from opsdeck_node.run_log where run_id = $1`, id)
}

func TestOldLogsGoToStorage(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	s3 := servertest.S3(t)
	c.archiveAt(s3)
	c.start("w")
	c.leader()
	const size = 20 << 20 // more than one part
	large := c.run(c.job(job{command: fmt.Sprintf("echo 始め; head -c %d /dev/zero | tr '\\000' x; echo end", size)}), 0)
	c.until(large, scheduler.Succeeded)
	young, silent := c.run(c.job(job{command: "echo young"}), 0), c.run(c.job(job{command: "true"}), 0)
	c.until(young, scheduler.Succeeded)
	c.until(silent, scheduler.Succeeded)
	want := c.log(large, 0)
	c.age(large)
	c.age(silent)
	ref := fmt.Sprintf("s3://logs/job-logs/w/jobrun_%d.log", large)
	c.eventually("the log has left the database", func() bool { return c.pieces(large) == 0 && c.row(large).LogRef == ref })
	object, err := os.ReadFile(filepath.Join(s3.Dir, "logs", "job-logs", "w", fmt.Sprintf("jobrun_%d.log", large)))
	if err != nil || !bytes.Equal(object, want) {
		t.Errorf("the object has %d bytes of %d, error %v", len(object), len(want), err)
	}
	if attempt := value[string](c, `select log_ref from opsdeck_node.run_attempt where run_id = $1`, large); attempt != ref {
		t.Errorf("the attempt's log is at %s", attempt)
	}
	if r := c.row(young); c.pieces(young) != 1 || r.LogRef != fmt.Sprintf("db:%d/0", young) {
		t.Errorf("a young log is at %s", r.LogRef)
	}
	c.eventually("an empty log is done with", func() bool {
		return !value[bool](c, `select log_kept from opsdeck_node.run_attempt where run_id = $1`, silent)
	})
}

func TestStorageThatIsAwayLosesNothing(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	s3 := servertest.S3(t)
	c.archiveAt(s3)
	c.set("SCHEDULER_LOG_ARCHIVE_SECRET_ACCESS_KEY", "wrong")
	w := c.start("w", serving)
	c.leader()
	jobs := c.job(job{command: "echo kept"})
	id := c.run(jobs, 0)
	c.until(id, scheduler.Succeeded)
	c.age(id)
	if message := c.problem(w, "archive", "logs"); !strings.Contains(message, "ignature") {
		t.Errorf("with a wrong key the node says %q", message)
	}
	s3.Stop()
	c.age(id)
	c.eventually("the node says that nobody answers", func() bool {
		return strings.Contains(c.problem(w, "archive", "logs"), "connection refused")
	})
	if text := string(c.log(id, 0)); text != "kept\n" || c.row(id).LogRef != fmt.Sprintf("db:%d/0", id) {
		t.Errorf("the log is %q at %s", text, c.row(id).LogRef)
	}
	c.until(c.run(jobs, 0), scheduler.Succeeded) // and work goes on
	c.set("SCHEDULER_LOG_ARCHIVE_SECRET_ACCESS_KEY", servertest.S3SecretKey)
	s3.Start()
	c.age(id)
	c.eventually("the log is in the bucket", func() bool { return c.pieces(id) == 0 && strings.HasPrefix(c.row(id).LogRef, "s3://") })
	object, err := os.ReadFile(filepath.Join(s3.Dir, "logs", "job-logs", "w", fmt.Sprintf("jobrun_%d.log", id)))
	if err != nil || string(object) != "kept\n" {
		t.Errorf("the object is %q, error %v", object, err)
	}
}

func TestWithoutStorageOldLogsEnd(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.set("SCHEDULER_LOG_RETENTION_DAYS_DB", 1)
	c.start("w")
	id := c.run(c.job(job{command: "i=0; while [ $i -lt 60 ]; do head -c 65536 /dev/zero; i=$((i+1)); done"}), 0)
	c.until(id, scheduler.Succeeded)
	c.age(id)
	c.eventually("the log is gone", func() bool { return c.pieces(id) == 0 && c.row(id).LogRef == "" })
}

func TestLogsOfEveryAttemptAreKept(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	s3 := servertest.S3(t)
	c.archiveAt(s3)
	id := c.run(c.job(job{command: "echo second"}), 0)
	c.exec(`update scheduler_job_runs set attempt = 1, state = 'ORPHANED' where id = $1`, id)
	c.exec(`insert into opsdeck_node.run_attempt (run_id, attempt, worker_id, leader_epoch, started_at, ended_at, outcome)
		values ($1, 0, 'lost/1', 1, now() - interval '1 hour', now(), 'ORPHANED')`, id)
	c.exec(`insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk) values ($1, 0, 1, now(), 'stdout', 'first')`, id)
	c.start("w")
	c.until(id, scheduler.Succeeded)
	c.age(id)
	c.eventually("both are in the bucket", func() bool { return c.pieces(id) == 0 })
	if ref, want := c.row(id).LogRef, fmt.Sprintf("s3://logs/job-logs/w/jobrun_%d_attempt_1.log", id); ref != want {
		t.Errorf("the run's log is at %s, want %s", ref, want)
	}
	if text, err := os.ReadFile(filepath.Join(s3.Dir, "logs", "job-logs", "lost_1", fmt.Sprintf("jobrun_%d.log", id))); string(text) != "first" {
		t.Errorf("the lost attempt's log is %q, %v", text, err)
	}
}

func TestADeletedRunIsForgotten(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	attempts := func(id scheduler.RunID) int {
		return value[int](c, `select count(*) from opsdeck_node.run_attempt where run_id = $1`, id)
	}
	gone, kept := c.run(c.job(job{command: "true"}), 0), c.run(c.job(job{command: "true"}), 0)
	for _, id := range []scheduler.RunID{gone, kept} {
		c.exec(`insert into opsdeck_node.run_attempt (run_id, attempt, worker_id, leader_epoch, started_at, ended_at, log_kept)
			values ($1, 7, 'w', 1, now(), now(), false)`, id)
	}
	c.exec(`delete from scheduler_job_runs where id = $1`, gone)
	c.start("w")
	c.eventually("the attempt is forgotten", func() bool { return attempts(gone) == 0 })
	c.until(kept, scheduler.Succeeded)
	if attempts(kept) != 2 {
		t.Error("the attempt of a run that is there is forgotten too")
	}
}
