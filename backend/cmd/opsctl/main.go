// Opsctl is Opsdeck's command line without the window, for servers and CI: it needs no desktop libraries.
package main

import (
	"os"

	"github.com/opsdeck/opsdeck/backend/cli"
)

// version is set by the build.
var version = "dev"

func main() { os.Exit(cli.Run(cli.NewOpsctl(version))) }
