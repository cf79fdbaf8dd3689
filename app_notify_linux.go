//go:build !bindings

package main

import (
	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/notify"
)

// openNotifier reaches the service of the desktop that shows notifications; nil without a session bus.
func openNotifier(o cli.WindowOptions, clicked func(target string)) (notifier desktop.Notifier, end func()) {
	service, err := notify.Open(clicked)
	if err == nil {
		err = service.Check()
	}
	if err != nil {
		o.Log.Info("what happens to what is watched is told in the window alone", "error", err)
	}
	if service == nil {
		return nil, func() {}
	}
	return service, func() { _ = service.Close() } // nothing is lost with it
}
