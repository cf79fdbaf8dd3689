package console

import (
	"cmp"
	"encoding/json"
	"slices"
)

// ReloadResult is what the leader wrote about a reload, worker by worker.
type ReloadResult struct {
	Targets    []ReloadTarget // by worker id
	OK, Total  int
	Generation *int64 // of the leader's own settings
	Unreadable bool   // it is in no shape that the contract knows
}

// ReloadTarget is one worker's answer to ReloadConfig.
type ReloadTarget struct {
	WorkerID   string
	Address    string
	OK         bool
	Message    string
	Generation *int64
}

// ReadReloadResult reads the result_json of a reload request. A request that nobody has worked on has {}.
func ReadReloadResult(raw json.RawMessage) ReloadResult {
	var wire struct {
		Generation *int64 `json:"leader_cache_generation"`
		Targets    map[string]struct {
			Target     string `json:"target"`
			OK         bool   `json:"ok"`
			Message    string `json:"message"`
			Generation *int64 `json:"cache_generation"`
		} `json:"targets"`
		OKCount *int `json:"ok_count"`
		Total   *int `json:"total"`
	}
	if len(raw) == 0 || raw[0] != '{' || json.Unmarshal(raw, &wire) != nil {
		return ReloadResult{Unreadable: true}
	}
	result := ReloadResult{Generation: wire.Generation, Total: len(wire.Targets)}
	for worker, t := range wire.Targets {
		result.Targets = append(result.Targets, ReloadTarget{
			WorkerID: worker, Address: t.Target, OK: t.OK, Message: t.Message, Generation: t.Generation,
		})
		if t.OK {
			result.OK++
		}
	}
	slices.SortFunc(result.Targets, func(a, b ReloadTarget) int { return cmp.Compare(a.WorkerID, b.WorkerID) })
	if wire.OKCount != nil {
		result.OK = *wire.OKCount
	}
	if wire.Total != nil {
		result.Total = *wire.Total
	}
	return result
}
