package settings

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Prefix begins every key.
const Prefix = "SCHEDULER_"

const (
	aDay  = 24 * 60 * 60
	large = 1_000_000
)

// spec is one key: set reads a value's text into its place, or says what is wrong with it.
type spec struct {
	key    string
	secret bool
	about  string // for the list that opsctl shows
	set    func(v *Values, text string) error
	copy   func(from, to *Values)
}

func copying[T any](place func(*Values) *T) func(from, to *Values) {
	return func(from, to *Values) { *place(to) = *place(from) }
}

var specs = []spec{
	seconds("ASSIGN_AHEAD_SECONDS", 1, aDay, "how far ahead runs are made and given out", func(v *Values) *time.Duration { return &v.AssignAhead }),
	seconds("SKIP_LATE_RUNS_AFTER_SECONDS", 0, 365*aDay, "how late a run may start; 0: any time", func(v *Values) *time.Duration { return &v.SkipLate }),
	seconds("REASSIGN_ASSIGNED_AFTER_SECONDS", 1, aDay, "how long a run stays with a worker that is gone", func(v *Values) *time.Duration { return &v.ReassignAfter }),
	seconds("CONTINUATION_CONFIRM_SECONDS", 1, aDay, "how long a silent worker is waited for before its run is lost", func(v *Values) *time.Duration { return &v.Confirm }),
	weight("ASSIGN_WEIGHT_LEADER", "the leader's share of the work", func(v *Values) *int { return &v.WeightLeader }),
	weight("ASSIGN_WEIGHT_SUBLEADER", "a SubLeader's share", func(v *Values) *int { return &v.WeightSubLeader }),
	weight("ASSIGN_WEIGHT_WORKER", "any other worker's share", func(v *Values) *int { return &v.WeightWorker }),
	weight("ASSIGN_RUNNING_LOAD_WEIGHT", "how many assigned runs a running one weighs", func(v *Values) *int { return &v.RunningWeight }),
	boolean("REBALANCE_ASSIGNED_ENABLED", "move assigned runs to workers with less to do", func(v *Values) *bool { return &v.Rebalance }),
	seconds("REBALANCE_ASSIGNED_MIN_FUTURE_SECONDS", 0, aDay, "only runs due later than this move", func(v *Values) *time.Duration { return &v.RebalanceMinFuture }),
	number("REBALANCE_ASSIGNED_MAX_PER_TICK", 0, large, "how many move at once; 0: any number", func(v *Values) *int { return &v.RebalanceMaxMoves }),
	seconds("REBALANCE_ASSIGNED_COOLDOWN_SECONDS", 0, aDay, "how long a run stays where it was put", func(v *Values) *time.Duration { return &v.RebalanceCooldown }),
	number("LEADER_PING_BATCH_SIZE", 1, 50, "how many workers the leader calls with each tick", func(v *Values) *int { return &v.PingBatch }),
	number("MAX_JOBS_PER_WORKER", 1, 1000, "how many runs a worker may have in hand", func(v *Values) *int { return &v.MaxJobsPerWorker }),
	number("CONTINUATION_RETRY_COUNT", 1, 100, "how often a detached worker asks whether it may finish", func(v *Values) *int { return &v.ContinuationRetries }),
	seconds("CONTINUATION_RETRY_INTERVAL_SECONDS", 0, 60, "and how long it waits in between", func(v *Values) *time.Duration { return &v.ContinuationInterval }),
	seconds("LEADER_STALE_SECONDS", 0.1, aDay, "when a leader that shows no activity is suspected", func(v *Values) *time.Duration { return &v.LeaderStale }),
	seconds("WORKER_DETACH_GRACE_SECONDS", 0, aDay, "how long a detached worker stays before it leaves", func(v *Values) *time.Duration { return &v.DetachGrace }),
	seconds("HEARTBEAT_INTERVAL_SECONDS", 0.05, 60, "how often a node shows that it lives", func(v *Values) *time.Duration { return &v.HeartbeatInterval }),
	seconds("HEARTBEAT_TTL_SECONDS", 1, aDay, "when a silent node counts as gone", func(v *Values) *time.Duration { return &v.HeartbeatTTL }),
	seconds("LEADER_LOCK_TTL_SECONDS", 1, aDay, "when a silent leader has lost its lock", func(v *Values) *time.Duration { return &v.LeaderLockTTL }),
	number("MIN_ONLINE_WORKERS", 0, large, "for alerts: fewer workers are a fault", func(v *Values) *int { return &v.MinOnlineWorkers }),
	number("WORKER_HIGH_LOAD_THRESHOLD", 0, large, "for alerts: more runs on a worker are too many", func(v *Values) *int { return &v.HighLoadThreshold }),
	boolean("ALERT_HIGH_LOAD_ENABLED", "for alerts: whether to", func(v *Values) *bool { return &v.AlertHighLoad }),
	boolean("ALERT_ROLE_CHANGE_ENABLED", "for alerts: whether to", func(v *Values) *bool { return &v.AlertRoleChange }),
	secretText("METRICS_TOKEN", "what a reader of metrics must show", func(v *Values) *string { return &v.MetricsToken }),
	number("LOG_RETENTION_DAYS_DB", 0, 36500, "how long logs stay in the database; 0: for ever", func(v *Values) *int { return &v.LogRetentionDays }),
	number("HISTORY_RETENTION_DAYS_DB", 0, 36500, "how long attempts and event keys are remembered; 0: as long as the run or event", func(v *Values) *int { return &v.HistoryRetentionDays }),
	boolean("LOG_ARCHIVE_ENABLED", "keep older logs in S3-compatible storage", func(v *Values) *bool { return &v.Archive.Enabled }),
	address("LOG_ARCHIVE_S3_ENDPOINT_URL", "where that is", func(v *Values) *string { return &v.Archive.Endpoint }),
	text("LOG_ARCHIVE_S3_REGION", "its region", func(v *Values) *string { return &v.Archive.Region }),
	text("LOG_ARCHIVE_BUCKET", "the bucket, which must exist", func(v *Values) *string { return &v.Archive.Bucket }),
	optionalText("LOG_ARCHIVE_PREFIX", "what object names begin with", func(v *Values) *string { return &v.Archive.Prefix }),
	secretText("LOG_ARCHIVE_ACCESS_KEY_ID", "the access key", func(v *Values) *string { return &v.Archive.AccessKeyID }),
	secretText("LOG_ARCHIVE_SECRET_ACCESS_KEY", "and its secret", func(v *Values) *string { return &v.Archive.SecretAccessKey }),
}

