// Package workerpb is the wire contract between scheduler processes: Go code that
// `make generate` writes from proto/scheduler/v1. Only this file is written by hand.
package workerpb
