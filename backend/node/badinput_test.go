//go:build linux

package node_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestHugeLogIsBounded(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	const limit, size = 1 << 20, 1 << 30
	w := c.start("w", serving, func(config *node.Config) { config.MaxLogBytes = limit })
	id := c.run(c.job(job{command: fmt.Sprintf("echo begin; head -c %d /dev/zero; printf '\\nend'", size)}), 0)
	c.until(id, scheduler.Succeeded)
	log := string(c.log(id, 0))
	if len(log) < limit || len(log) > limit+64<<10 {
		t.Errorf("%d bytes of a log of %d are kept, the limit is %d", len(log), size, limit)
	}
	dropped := size + len("begin\n\nend") - limit - 8<<10
	told := fmt.Sprintf("[%d bytes of output are not kept: a run may log %d bytes. The last 8192 bytes follow.]", dropped, limit)
	if !strings.HasPrefix(log, "begin\n") || !strings.HasSuffix(log, "\nend") || !strings.Contains(log, told) {
		t.Errorf("the log ends with %q and misses %q", log[len(log)-40:], told)
	}
	if _, metrics := c.http(w, "/metrics", ""); !strings.Contains(metrics, "opsdeck_node_log_dropped_bytes_total 1.07") {
		t.Error("the metrics don't tell")
	}
}
