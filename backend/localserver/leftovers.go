package localserver

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
)

// EndPostgres ends a server that outlived its process and removes what it left in the folder. The caller makes sure
// that no live process owns it; StartPostgres calls it by itself.
func EndPostgres(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	socket, err := socketFolder(dir, postgresSocket)
	if err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	_, err = child.Leftover{
		PIDFile:  filepath.Join(data, "postmaster.pid"),
		Marks:    []string{"postgres", data},
		Ask:      syscall.SIGINT, // PostgreSQL's fast shutdown
		Patience: 15 * time.Second,
	}.End(ctx)
	if err != nil {
		return FolderError(dir, err)
	}
	for _, f := range []string{postgresSocket, postgresSocket + ".lock"} {
		if err := os.Remove(filepath.Join(socket, f)); err != nil && !isMissing(err) {
			return FolderError(socket, err)
		}
	}
	return nil
}

// EndRedis ends a server that outlived its process and removes what it left in the folder. The caller makes sure that
// no live process owns it; StartRedis calls it by itself.
func EndRedis(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	socket, err := socketFolder(dir, redisSocket)
	if err != nil {
		return err
	}
	_, err = child.Leftover{
		PIDFile: filepath.Join(dir, redisPIDFile),
		// Its title replaces the command line, but its working folder tells whose it is.
		Marks:    []string{"redis-server", dir},
		Ask:      syscall.SIGTERM,
		Patience: 10 * time.Second,
	}.End(ctx)
	if err != nil {
		return FolderError(dir, err)
	}
	halfWritten, err := filepath.Glob(filepath.Join(dir, "temp-*.rdb"))
	if err != nil {
		return err
	}
	for _, f := range append(halfWritten, filepath.Join(socket, redisSocket)) {
		if err := os.Remove(f); err != nil && !isMissing(err) {
			return FolderError(dir, err)
		}
	}
	return nil
}
