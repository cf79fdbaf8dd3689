//go:build !bindings && !linux

package main

import "github.com/opsdeck/opsdeck/backend/cli"

// sayIfOpen has nobody to say it to: here the program is started without a terminal.
func sayIfOpen(cli.WindowOptions) {}
