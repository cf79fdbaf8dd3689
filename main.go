//go:build !bindings

// Opsdeck is a desktop console for the operators of leader/worker job schedulers. Without a subcommand it opens the
// window.
package main

import (
	"os"

	"github.com/opsdeck/opsdeck/backend/cli"
)

// version is set by the build.
var version = "dev"

func main() {
	prepareWebview()
	os.Exit(cli.Run(cli.NewOpsdeck(version, openWindow)))
}
