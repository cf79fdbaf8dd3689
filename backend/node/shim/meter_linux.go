package shim

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// sharedClock counts on while the system is suspended.
const sharedClock = unix.CLOCK_BOOTTIME

const (
	clockTick  = 10 * time.Millisecond // USER_HZ is 100 on every Linux that Go runs on
	maxRSSUnit = 1024                  // getrusage counts kilobytes
)

// meter keeps the highest figures seen of a process tree. The kernel's own counters run on in the processes; the
// tree's sum falls when one of them ends unseen, so the peak of the sums is what was used at least.
type meter struct {
	pid  int
	peak Usage
}

func (m *meter) watch(pid int) {
	m.pid = pid
	m.sample()
}

func (m *meter) sample() {
	var now Usage
	for _, pid := range tree(m.pid, nil) {
		addProcess(&now, pid)
	}
	m.add(now.CPU, now.PeakRSS)
	m.peak.IORead = higher(m.peak.IORead, now.IORead)
	m.peak.IOWrites = higher(m.peak.IOWrites, now.IOWrites)
}

func (m *meter) add(cpu time.Duration, rss int64) {
	m.peak.CPU = max(m.peak.CPU, cpu)
	m.peak.PeakRSS = max(m.peak.PeakRSS, rss)
}

func higher(a, b *int64) *int64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// tree lists pid and its descendants. Kernels without the children file give pid alone.
func tree(pid int, found []int) []int {
	found = append(found, pid)
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return found
	}
	for _, task := range tasks {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name()))
		if err != nil {
			continue
		}
		for _, child := range strings.Fields(string(children)) {
			if id, err := strconv.Atoi(child); err == nil {
				found = tree(id, found)
			}
		}
	}
	return found
}

// addProcess adds what a process and the children it has waited for used. A process that is gone adds nothing.
func addProcess(sum *Usage, pid int) {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		// The name in parentheses may hold anything; utime, stime, cutime, cstime are fields 14 to 17.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		for i := 11; i <= 14 && i < len(fields); i++ {
			ticks, _ := strconv.ParseInt(fields[i], 10, 64)
			sum.CPU += time.Duration(ticks) * clockTick
		}
	}
	if statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid)); err == nil {
		if fields := strings.Fields(string(statm)); len(fields) > 1 {
			pages, _ := strconv.ParseInt(fields[1], 10, 64)
			sum.PeakRSS += pages * int64(os.Getpagesize())
		}
	}
	if counters, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid)); err == nil {
		for line := range strings.Lines(string(counters)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			bytes, _ := strconv.ParseInt(value, 10, 64)
			switch name {
			case "read_bytes":
				sum.IORead = plus(sum.IORead, bytes)
			case "write_bytes":
				sum.IOWrites = plus(sum.IOWrites, bytes)
			}
		}
	}
}

func plus(sum *int64, bytes int64) *int64 {
	if sum != nil {
		bytes += *sum
	}
	return &bytes
}
