//go:build !bindings && !linux

package main

import (
	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/desktop"
)

// openNotifier knows no service here: what happens is told in the window, which says so.
func openNotifier(cli.WindowOptions, func(target string)) (notifier desktop.Notifier, end func()) {
	return nil, func() {}
}
