//go:build unix && !linux

package shim

import (
	"time"

	"golang.org/x/sys/unix"
)

// sharedClock is the same in every process.
const sharedClock = unix.CLOCK_MONOTONIC

// maxRSSUnit is bytes on macOS; the BSDs count kilobytes and so are reported too low rather than guessed.
const maxRSSUnit = 1

// meter knows only what the shim reports at the end: there is no /proc to sample.
type meter struct{ peak Usage }

func (m *meter) watch(int) {}

func (m *meter) sample() {}

func (m *meter) add(cpu time.Duration, rss int64) {
	m.peak.CPU, m.peak.PeakRSS = cpu, rss
}
