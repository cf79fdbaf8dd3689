package localserver

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// RedisConfig says where a private Redis lives.
type RedisConfig struct {
	Dir       string // made if missing; holds the data, the password, the socket and the log
	Search    Search
	Durable   bool // keep the data over a restart
	Databases int  // how many logical databases; 0 = Redis's own 16
	Logger    *slog.Logger

	// StartTimeout bounds the wait for the first answer; 0 = one minute.
	StartTimeout time.Duration
}

// Redis is a running private Redis.
type Redis struct{ *home }

const (
	redisSocket  = "redis.sock"
	redisPIDFile = "redis.pid"
	redisNeeds   = 8 << 20
)

// StartRedis ends what a crashed run left in the folder, starts the server and waits until it answers. ctx bounds the
// start only: the server runs until Stop, or until this process ends.
func StartRedis(ctx context.Context, c RedisConfig) (*Redis, error) {
	home, err := openHome(ctx, c.Dir, tenant{name: "Redis", socket: redisSocket, end: EndRedis})
	if err != nil {
		return nil, err
	}
	r := &Redis{home}
	if err := r.start(ctx, c); err != nil {
		r.release()
		return nil, err
	}
	return r, nil
}

func (r *Redis) start(ctx context.Context, c RedisConfig) error {
	began := time.Now()
	if err := checkRoom(r.dir, redisNeeds); err != nil {
		return err
	}
	program, err := findRedis(c.Search)
	if err != nil {
		return err
	}
	settings := filepath.Join(r.dir, "redis.conf")
	if err := os.WriteFile(settings, []byte(r.settings(c)), 0o600); err != nil {
		return FolderError(r.dir, err)
	}
	_, statErr := os.Stat(filepath.Join(r.dir, "dump.rdb"))
	r.process, err = child.Start(child.Config{
		Argv: []string{program, settings}, Dir: r.dir, Output: r.log, DeathSignal: syscall.SIGTERM,
	})
	if err != nil {
		return scheduler.Errorf(scheduler.Internal, ReasonFailed, "Redis could not be started").Because(err)
	}
	if err := r.waitReady(ctx, c.StartTimeout, statErr == nil); err != nil {
		_ = r.process.Stop(context.WithoutCancel(ctx), syscall.SIGTERM, time.Second)
		return err
	}
	c.Logger.Info("private Redis is ready", "dir", r.dir, "pid", r.process.PID(),
		"took", time.Since(began).Round(time.Millisecond))
	return nil
}

func (r *Redis) settings(c RedisConfig) string {
	lines := []string{
		"port 0",
		"unixsocket " + strconv.Quote(r.address()),
		"unixsocketperm 700",
		"requirepass " + r.password,
		"pidfile " + strconv.Quote(filepath.Join(r.dir, redisPIDFile)),
		"dir " + strconv.Quote(r.dir),
		"daemonize no",
		"appendonly no",
	}
	if c.Databases > 0 {
		lines = append(lines, fmt.Sprintf("databases %d", c.Databases))
	}
	if c.Durable {
		lines = append(lines, "save 60 1")
	} else {
		lines = append(lines, `save ""`)
	}
	return strings.Join(lines, "\n") + "\n"
}

func (r *Redis) waitReady(ctx context.Context, timeout time.Duration, existing bool) error {
	client := redis.NewClient(&redis.Options{
		Network: "unix", Addr: r.address(), Password: r.password, MaxRetries: -1, DisableIdentity: true,
	})
	defer client.Close()
	return r.await(ctx, timeout, existing, func(ctx context.Context) error {
		err := listening(ctx, r.address())
		if err == nil {
			err = client.Ping(ctx).Err() // which may still be LOADING
		}
		if err == nil {
			return nil
		}
		return notYet{err}
	})
}

// address is the path of the socket.
func (r *Redis) address() string { return filepath.Join(r.socket, redisSocket) }

// listening tells whether somebody answers at a socket. The client would write every failure to the standard error.
func listening(ctx context.Context, socket string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return err
	}
	return conn.Close()
}

// URL is how to reach a logical database of this server, as redis.ParseURL reads it. It holds the password.
func (r *Redis) URL(database int) string {
	u := url.URL{Scheme: "unix", User: url.UserPassword("", r.password), Path: r.address()}
	u.RawQuery = url.Values{"db": {strconv.Itoa(database)}}.Encode()
	return u.String()
}

// Stop ends the server and returns when it is gone. It may be called again.
func (r *Redis) Stop(ctx context.Context) error {
	return r.end(func() error { return r.process.Stop(ctx, syscall.SIGTERM, 10*time.Second) })
}
