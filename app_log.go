//go:build !bindings

package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
)

// wailsLog hands Wails' messages to slog. Wails puts whole call messages, arguments included, into some of them; what
// follows the first brace is left out, because a page may one day send a secret.
type wailsLog struct{ log *slog.Logger }

func (l wailsLog) write(level slog.Level, message string) {
	if before, _, found := strings.Cut(message, "{"); found {
		message = before + "{…}"
	}
	l.log.Log(context.Background(), level, message, "from", "wails")
}

func (l wailsLog) Print(message string)   { l.write(slog.LevelInfo, message) }
func (l wailsLog) Trace(message string)   { l.write(slog.LevelDebug, message) }
func (l wailsLog) Debug(message string)   { l.write(slog.LevelDebug, message) }
func (l wailsLog) Info(message string)    { l.write(slog.LevelInfo, message) }
func (l wailsLog) Warning(message string) { l.write(slog.LevelWarn, message) }
func (l wailsLog) Error(message string)   { l.write(slog.LevelError, message) }

func (l wailsLog) Fatal(message string) {
	l.write(slog.LevelError, message)
	os.Exit(1)
}
