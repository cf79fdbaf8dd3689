package console

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// StoredSetting is a row of the settings table. The value of a secret never leaves the database.
type StoredSetting struct {
	Key       string
	Value     json.RawMessage // as stored; nil for a secret
	Secret    bool            // by its name, or by the help table
	UpdatedAt time.Time
}

// SettingHelp is what the scheduler's own help table says of a key.
type SettingHelp struct {
	Key, Title, Description, Impact string
	Editable                        bool
	Input                           string // text, bool or enum
	Choices                         []string
	Min, Max                        *int64
	Examples                        []string
	Secret                          bool
}

// SettingChange is the newest entry of the audit that set or deleted a key.
type SettingChange struct {
	Key, Actor, Action string
	At                 time.Time
	AuditID            int64
}

// SettingTables is what the database holds of settings.
type SettingTables struct {
	Stored []StoredSetting
	Help   []SettingHelp
	// RowsHidden tells that a policy may keep rows from this login: that a row is missing then says nothing.
	RowsHidden bool
}

// Setting is all there is to know of one key.
type Setting struct {
	Spec     scheduler.SettingSpec // with the help table's bounds and choices, where it has any
	Known    bool                  // the contract has this key
	Help     *SettingHelp
	Editable bool
	Stored   bool            // the database has a value, which wins over the process's own
	Hidden   bool            // the login may not see whether it has
	Value    json.RawMessage // unwrapped; nil for a secret or if not stored
	Problem  error           // a *scheduler.Error: why processes can't use the stored value
	Updated  *time.Time
	Change   *SettingChange
}

// Reload is a request that every worker read its settings again.
type Reload struct {
	ID          int64
	RequestedBy string
	RequestedAt time.Time
	Status      string // PENDING, APPLIED or FAILED
	AppliedAt   *time.Time
	LeaderID    string
	LeaderEpoch *int64
	Result      ReloadResult
}

// SettingList is every setting: those of the contract in its order, then the others by key.
type SettingList struct {
	Settings []Setting
	Reloads  []Reload // newest first
	// ChangesUnread tells that the audit could not be read, so that nobody knows who changed what.
	ChangesUnread error
	// Leader is who would apply a reload; "" = nobody. LeaderUnread tells that Redis did not say.
	Leader       string
	LeaderUnread error
	AsOf         time.Time
}

// shownReloads is how many reload requests the list of settings carries.
const shownReloads = 10

// ListSettings gives every setting of the contract and of the database, and the latest reloads. What stands beside the
// settings, the audit and the leader, may be unreadable without hiding them.
func (c *Console) ListSettings(ctx context.Context) (SettingList, error) {
	tables, err := c.ports.Settings.SettingTables(ctx)
	if err != nil {
		return SettingList{}, err
	}
	list := SettingList{AsOf: c.now()}
	if list.Reloads, err = c.ports.Settings.Reloads(ctx, shownReloads); err != nil {
		return SettingList{}, err
	}
	changes, err := c.ports.Settings.SettingChanges(ctx)
	if err != nil {
		list.ChangesUnread = err
	}
	fleet, err := c.ports.Fleet.Fleet(ctx)
	if err != nil {
		list.LeaderUnread = err
	}
	list.Leader = fleet.Leadership.LeaderID
	list.Settings = mergeSettings(tables, changes)
	return list, nil
}

// Setting gives one key as the list has it; a key that nobody knows is a setting too, since schedulers in the field take
// any that has the prefix.
func (c *Console) Setting(ctx context.Context, key string) (Setting, error) {
	tables, err := c.ports.Settings.SettingTables(ctx)
	if err != nil {
		return Setting{}, err
	}
	all := mergeSettings(tables, nil)
	if i := slices.IndexFunc(all, func(s Setting) bool { return s.Spec.Key == key }); i >= 0 {
		return all[i], nil
	}
	return Setting{}, scheduler.Errorf(scheduler.NotFound, "settings.not_found", "There is no setting %s.", key).With("setting", key)
}

// CheckSetting makes the JSON value of what an operator typed for a key, or says what is wrong with it, by the contract and the
// help table. The database checks again when it is written.
func (c *Console) CheckSetting(ctx context.Context, key, input string) (json.RawMessage, error) {
	setting, err := c.Setting(ctx, key)
	if err != nil {
		return nil, err
	}
	return setting.Spec.Parse(input)
}

func mergeSettings(tables SettingTables, changes []SettingChange) []Setting {
	stored, help, changed := map[string]StoredSetting{}, map[string]SettingHelp{}, map[string]SettingChange{}
	keys := make([]string, 0, len(scheduler.SettingSpecs))
	for _, spec := range scheduler.SettingSpecs {
		keys = append(keys, spec.Key)
	}
	var others []string
	for _, s := range tables.Stored {
		stored[s.Key] = s
		others = append(others, s.Key)
	}
	for _, h := range tables.Help {
		help[h.Key] = h
		others = append(others, h.Key)
	}
	for _, c := range changes {
		changed[c.Key] = c
	}
	slices.Sort(others)
	for _, key := range slices.Compact(others) {
		if _, known := scheduler.SettingOf(key); !known {
			keys = append(keys, key)
		}
	}
	list := make([]Setting, len(keys))
	for i, key := range keys {
		list[i] = settingOf(key, pointer(help, key), pointer(stored, key), tables.RowsHidden)
		list[i].Change = pointer(changed, key)
	}
	return list
}

func pointer[V any](values map[string]V, key string) *V {
	if v, ok := values[key]; ok {
		return &v
	}
	return nil
}

// settingOf puts together what the contract, the help table and the settings table say of a key.
func settingOf(key string, help *SettingHelp, stored *StoredSetting, rowsHidden bool) Setting {
	spec, known := scheduler.SettingOf(key)
	if !known {
		spec = scheduler.SettingSpec{Key: key, Type: scheduler.TextSetting, Secret: scheduler.SecretName(key)}
	}
	s := Setting{Known: known, Help: help, Editable: true}
	if help != nil {
		s.Editable = help.Editable
		spec = withHelp(spec, known, *help)
	}
	spec.Secret = spec.Secret || stored != nil && stored.Secret
	s.Spec = spec
	s.Hidden = stored == nil && spec.Secret && rowsHidden
	if stored == nil {
		return s
	}
	s.Stored, s.Updated = true, &stored.UpdatedAt
	if spec.Secret || stored.Value == nil {
		return s
	}
	s.Value = scheduler.SettingValue(stored.Value)
	s.Problem = spec.Usable(s.Value)
	return s
}

// withHelp narrows a spec by the help table, which the scheduler checks against. A type that the contract knows stays: the
// table says "text" for numbers too.
func withHelp(spec scheduler.SettingSpec, known bool, help SettingHelp) scheduler.SettingSpec {
	if help.Min != nil {
		spec.Min = help.Min
	}
	if help.Max != nil {
		spec.Max = help.Max
	}
	spec.Secret = spec.Secret || help.Secret
	switch {
	case help.Input == "enum" && len(help.Choices) > 0:
		spec.Type, spec.Choices = scheduler.ChoiceSetting, help.Choices
	case help.Input == "bool" && !known:
		spec.Type = scheduler.BooleanSetting
	case !known && (help.Min != nil || help.Max != nil):
		spec.Type = scheduler.IntegerSetting
	}
	return spec
}
