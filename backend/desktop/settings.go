package desktop

import (
	"context"
	"encoding/json"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Settings serves the scheduler's settings.
type Settings struct{ session *Session }

// NewSettings binds the settings of the open environment.
func NewSettings(s *Session) *Settings { return &Settings{s} }

// SettingList is every setting, and the latest requests to apply them.
type SettingList struct {
	Settings     []Setting  `json:"settings"`
	Reloads      []Reload   `json:"reloads"` // newest first
	Leader       string     `json:"leader"`  // who would apply; "" = nobody
	LeaderError  *WireError `json:"leaderError,omitempty"`
	ChangesError *WireError `json:"changesError,omitempty"` // why nobody knows who changed what
	AsOf         string     `json:"asOf"`
}

// Setting is one key of the scheduler's settings.
type Setting struct {
	Key      string         `json:"key"`
	Known    bool           `json:"known"`
	Group    string         `json:"group"` // "" for keys that the contract doesn't have
	Type     string         `json:"type"`  // integer, decimal, boolean, choice or text
	Default  string         `json:"default"`
	Min      string         `json:"min"` // "" = none
	Max      string         `json:"max"`
	Choices  []string       `json:"choices"`
	Restart  bool           `json:"restart"`
	Design   bool           `json:"design"`
	Django   bool           `json:"django"`
	Secret   bool           `json:"secret"`
	Editable bool           `json:"editable"`
	Stored   bool           `json:"stored"`
	Hidden   bool           `json:"hidden"`   // whether it is stored is hidden from this login
	Readable bool           `json:"readable"` // Value is the stored one
	Value    string         `json:"value"`
	Problem  *WireError     `json:"problem,omitempty"`
	Updated  string         `json:"updated"`
	Help     *SettingHelp   `json:"help,omitempty"`
	Change   *SettingChange `json:"change,omitempty"`
}

// SettingHelp is the scheduler's own text about a key.
type SettingHelp struct {
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Impact      string   `json:"impact"`
	Examples    []string `json:"examples"`
}

// SettingChange is who set or deleted a key last.
type SettingChange struct {
	Actor   string `json:"actor"`
	Action  string `json:"action"`
	At      string `json:"at"`
	AuditID string `json:"auditId"`
}

// Reload is a request that every worker read its settings again.
type Reload struct {
	ID          string         `json:"id"`
	RequestedBy string         `json:"requestedBy"`
	RequestedAt string         `json:"requestedAt"`
	Status      string         `json:"status"`
	AppliedAt   string         `json:"appliedAt"`
	LeaderID    string         `json:"leaderId"`
	LeaderEpoch string         `json:"leaderEpoch"`
	OK          int            `json:"ok"`
	Total       int            `json:"total"`
	Unreadable  bool           `json:"unreadable"`
	Targets     []ReloadTarget `json:"targets"` // of the newest request
}

// ReloadTarget is one worker's answer.
type ReloadTarget struct {
	WorkerID   string `json:"workerId"`
	Address    string `json:"address"`
	OK         bool   `json:"ok"`
	Message    string `json:"message"`
	Generation string `json:"generation"`
}

// List gives every setting.
func (s *Settings) List() (SettingList, error) {
	return call(s.session, "Settings.List", func(ctx context.Context, c *console.Console) (SettingList, error) {
		list, err := c.ListSettings(ctx)
		if err != nil {
			return SettingList{}, err
		}
		wire := SettingList{
			Settings: make([]Setting, len(list.Settings)), Reloads: make([]Reload, len(list.Reloads)), Leader: list.Leader,
			LeaderError: wireOptional(list.LeaderUnread), ChangesError: wireOptional(list.ChangesUnread), AsOf: wireTime(list.AsOf),
		}
		for i, setting := range list.Settings {
			wire.Settings[i] = wireSetting(setting)
		}
		for i, reload := range list.Reloads {
			wire.Reloads[i] = wireReload(reload)
		}
		return wire, nil
	})
}

// CheckSettingRequest is what an operator typed for a key.
type CheckSettingRequest struct {
	Key   string `json:"key"`
	Input string `json:"input"`
}

// CheckedSetting is the same as JSON text.
type CheckedSetting struct {
	Value string `json:"value"`
}

// Check makes a value of what was typed, or says what is wrong with it.
func (s *Settings) Check(req CheckSettingRequest) (CheckedSetting, error) {
	return call(s.session, "Settings.Check", func(ctx context.Context, c *console.Console) (CheckedSetting, error) {
		value, err := c.CheckSetting(ctx, req.Key, req.Input)
		return CheckedSetting{Value: string(value)}, err
	})
}

func wireSetting(s console.Setting) Setting {
	wire := Setting{
		Key: s.Spec.Key, Known: s.Known, Group: string(s.Spec.Group), Type: string(s.Spec.Type), Default: s.Spec.Default,
		Min: wireOptionalID(s.Spec.Min), Max: wireOptionalID(s.Spec.Max), Choices: append([]string{}, s.Spec.Choices...),
		Restart: s.Spec.Restart, Design: s.Spec.Design, Django: s.Spec.Django, Secret: s.Spec.Secret, Editable: s.Editable,
		Stored: s.Stored, Hidden: s.Hidden, Readable: s.Value != nil, Value: settingText(s.Value),
		Problem: wireOptional(s.Problem), Updated: wireOptionalTime(s.Updated),
	}
	if h := s.Help; h != nil {
		wire.Help = &SettingHelp{Title: h.Title, Description: h.Description, Impact: h.Impact, Examples: append([]string{}, h.Examples...)}
	}
	if c := s.Change; c != nil {
		wire.Change = &SettingChange{Actor: c.Actor, Action: c.Action, At: wireTime(c.At), AuditID: wireID(c.AuditID)}
	}
	return wire
}

// settingText is a value as it is typed: a text without its quotes, anything else as JSON.
func settingText(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

func wireReload(r console.Reload) Reload {
	wire := Reload{
		ID: wireID(r.ID), RequestedBy: r.RequestedBy, RequestedAt: wireTime(r.RequestedAt), Status: r.Status,
		AppliedAt: wireOptionalTime(r.AppliedAt), LeaderID: r.LeaderID, LeaderEpoch: wireOptionalID(r.LeaderEpoch),
		OK: r.Result.OK, Total: r.Result.Total, Unreadable: r.Result.Unreadable, Targets: make([]ReloadTarget, len(r.Result.Targets)),
	}
	for i, t := range r.Result.Targets {
		wire.Targets[i] = ReloadTarget{
			WorkerID: t.WorkerID, Address: t.Address, OK: t.OK, Message: t.Message, Generation: wireOptionalID(t.Generation),
		}
	}
	return wire
}
