package leader

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// settings are the rows of scheduler_settings that a leader obeys.
type settings struct {
	assignAhead   time.Duration
	skipLate      time.Duration // 0 = never
	reassignAfter time.Duration
	confirm       time.Duration
	runningWeight int
	weights       map[scheduler.Role]int
}

func (s settings) weight(role scheduler.Role) int { return s.weights[role] }

// number is a setting with its default and the bounds outside of which a value is ignored.
type number struct {
	key           string
	standard      int
	lowest, limit int
}

const (
	aDay  = 24 * 60 * 60
	large = 1_000_000
)

var (
	assignAhead   = number{"SCHEDULER_ASSIGN_AHEAD_SECONDS", 60, 1, aDay}
	skipLate      = number{"SCHEDULER_SKIP_LATE_RUNS_AFTER_SECONDS", 300, 0, 365 * aDay}
	reassignAfter = number{"SCHEDULER_REASSIGN_ASSIGNED_AFTER_SECONDS", 10, 1, aDay}
	confirm       = number{"SCHEDULER_CONTINUATION_CONFIRM_SECONDS", 30, 1, aDay}
	runningWeight = number{"SCHEDULER_ASSIGN_RUNNING_LOAD_WEIGHT", 2, 0, large}
	weightLeader  = number{"SCHEDULER_ASSIGN_WEIGHT_LEADER", 1, 0, large}
	weightSub     = number{"SCHEDULER_ASSIGN_WEIGHT_SUBLEADER", 2, 0, large}
	weightWorker  = number{"SCHEDULER_ASSIGN_WEIGHT_WORKER", 3, 0, large}
)

var settingKeys = []string{
	assignAhead.key, skipLate.key, reassignAfter.key, confirm.key, runningWeight.key,
	weightLeader.key, weightSub.key, weightWorker.key,
}

// settings reads them anew with every tick. One that can't be used is as good as missing; the log says so once.
func (l *Leader) settings(ctx context.Context, tx *store.LeaderTx) (settings, error) {
	rows, err := tx.Settings(ctx, settingKeys)
	if err != nil {
		return settings{}, err
	}
	found, bad := readSettings(rows)
	if complaint := strings.Join(bad, " "); complaint != l.badKeys {
		l.badKeys = complaint
		if complaint != "" {
			l.config.Log.Warn("settings that can't be used are ignored", "keys", complaint)
		}
	}
	return found, nil
}

func readSettings(rows []store.Setting) (s settings, bad []string) {
	values := map[string]json.RawMessage{}
	for _, row := range rows {
		values[row.Key] = row.Value
	}
	read := func(n number) int {
		raw, set := values[n.key]
		if !set {
			return n.standard
		}
		value, ok := wholeNumber(raw)
		if !ok || value < n.lowest || value > n.limit {
			bad = append(bad, n.key)
			return n.standard
		}
		return value
	}
	seconds := func(n number) time.Duration { return time.Duration(read(n)) * time.Second }
	atLeastOne := func(n number) int { return max(1, read(n)) } // 0 acts as 1 in the field
	s = settings{
		assignAhead: seconds(assignAhead), skipLate: seconds(skipLate), reassignAfter: seconds(reassignAfter),
		confirm: seconds(confirm), runningWeight: atLeastOne(runningWeight),
		weights: map[scheduler.Role]int{
			scheduler.Leader: atLeastOne(weightLeader), scheduler.SubLeader: atLeastOne(weightSub),
			scheduler.Plain: atLeastOne(weightWorker),
		},
	}
	slices.Sort(bad)
	return s, bad
}

// wholeNumber reads a value that is bare or wrapped as {"value": v}, a number or its text.
func wholeNumber(raw json.RawMessage) (int, bool) {
	var wrapped map[string]json.RawMessage
	if json.Unmarshal(raw, &wrapped) == nil && len(wrapped) == 1 && wrapped["value"] != nil {
		raw = wrapped["value"]
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil
}
