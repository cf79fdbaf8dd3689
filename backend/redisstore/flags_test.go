package redisstore

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestFlagsAreWrittenAsTheContractHasThem(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	flags, epoch := c.store.Flags(), int64(7)
	flag := operations.Flag{By: "sato", Reason: `"quoted" 理由`, ActionID: "a-1", Epoch: &epoch}
	if err := flags.SetDetach(t.Context(), "w:1", flag); err != nil {
		t.Fatal(err)
	}
	const want = `{"by":"sato","reason":"\"quoted\" 理由","action_id":"a-1","epoch":7}`
	if got := c.redis.Get(t.Context(), "scheduler:detach:w:1").Val(); got != want || c.redis.TTL(t.Context(), "scheduler:detach:w:1").Val() != -1 {
		t.Errorf("the flag is %s", got)
	}
	found, err := flags.DetachFlag(t.Context(), "w:1")
	if err != nil || found == nil || found.Reason != flag.Reason || *found.Epoch != 7 {
		t.Errorf("read back: %+v, %v", found, err)
	}
	for range 2 { // a second time finds nothing to do
		if err := flags.ClearDetach(t.Context(), "w:1"); err != nil {
			t.Error(err)
		}
	}
	if found, err := flags.DetachFlag(t.Context(), "w:1"); found != nil || err != nil {
		t.Errorf("after clearing: %+v, %v", found, err)
	}
	if err := flags.AskDegrade(t.Context(), flag, 30*time.Second); err != nil {
		t.Fatal(err)
	}
	if left := c.redis.TTL(t.Context(), leaderDegrade).Val(); left <= 0 || left > 30*time.Second {
		t.Errorf("the request to step down lasts %s", left)
	}
}

func TestFlagsOfOtherProgramsAreFlagsToo(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.do("set", detachKey("a"), "1")
	c.do("set", detachKey("b"), `{"by": 3}`)
	c.do("hset", detachKey("c"), "x", "y")
	for _, worker := range []string{"a", "b", "c"} {
		if found, err := c.store.Flags().DetachFlag(t.Context(), worker); found == nil || err != nil {
			t.Errorf("%s: %+v, %v", worker, found, err)
		}
	}
}

// as opens the same Redis for a login with the rules that the gate prints for a right.
func (c cluster) as(right string) *Store {
	c.Helper()
	u, err := url.Parse(c.url)
	if err != nil {
		c.Fatal(err)
	}
	name := right + strings.ReplaceAll(u.Query().Get("db")+u.Path, "/", "-")
	rules := []any{"acl", "setuser", name}
	for _, rule := range append(gate.RedisRules(right), ">secret") {
		rules = append(rules, rule)
	}
	c.do(rules...)
	u.User = url.UserPassword(name, "secret")
	return c.open(u.String())
}

func TestEachRightWritesWhatItMay(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.do("set", leaderLock, "w-1")
	viewer, operator := c.as(gate.View).Flags(), c.as(gate.Operator).Flags()
	writes := map[string]func(*Flags) error{
		"detach":  func(f *Flags) error { return f.SetDetach(t.Context(), "w-1", operations.Flag{}) },
		"undock":  func(f *Flags) error { return f.ClearDetach(t.Context(), "w-1") },
		"degrade": func(f *Flags) error { return f.AskDegrade(t.Context(), operations.Flag{}, time.Minute) },
		"take the lock": func(f *Flags) error {
			taken, err := f.TakeLock(t.Context(), "w-1")
			if err == nil && !taken {
				err = errors.New("it was not taken")
			}
			return err
		},
	}
	for name, write := range writes {
		err := write(viewer)
		if e, _ := errors.AsType[*scheduler.Error](err); e == nil || e.Reason != "redis.no_write" || errors.Is(err, operations.ErrLost) {
			t.Errorf("a viewer may %s: %v", name, err)
		}
	}
	if holder := c.redis.Get(t.Context(), leaderLock).Val(); holder != "w-1" {
		t.Errorf("the lock is held by %q", holder)
	}
	for name, write := range writes {
		if err := write(operator); err != nil {
			t.Errorf("an operator may not %s: %v", name, err)
		}
	}
}

func TestALockThatChangesHandsStays(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.do("set", leaderLock, "w-1")
	// Between our look and our delete somebody else takes over.
	hook := &overtaken{by: func() { c.do("set", leaderLock, "w-2") }}
	c.store.orders.(*redis.Client).AddHook(hook)
	if taken, err := c.store.Flags().TakeLock(t.Context(), "w-1"); taken || err != nil {
		t.Errorf("%t, %v", taken, err)
	}
	if holder := c.redis.Get(t.Context(), leaderLock).Val(); holder != "w-2" || !hook.done {
		t.Errorf("the lock is held by %q", holder)
	}
}

func TestErrorsSayWhetherAWriteMayHaveHappened(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := refusing.Addr().String()
	never, err := newStore(Config{Profile: profile.Redis{Mode: profile.Single, Addresses: []string{address}}}, c.now)
	if err != nil {
		t.Fatal(err)
	}
	defer never.Close()
	go func() { // it takes the command and says nothing
		conn, err := refusing.Accept()
		_ = refusing.Close() // before the caller hears of anything, so that nobody reaches it again
		if err == nil {
			_, _ = conn.Read(make([]byte, 1<<10))
			_ = conn.Close()
		}
	}()
	if err := never.Flags().ClearDetach(t.Context(), "w-1"); !errors.Is(err, operations.ErrLost) {
		t.Errorf("an answer that was lost: %v", err)
	}
	if err := never.Flags().ClearDetach(t.Context(), "w-1"); err == nil || errors.Is(err, operations.ErrLost) {
		t.Errorf("a server that was never reached: %v", err)
	}
}
