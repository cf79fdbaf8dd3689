package scheduler

import (
	"encoding/json"
	"slices"
	"strings"
)

// SettingType is what a setting's value is; it decides how it is entered and checked.
type SettingType string

// The types of settings.
const (
	IntegerSetting SettingType = "integer"
	DecimalSetting SettingType = "decimal"
	BooleanSetting SettingType = "boolean"
	ChoiceSetting  SettingType = "choice"
	TextSetting    SettingType = "text"
)

// SettingGroup is what a setting is about, for screens to sort by.
type SettingGroup string

// The groups of settings, in the order in which screens show them.
const (
	AssignmentSettings   SettingGroup = "assignment"
	RecoverySettings     SettingGroup = "recovery"
	RebalanceSettings    SettingGroup = "rebalance"
	ClusterSettings      SettingGroup = "cluster"
	NetworkSettings      SettingGroup = "network"
	LogSettings          SettingGroup = "logs"
	AlertSettings        SettingGroup = "alerts"
	NotificationSettings SettingGroup = "notification"
	AccessSettings       SettingGroup = "access"
)

// SettingSpec is what is known of a setting before any database is asked. Default is what a process takes that has neither
// a row in the database nor a value of its own; such a value of its own is never visible from outside.
type SettingSpec struct {
	Key      string
	Group    SettingGroup
	Type     SettingType
	Default  string // as text; "" = empty, which switches a feature off where one depends on it
	Min, Max *int64
	Choices  []string
	Restart  bool // processes read it when they start, so that applying it is not enough
	Secret   bool
	Design   bool // schedulers of the design read it; the Django application has no such setting
	Django   bool // the Django application reads it; nodes of the design are told otherwise, or have no use for it
}

// SettingPrefix begins the key of every setting.
const SettingPrefix = "SCHEDULER_"

// setting makes a spec; the key is given without its prefix.
func setting(group SettingGroup, kind SettingType, key, standard string, more ...func(*SettingSpec)) SettingSpec {
	s := SettingSpec{Key: SettingPrefix + key, Group: group, Type: kind, Default: standard, Secret: SecretName(key)}
	for _, add := range more {
		add(&s)
	}
	return s
}

func from(low int64) func(*SettingSpec) { return func(s *SettingSpec) { s.Min = &low } }

func between(low, high int64) func(*SettingSpec) {
	return func(s *SettingSpec) { s.Min, s.Max = &low, &high }
}

func restart(s *SettingSpec) { s.Restart = true }
func design(s *SettingSpec)  { s.Design = true }
func django(s *SettingSpec)  { s.Django = true }

func oneOf(choices ...string) func(*SettingSpec) {
	return func(s *SettingSpec) { s.Choices = choices }
}

