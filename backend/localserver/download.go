package localserver

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	embedded "github.com/fergusstrange/embedded-postgres"
)

// fetchPostgres downloads PostgreSQL into dir and returns the folder of its programs. The library can only fetch as
// part of a start, so a throw-away server runs for a moment, on a loopback port; a start that fails after the programs
// arrived (root may not run it that way) is as good.
func fetchPostgres(dir string) (string, error) {
	programs := filepath.Join(dir, "postgres")
	bin := filepath.Join(programs, "bin")
	if _, ok := executable(bin, "initdb"); ok {
		return bin, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // root's PostgreSQL runs as another user
		return "", err
	}
	scratch, err := os.MkdirTemp(dir, "fetch-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	port, err := freePort()
	if err != nil {
		return "", err
	}
	server := embedded.NewDatabase(embedded.DefaultConfig().
		Port(port).Password(newPassword()).Logger(io.Discard).StartTimeout(time.Minute).
		CachePath(scratch).RuntimePath(filepath.Join(scratch, "run")).BinariesPath(programs))
	startErr := server.Start()
	if startErr == nil {
		startErr = server.Stop()
	}
	if _, ok := executable(bin, "initdb"); !ok {
		return "", fmt.Errorf("download PostgreSQL: %w", startErr)
	}
	return bin, nil
}

func freePort() (uint32, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return uint32(port), l.Close() //nolint:gosec // a port fits
}
