package operations

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Setting is one SchedulerSettings key as an operator may see it. Secrets come masked.
type Setting struct {
	Key       string
	Value     json.RawMessage // bare; nil: it has none, so that processes use their own default
	Secret    bool
	Editable  bool
	UpdatedAt *time.Time
}

// number is the value as a whole number, which people also write as a text.
func (s Setting) number() (int, bool) {
	n, err := strconv.Atoi(strings.Trim(string(s.Value), `"`))
	return n, err == nil
}

func (s Setting) version() string {
	if s.UpdatedAt == nil {
		return ""
	}
	return s.UpdatedAt.UTC().Format(time.RFC3339Nano)
}

// setSetting writes one key. Processes read it when they are told to, or when they start.
type setSetting struct {
	key   string
	value json.RawMessage
}

// PlanSetSetting previews writing a key. value is JSON text: the bare value.
func (c *Commands) PlanSetSetting(ctx context.Context, key, value string) (Plan, error) {
	return c.plan(ctx, setSetting{key, json.RawMessage(value)})
}

func (o setSetting) look(ctx context.Context, c *Commands) (sight, error) {
	if err := checkJSON(o.value); err != nil {
		return sight{}, err
	}
	setting, err := c.Ports.Records.Setting(ctx, o.key)
	if err != nil {
		return sight{}, err
	}
	seen := sight{
		Preview: Preview{
			Action: "setting.set", Target: o.key, Tier: Confirm, Reversible: !setting.Secret,
			Touches: []Touch{touch("setting", o.key)}, Notes: []Note{info("setting_needs_apply")},
		},
		basis: basis{"setting": setting.version()},
	}
	if setting.Secret {
		seen.Notes = append(seen.Notes, warning("setting_secret"))
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "setting_set", map[string]any{"key": o.key, "value": o.value, "seen": setting.UpdatedAt})
	}
	return seen, nil
}

// resetSetting removes a key, so that every process uses its own default.
type resetSetting struct{ key string }

// PlanResetSetting previews removing a key.
func (c *Commands) PlanResetSetting(ctx context.Context, key string) (Plan, error) {
	return c.plan(ctx, resetSetting{key})
}

func (o resetSetting) look(ctx context.Context, c *Commands) (sight, error) {
	setting, err := c.Ports.Records.Setting(ctx, o.key)
	if err != nil {
		return sight{}, err
	}
	if setting.Value == nil {
		return sight{}, conflict("operation.not_set", "Setting %q has no value to remove.", o.key).With("setting", o.key)
	}
	return sight{
		Preview: Preview{
			Action: "setting.delete", Target: o.key, Tier: Confirm, Reversible: !setting.Secret,
			Touches: []Touch{touch("setting", o.key)}, Notes: []Note{warning("setting_own_default"), info("setting_needs_apply")},
		},
		basis: basis{"setting": setting.version()},
		act: func(ctx context.Context, p performance) Outcome {
			return p.direct(ctx, "setting_reset", map[string]any{"key": o.key, "seen": setting.UpdatedAt})
		},
	}, nil
}

// applySettings asks the leader to make every worker read the settings again.
type applySettings struct{}

// PlanApplySettings previews making every worker read the settings again.
func (c *Commands) PlanApplySettings(ctx context.Context) (Plan, error) {
	return c.plan(ctx, applySettings{})
}

func (o applySettings) look(ctx context.Context, c *Commands) (sight, error) {
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return sight{}, err
	}
	var workers []string
	for _, w := range fleet.Workers {
		if !w.Silent() {
			workers = append(workers, w.ID)
		}
	}
	seen := sight{
		Preview: Preview{
			Action: "setting.apply", Target: "settings", Tier: Plain, Epoch: fleet.Leadership.Epoch,
			Touches: []Touch{touch("workers", workers...)},
		},
		basis: basis{"leader": boolText(fleet.Leadership.LeaderID != "")},
	}
	if fleet.Leadership.LeaderID == "" {
		seen.Notes = []Note{warning("apply_no_leader")}
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "settings_apply", map[string]any{})
	}
	return seen, nil
}
