//go:build bindings

// This program lets Wails read the bound structs and write their TypeScript; the generator runs main.
package main

import (
	"log"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"

	"github.com/opsdeck/opsdeck/backend/desktop"
)

func main() {
	err := wails.Run(&options.App{Bind: bound(desktop.NewSession(desktop.Config{}))})
	if err != nil {
		log.Fatal(err)
	}
}
