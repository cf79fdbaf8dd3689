package desktop

import (
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func wireSchedule(s scheduler.Schedule) Schedule {
	wire := Schedule{
		Kind: string(s.Kind), EveryN: s.N, Hour: s.Hour, Minute: s.Minute, Weekday: mondayFirst(s.Weekday),
		EventTypes: append([]string{}, s.EventTypes()...),
	}
	if s.Location != nil {
		wire.Timezone = s.Location.String()
	}
	return wire
}

// mondayFirst numbers weekdays as the contract does: 0 = Monday.
func mondayFirst(d time.Weekday) int { return (int(d) + 6) % 7 }
