// Package settings reads the rows of scheduler_settings that a node obeys while it runs. A row wins over the process's
// environment, and that over what the node was started with. A value that can't be used leaves the former one in force
// and is reported.
package settings

import (
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Values are the settings in force. Durations of 0 mean off, where the contract allows 0.
type Values struct {
	AssignAhead   time.Duration
	SkipLate      time.Duration // 0 = never
	ReassignAfter time.Duration
	Confirm       time.Duration

	WeightLeader, WeightSubLeader, WeightWorker int // at least 1
	RunningWeight                               int // at least 1

	Rebalance          bool
	RebalanceMinFuture time.Duration
	RebalanceMaxMoves  int // a tick; 0 = any number
	RebalanceCooldown  time.Duration

	PingBatch        int
	MaxJobsPerWorker int

	ContinuationRetries  int
	ContinuationInterval time.Duration
	LeaderStale          time.Duration
	DetachGrace          time.Duration

	HeartbeatInterval time.Duration
	HeartbeatTTL      time.Duration
	LeaderLockTTL     time.Duration

	MinOnlineWorkers  int // for alerts, as the next three
	HighLoadThreshold int
	AlertHighLoad     bool
	AlertRoleChange   bool
	MetricsToken      string

	LogRetentionDays     int // in the database; 0 = for ever
	HistoryRetentionDays int // of attempts and event keys; 0 = as long as the run or event
	Archive              Archive
}

// Archive is where logs go when their time in the database is over.
type Archive struct {
	Enabled         bool
	Endpoint        string // URL
	Region          string
	Bucket          string
	Prefix          string
	AccessKeyID     string
	SecretAccessKey string
}

// Weight is how much of the work a role gets beside the others.
func (v Values) Weight(role scheduler.Role) int {
	switch role {
	case scheduler.Leader:
		return v.WeightLeader
	case scheduler.SubLeader:
		return v.WeightSubLeader
	}
	return v.WeightWorker
}

// Standard are the values of the schedulers in the field, and the design's where those have none. Keys of the archive
// have none here: theirs is the password that comes with a storage server.
func Standard() Values {
	return Values{
		AssignAhead: time.Minute, SkipLate: 5 * time.Minute, ReassignAfter: 10 * time.Second, Confirm: 30 * time.Second,
		WeightLeader: 1, WeightSubLeader: 2, WeightWorker: 3, RunningWeight: 2,
		Rebalance: true, RebalanceMinFuture: 30 * time.Second, RebalanceMaxMoves: 50, RebalanceCooldown: 5 * time.Second,
		PingBatch: 2, MaxJobsPerWorker: 1,
		ContinuationRetries: 3, ContinuationInterval: 300 * time.Millisecond, LeaderStale: 5 * time.Second, DetachGrace: 5 * time.Second,
		HeartbeatInterval: time.Second, HeartbeatTTL: 15 * time.Second, LeaderLockTTL: 10 * time.Second,
		MinOnlineWorkers: 1, HighLoadThreshold: 10, AlertHighLoad: true, AlertRoleChange: true,
		LogRetentionDays: 7,
		Archive: Archive{
			Endpoint: "http://127.0.0.1:9000", Region: "us-east-1", Bucket: "scheduler-logs", Prefix: "job-logs",
		},
	}
}
