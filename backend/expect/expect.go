// Package expect holds what tests of many packages expect in the same way: that something comes to be so, and that an
// error is one for an operator. Only tests import it.
package expect

import (
	"errors"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// patience is for the slowest machine; what never comes to be so costs it once.
const patience = time.Minute

// Soon asks again and again whether something is so, and ends the test where it is not within a minute.
func Soon(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !is(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// Reason checks that an error has the reason that screens translate, and a sentence beside it.
func Reason(t testing.TB, err error, want string) {
	t.Helper()
	if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != want || e.Message == "" {
		t.Errorf("want an error for %s, got %v", want, err)
	}
}