// SettingSpecs lists every setting of the contract, by group and then as an operator would look through them.
// SCHEDULER_NODE_ID is not among them: nothing in the database overrides it.
var SettingSpecs = []SettingSpec{
	setting(AssignmentSettings, IntegerSetting, "ASSIGN_AHEAD_SECONDS", "60", from(1)),
	setting(AssignmentSettings, IntegerSetting, "ASSIGN_WEIGHT_LEADER", "1", from(0)),
	setting(AssignmentSettings, IntegerSetting, "ASSIGN_WEIGHT_SUBLEADER", "2", from(0)),
	setting(AssignmentSettings, IntegerSetting, "ASSIGN_WEIGHT_WORKER", "3", from(0)),
	setting(AssignmentSettings, IntegerSetting, "ASSIGN_RUNNING_LOAD_WEIGHT", "2", from(0)),
	setting(AssignmentSettings, IntegerSetting, "MAX_JOBS_PER_WORKER", "1", from(1), design),

	setting(RecoverySettings, IntegerSetting, "SKIP_LATE_RUNS_AFTER_SECONDS", "300", from(0)),
	setting(RecoverySettings, IntegerSetting, "REASSIGN_ASSIGNED_AFTER_SECONDS", "10", from(1)),
	setting(RecoverySettings, IntegerSetting, "CONTINUATION_CONFIRM_SECONDS", "30", from(1)),
	setting(RecoverySettings, IntegerSetting, "CONTINUATION_RETRY_COUNT", "3", from(1), design),
	setting(RecoverySettings, DecimalSetting, "CONTINUATION_RETRY_INTERVAL_SECONDS", "0.3", from(0), design),
	setting(RecoverySettings, IntegerSetting, "WORKER_DETACH_GRACE_SECONDS", "5", from(0), design),

	setting(RebalanceSettings, BooleanSetting, "REBALANCE_ASSIGNED_ENABLED", "true"),
	setting(RebalanceSettings, IntegerSetting, "REBALANCE_ASSIGNED_MIN_FUTURE_SECONDS", "30", from(0)),
	setting(RebalanceSettings, IntegerSetting, "REBALANCE_ASSIGNED_MAX_PER_TICK", "50", from(0)),
	setting(RebalanceSettings, IntegerSetting, "REBALANCE_ASSIGNED_COOLDOWN_SECONDS", "5", from(0)),

	setting(ClusterSettings, IntegerSetting, "LEADER_PING_BATCH_SIZE", "2", between(1, 50)),
	setting(ClusterSettings, IntegerSetting, "HEARTBEAT_INTERVAL_SECONDS", "1", from(1), design),
	setting(ClusterSettings, IntegerSetting, "HEARTBEAT_TTL_SECONDS", "15", from(2), design),
	setting(ClusterSettings, IntegerSetting, "LEADER_LOCK_TTL_SECONDS", "10", from(2), design),
	setting(ClusterSettings, IntegerSetting, "LEADER_STALE_SECONDS", "5", from(1), design),
	setting(ClusterSettings, ChoiceSetting, "DEPLOYMENT", "local", oneOf("local", "k8s"), django),

	setting(NetworkSettings, TextSetting, "REDIS_URL", "redis://localhost:6379/0", restart, django),
	setting(NetworkSettings, TextSetting, "GRPC_HOST", "127.0.0.1", restart, django),
	setting(NetworkSettings, IntegerSetting, "GRPC_PORT_RANGE_START", "50051", between(1, 65535), restart, django),
	setting(NetworkSettings, IntegerSetting, "GRPC_PORT_RANGE_END", "50150", between(1, 65535), restart, django),
	setting(NetworkSettings, TextSetting, "TLS_CERT_FILE", "", restart, django),
	setting(NetworkSettings, TextSetting, "TLS_KEY_FILE", "", restart, django),

	setting(LogSettings, IntegerSetting, "LOG_RETENTION_DAYS_DB", "7", from(0), design),
	setting(LogSettings, IntegerSetting, "HISTORY_RETENTION_DAYS_DB", "0", from(0), design),
	setting(LogSettings, BooleanSetting, "LOG_ARCHIVE_ENABLED", "false"),
	setting(LogSettings, TextSetting, "LOG_ARCHIVE_S3_ENDPOINT_URL", "http://127.0.0.1:9000"),
	setting(LogSettings, TextSetting, "LOG_ARCHIVE_S3_REGION", "us-east-1"),
	setting(LogSettings, TextSetting, "LOG_ARCHIVE_BUCKET", "scheduler-logs"),
	setting(LogSettings, TextSetting, "LOG_ARCHIVE_PREFIX", "job-logs"),
	setting(LogSettings, TextSetting, "LOG_ARCHIVE_PUBLIC_BASE_URL", "http://127.0.0.1:9000", django),
	setting(LogSettings, TextSetting, "LOG_ARCHIVE_ACCESS_KEY_ID", ""),
	setting(LogSettings, TextSetting, "LOG_ARCHIVE_SECRET_ACCESS_KEY", ""),
	setting(LogSettings, BooleanSetting, "LOG_LOCAL_DELETE_AFTER_UPLOAD", "false", django),
	setting(LogSettings, IntegerSetting, "LOG_LOCAL_RETENTION_HOURS", "0", from(0), django),

	setting(AlertSettings, IntegerSetting, "MIN_ONLINE_WORKERS", "1", from(0)),
	setting(AlertSettings, IntegerSetting, "WORKER_HIGH_LOAD_THRESHOLD", "10", from(0)),
	setting(AlertSettings, BooleanSetting, "ALERT_HIGH_LOAD_ENABLED", "true"),
	setting(AlertSettings, BooleanSetting, "ALERT_ROLE_CHANGE_ENABLED", "true"),
	setting(AlertSettings, TextSetting, "ALERTMANAGER_URL", "", django),
	setting(AlertSettings, TextSetting, "PROMETHEUS_URL", "", django),

	setting(NotificationSettings, TextSetting, "NOTIFY_SLACK_WEBHOOK_URL", "", django),
	setting(NotificationSettings, TextSetting, "NOTIFY_TEAMS_WEBHOOK_URL", "", django),
	setting(NotificationSettings, TextSetting, "NOTIFY_EMAIL_TO", "", django),
	setting(NotificationSettings, TextSetting, "NOTIFY_EMAIL_FROM", "", django),
	setting(NotificationSettings, TextSetting, "NOTIFY_SMTP_HOST", "", django),
	setting(NotificationSettings, IntegerSetting, "NOTIFY_SMTP_PORT", "587", between(1, 65535), django),
	setting(NotificationSettings, TextSetting, "NOTIFY_SMTP_USER", "", django),
	setting(NotificationSettings, TextSetting, "NOTIFY_SMTP_PASSWORD", "", django),
	setting(NotificationSettings, BooleanSetting, "NOTIFY_SMTP_USE_TLS", "true", django),

	setting(AccessSettings, TextSetting, "EVENTS_API_TOKEN", "", django),
	setting(AccessSettings, TextSetting, "METRICS_TOKEN", ""),
	setting(AccessSettings, TextSetting, "ALERT_WEBHOOK_TOKEN", "dev", django),
}

