// Package demojob holds what the sandbox's jobs really do: processes that work for a while, write logs, fail, hang and
// use resources, as an operator meets them.
package demojob

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

// job does its work and returns the process's exit code.
type job func(ctx context.Context, out output) int

// output is where a job writes.
type output struct{ stdout, stderr io.Writer }

func (o output) printf(format string, args ...any) { fmt.Fprintf(o.stdout, format+"\n", args...) }
func (o output) errorf(format string, args ...any) { fmt.Fprintf(o.stderr, format+"\n", args...) }

// jobs has one entry for every command name of package catalog.
var jobs = map[string]job{
	"heartbeat":          steady(time.Second, "応答あり: db, cache, queue"),
	"order_report":       report,
	"stock_sync":         stock,
	"mail_queue":         steady(3*time.Second, "17 mails sent", "0 deferred"),
	"exchange_rates":     flaky,
	"ledger_closing":     long,
	"partner_feed":       failing,
	"search_reindex":     hanging,
	"audit_export":       chatty,
	"thumbnails":         burning,
	"order_followup":     steady(2*time.Second, "confirmation mailed", "stock reserved"),
	"file_check":         steady(2*time.Second, "header ok", "checksum ok"),
	"event_audit":        steady(time.Second, "recorded"),
	"metrics_rollup":     steady(30*time.Second, "60 minutes rolled up"),
	"cache_rebuild":      steady(40*time.Second, "カテゴリ 214 件", "商品 18,402 件"),
	"session_cleanup":    steady(time.Second, "318 sessions removed"),
	"daily_backup":       steady(6*time.Minute, "dump", "compress", "upload", "verify"),
	"daily_sales":        steady(3*time.Minute, "明細を読込", "集計", "書込"),
	"weekday_digest":     steady(40*time.Second, "42 digests"),
	"standup_reminder":   steady(time.Second, "送信しました"),
	"weekly_stocktaking": steady(10*time.Minute, "棚卸 開始", "照合", "完了"),
	"weekly_vacuum":      steady(8*time.Minute, "vacuum", "analyze"),
	"legacy_migration":   steady(time.Minute, "moved 500 rows"),
	"lunar_sync":         steady(time.Second, "full moon"),
	"hostile_text":       hostile,
}

// Names lists the commands that Run knows, sorted.
func Names() []string { return slices.Sorted(maps.Keys(jobs)) }

// Run does the work of a command and returns the exit code for the process: 64 for a name that it does not know, 143
// when ctx was over before the work was. It reads the environment that schedulers give their runs.
func Run(ctx context.Context, name string, args []string, stdout, stderr io.Writer) int {
	work, ok := jobs[name]
	if !ok {
		fmt.Fprintf(stderr, "there is no demo job named %q\n", name)
		return 64
	}
	out := output{stdout: stdout, stderr: stderr}
	out.printf("%s %q: run %s on worker %s, arguments %s", name, args,
		os.Getenv("SCHEDULER_JOB_RUN_ID"), os.Getenv("SCHEDULER_WORKER_ID"), os.Getenv("SCHEDULER_ARGS_JSON"))
	code := work(ctx, out)
	if ctx.Err() != nil {
		out.errorf("%s: told to end", name)
		return 143
	}
	return code
}

// pause waits and tells whether the job may go on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// about varies a duration by up to a quarter: no two runs take the same time.
func about(d time.Duration) time.Duration {
	return d*3/4 + rand.N(d/2)
}

// steady writes its lines evenly over about the given time.
func steady(takes time.Duration, lines ...string) job {
	return func(ctx context.Context, out output) int {
		each := about(takes) / time.Duration(len(lines))
		for _, line := range lines {
			if !pause(ctx, each) {
				return 1
			}
			out.printf("%s", line)
		}
		return 0
	}
}
