package patience

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestPausesGrow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p Patience
		down := errors.New("down")
		p.Failed(down, false)
		if err := p.Blocked(); err != nil {
			t.Errorf("one failure blocks: %v", err)
		}
		for pause := firstPause; pause < 2*lastPause; pause *= 2 {
			p.Failed(down, false)
			time.Sleep(min(pause, lastPause) - 1)
			if !errors.Is(p.Blocked(), down) {
				t.Errorf("the pause is shorter than %s", min(pause, lastPause))
			}
			time.Sleep(time.Nanosecond)
			if p.Blocked() != nil {
				t.Errorf("the pause is longer than %s", min(pause, lastPause))
			}
		}
		p.Succeeded()
		p.Failed(down, false)
		if err := p.Blocked(); err != nil {
			t.Errorf("the first failure after a success blocks: %v", err)
		}
	})
}

func TestARefusalIsNotRepeatedSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p Patience
		wrong := errors.New("wrong password")
		p.Failed(wrong, true)
		time.Sleep(refusedPause - 1)
		if !errors.Is(p.Blocked(), wrong) {
			t.Error("it may be repeated at once")
		}
		time.Sleep(time.Nanosecond)
		if p.Blocked() != nil {
			t.Error("it may never be repeated")
		}
	})
}