// RestartSettings lists the keys that processes read only when they start.
func RestartSettings() []string {
	var keys []string
	for _, s := range SettingSpecs {
		if s.Restart {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// SettingOf gives what is known of a key.
func SettingOf(key string) (SettingSpec, bool) {
	i := slices.IndexFunc(SettingSpecs, func(s SettingSpec) bool { return s.Key == key })
	if i < 0 {
		return SettingSpec{}, false
	}
	return SettingSpecs[i], true
}

// secretMarks are the parts of a name that say that its value is a secret, without case and separators, so that
// "accessKey" and "ACCESS_KEY_ID" are the same. The first seven are the contract's.
var secretMarks = []string{
	"SECRET", "TOKEN", "PASSWORD", "ACCESSKEY", "WEBHOOKURL", "REDISURL", "PRIVATEKEY",
	"PASSWD", "PASSPHRASE", "APIKEY", "AUTHORIZATION", "CREDENTIAL", "DATABASEURL", "SESSIONID", "COOKIE",
}

var separators = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")

// SecretName tells whether a name, of a setting or of a value in a JSON document, says that its value is a secret. It sees
// more secrets than there are rather than fewer.
func SecretName(name string) bool {
	plain := separators.Replace(strings.ToUpper(name))
	return slices.ContainsFunc(secretMarks, func(mark string) bool { return strings.Contains(plain, mark) })
}

// SettingValue takes a setting's stored JSON out of the {"value": v} that web applications wrap it in. Both forms mean the
// same to every process.
func SettingValue(stored json.RawMessage) json.RawMessage {
	var wrapped map[string]json.RawMessage
	if json.Unmarshal(stored, &wrapped) == nil && len(wrapped) == 1 && wrapped["value"] != nil {
		return wrapped["value"]
	}
	return stored
}

// SecretNamePattern is SecretName as a regular expression for upper-case names without separators, for databases.
func SecretNamePattern() string { return strings.Join(secretMarks, "|") }
