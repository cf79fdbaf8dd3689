package diagnostics

import (
	"bufio"
	"os"
	"runtime"
	"strings"
	"time"
)

// About is the program and where it runs.
type About struct {
	Version    string   `json:"version"`
	Go         string   `json:"go"`
	System     string   `json:"system"` // linux/amd64
	Release    string   `json:"release"`
	Kernel     string   `json:"kernel,omitempty"`
	Desktop    string   `json:"desktop,omitempty"`
	Display    string   `json:"display,omitempty"` // wayland or x11
	Locale     string   `json:"locale"`
	Zone       string   `json:"zone"`
	Processors int      `json:"processors"`
	Started    string   `json:"started"`
	Now        string   `json:"now"`
	Memory     Memory   `json:"memory"`
	Arguments  []string `json:"arguments"` // the names of the flags that were given, without their values
}

// Memory is what the program holds, in bytes.
type Memory struct {
	Heap       uint64 `json:"heap"`
	System     uint64 `json:"system"`
	Goroutines int    `json:"goroutines"`
}

// Describe tells of the program and its machine.
func Describe(version string, started, now time.Time) About {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	zone, _ := now.Zone()
	return About{
		Version: version, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, Release: release(),
		Kernel: firstLine("/proc/sys/kernel/osrelease"), Desktop: os.Getenv("XDG_CURRENT_DESKTOP"), Display: os.Getenv("XDG_SESSION_TYPE"),
		Locale: locale(), Zone: zone, Processors: runtime.NumCPU(),
		Started: started.UTC().Format(time.RFC3339), Now: now.UTC().Format(time.RFC3339),
		Memory:    Memory{Heap: memory.HeapAlloc, System: memory.Sys, Goroutines: runtime.NumGoroutine()},
		Arguments: flags(os.Args[1:]),
	}
}

// flags are the names of the flags among arguments: what follows them may be anybody's.
func flags(arguments []string) []string {
	names := []string{}
	for _, a := range arguments {
		if name, _, _ := strings.Cut(a, "="); strings.HasPrefix(name, "-") {
			names = append(names, name)
		}
	}
	return names
}

func locale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	return ""
}

// release is what the distribution calls itself; "" where none says so.
func release() string {
	file, err := os.Open("/etc/os-release")
	if err != nil {
		return ""
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, found := strings.CutPrefix(lines.Text(), "PRETTY_NAME="); found {
			return strings.Trim(name, `"`)
		}
	}
	return ""
}

func firstLine(path string) string {
	text, _ := os.ReadFile(path) // other systems have no such file
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}
