package main

import (
	"fmt"
	"runtime"
	"time"
)

// machine says where and when this was measured, for whoever compares two files.
func machine() []string {
	return []string{fmt.Sprintf("%s, %s/%s, %d CPUs, %s.", time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), runtime.Version())}
}