// Keys lists every key that nodes obey while they run.
func Keys() []string {
	keys := make([]string, len(specs))
	for i, s := range specs {
		keys[i] = s.key
	}
	return keys
}

// Secret tells whether a key's value must not be shown.
func Secret(key string) bool {
	for _, s := range specs {
		if s.key == key {
			return s.secret
		}
	}
	return false
}

// Describe lists every key with what it is for, a line each.
func Describe() string {
	var b strings.Builder
	for _, s := range specs {
		fmt.Fprintf(&b, "  %-48s %s\n", s.key, s.about)
	}
	return b.String()
}

func number(key string, lowest, limit int, about string, place func(*Values) *int) spec {
	return spec{key: Prefix + key, about: about, copy: copying(place), set: func(v *Values, text string) error {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is no whole number", clip(text))
		}
		if n < lowest || n > limit {
			return fmt.Errorf("%d is not from %d to %d", n, lowest, limit)
		}
		*place(v) = n
		return nil
	}}
}

// weight reads 0 as 1, as the schedulers in the field do.
func weight(key, about string, place func(*Values) *int) spec {
	s := number(key, 0, large, about, place)
	read := s.set
	s.set = func(v *Values, text string) error {
		if err := read(v, text); err != nil {
			return err
		}
		*place(v) = max(1, *place(v))
		return nil
	}
	return s
}

func seconds(key string, lowest, limit float64, about string, place func(*Values) *time.Duration) spec {
	return spec{key: Prefix + key, about: about, copy: copying(place), set: func(v *Values, text string) error {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("%q is no number of seconds", clip(text))
		}
		if !(n >= lowest && n <= limit) { // NaN is neither
			return fmt.Errorf("%s is not from %g to %g", clip(text), lowest, limit)
		}
		*place(v) = time.Duration(n * float64(time.Second))
		return nil
	}}
}

// boolean reads as the schedulers in the field do: these texts are false, all others true.
func boolean(key, about string, place func(*Values) *bool) spec {
	return spec{key: Prefix + key, about: about, copy: copying(place), set: func(v *Values, text string) error {
		switch text {
		case "", "0", "false", "False", "no", "No":
			*place(v) = false
		default:
			*place(v) = true
		}
		return nil
	}}
}

func optionalText(key, about string, place func(*Values) *string) spec {
	return spec{key: Prefix + key, about: about, copy: copying(place), set: func(v *Values, text string) error {
		*place(v) = text
		return nil
	}}
}

func text(key, about string, place func(*Values) *string) spec {
	return spec{key: Prefix + key, about: about, copy: copying(place), set: func(v *Values, text string) error {
		if text == "" {
			return fmt.Errorf("it is empty")
		}
		*place(v) = text
		return nil
	}}
}

func secretText(key, about string, place func(*Values) *string) spec {
	s := optionalText(key, about, place)
	s.secret = true
	return s
}

func address(key, about string, place func(*Values) *string) spec {
	return spec{key: Prefix + key, about: about, copy: copying(place), set: func(v *Values, text string) error {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			return fmt.Errorf("it is no http or https address")
		}
		*place(v) = text
		return nil
	}}
}

func clip(text string) string { return text[:min(len(text), 40)] }
