package postgres

import (
	"testing"

	"github.com/opsdeck/opsdeck/backend/gate"
)

func TestTheGateIsTheOneThatIsCalled(t *testing.T) {
	t.Parallel()
	if GateVersion != gate.Version {
		t.Errorf("the gate's version is %d, and %d is called", gate.Version, GateVersion)
	}
}
