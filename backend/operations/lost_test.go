package operations_test

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// lossy passes bytes between a client and a server. Armed, it lets the next requests that hold a text through, waits for
// the server's answer, and ends the connection instead of passing it on: done, but nobody hears of it. It can also cut
// a connection in the middle.
type lossy struct {
	network, server string
	listener        net.Listener
	wait            sync.WaitGroup

	mu    sync.Mutex
	text  []byte
	times int
	left  int // bytes until a connection is cut; 0 = none is
	lost  int
}

func lose(t *testing.T, network, server string) *lossy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &lossy{network: network, server: server, listener: listener}
	l.wait.Go(l.accept)
	t.Cleanup(func() { _ = listener.Close(); l.wait.Wait() })
	return l
}

func (l *lossy) accept() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial(l.network, l.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		l.pass(client, server)
	}
}

// pass copies both ways until one end is closed, or an answer was lost.
func (l *lossy) pass(client, server net.Conn) {
	var mu sync.Mutex
	drop := false
	end := func() { _ = client.Close(); _ = server.Close() }
	l.wait.Go(func() {
		defer end()
		buffer := make([]byte, 64<<10)
		for {
			n, err := client.Read(buffer)
			if err != nil {
				return
			}
			if l.hit(buffer[:n]) {
				mu.Lock()
				drop = true
				mu.Unlock()
			}
			whole := l.spend(&n)
			if _, err := server.Write(buffer[:n]); err != nil || !whole {
				return
			}
		}
	})
	l.wait.Go(func() {
		defer end()
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			mu.Lock()
			dropping := drop
			mu.Unlock()
			if err != nil || dropping {
				return
			}
			whole := l.spend(&n)
			if _, err := client.Write(buffer[:n]); err != nil || !whole {
				return
			}
		}
	})
}

func (l *lossy) hit(request []byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.times == 0 || !bytes.Contains(bytes.ToLower(request), l.text) {
		return false
	}
	l.times--
	l.lost++
	return true
}

// spend counts bytes that pass, and tells whether all of them may.
func (l *lossy) spend(n *int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left == 0 || *n < l.left {
		l.left = max(0, l.left-*n)
		return true
	}
	*n, l.left = l.left-1, 0
	l.lost++
	return false
}

// cutAfter cuts a connection when so many more bytes have passed, in whatever direction, and tells how many have been
// lost so far. 0 cuts none.
func (l *lossy) cutAfter(bytes int) (lost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = bytes
	return l.lost
}

// arm loses the answers to the next requests that hold a text, and tells how many have been lost so far.
func (l *lossy) arm(text string, times int) (lost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text, l.times = []byte(text), times
	return l.lost
}

// through gives a URL that goes over a lossy proxy instead of straight to the server.
func through(t *testing.T, raw string) (*lossy, string) {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	var l *lossy
	q := u.Query()
	switch socket := q.Get("host"); {
	case u.Scheme == "unix":
		l = lose(t, "unix", u.Path)
		over := url.URL{Scheme: "redis", User: u.User, Host: l.listener.Addr().String(), Path: "/" + q.Get("db")}
		return l, over.String()
	case strings.HasPrefix(socket, "/"):
		l = lose(t, "unix", socket+"/.s.PGSQL."+orElse(q.Get("port"), "5432"))
		q.Del("host")
		q.Del("port")
		q.Set("sslmode", "disable")
	default:
		l = lose(t, "tcp", u.Host)
	}
	u.Host, u.RawQuery = l.listener.Addr().String(), q.Encode()
	return l, u.String()
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// Each operation is carried out once, however many answers are lost, and what is said of it is true.
func TestLostAnswersOfTheDatabase(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	proxy, over := through(t, c.database)
	c.database = over
	commands := c.as(over)
	for losses := range 5 {
		for round := range 6 {
			t.Run(fmt.Sprintf("%d lost, round %d", losses, round), func(t *testing.T) {
				plan, err := commands.PlanRunNow(t.Context(), scheduler.JobID(c.job), "")
				if err != nil {
					t.Fatal(err)
				}
				before := value[int](c, "select count(*) from scheduler_job_runs")
				lostBefore := proxy.arm("because", losses)
				outcome, err := commands.Perform(t.Context(), plan, operations.Order{Reason: "because"})
				lost := proxy.arm("", 0) - lostBefore
				if err != nil {
					t.Fatal(err)
				}
				made := value[int](c, "select count(*) from scheduler_job_runs") - before
				audit := c.audit(plan.ID)
				if made != 1 || len(audit) != 1 || audit[0] != "job.run" || lost != min(losses, 3) {
					t.Errorf("%d answers lost: %d runs, audit %v", lost, made, audit)
				}
				want := operations.Done
				if losses >= 3 { // as often as the gate is asked
					want = operations.Unknown
				}
				if outcome.Result != want || want == operations.Unknown && outcome.Written != operations.Unclear {
					t.Errorf("%d answers lost: %+v", lost, outcome)
				}
			})
		}
	}
}

func TestLostAnswersOfTheJournal(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addWorker("w-2", "node-b", everything)
	proxy, over := through(t, c.database)
	commands := c.as(over)
	for losses, want := range []struct {
		result operations.Result
		done   bool
	}{{operations.Done, true}, {operations.Done, true}, {operations.Done, true}, {operations.Failed, false}} {
		id := fmt.Sprintf("w-1%d", losses)
		w := c.addWorker(id, "node-a", everything)
		plan := c.planned(commands.PlanDrainWorker(t.Context(), id))
		proxy.arm("because", losses)
		outcome := c.performAs(commands, plan)
		proxy.arm("", 0)
		orders, draining := w.obeyed()
		if outcome.Result != want.result || draining != want.done || orders != count(want.done) {
			t.Errorf("%d answers lost: %+v, %d orders, draining %t", losses, outcome, orders, draining)
		}
	}
	// The last one could not be begun, as far as its console knew; the database knows it as begun, and somebody closes it.
	next := c.as(c.logins.Admin)
	next.Patience = 1
	if closed, err := next.ReconcileAll(t.Context()); err != nil || closed != 1 {
		t.Errorf("%d closed, %v", closed, err)
	}
}

func TestLostAnswersOfRedis(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addWorker("w-2", "node-b", everything)
	proxy, over := through(t, c.cache)
	c.cache = over
	commands := c.as(c.logins.Operator)
	for losses := range 4 {
		id := fmt.Sprintf("w-1%d", losses)
		c.addWorker(id, "node-a", everything)
		plan := c.planned(commands.PlanDetachWorker(t.Context(), id))
		proxy.arm("\r\nset\r\n", losses)
		outcome := c.performAs(commands, plan)
		proxy.arm("", 0)
		// The flag is looked for where the answer is lost: so it is known to be there.
		c.want(outcome, operations.Done, "", operations.NoMatter, operations.Yes, operations.Yes)
		if flag := c.flag(id); flag["action_id"] != string(plan.ID) {
			t.Errorf("%d answers lost: the flag is %v", losses, flag)
		}
	}
	// Nothing can be seen either: nobody knows.
	c.addWorker("w-19", "node-a", everything)
	plan := c.planned(commands.PlanDetachWorker(t.Context(), "w-19"))
	commands.At = func(step string) {
		if step == "begun" {
			proxy.arm("scheduler:detach:w-19", 1000)
		}
	}
	outcome := c.performAs(commands, plan)
	proxy.arm("", 0)
	if outcome.Result != operations.Unknown || outcome.Written != operations.Unclear || c.flag("w-19") == nil {
		t.Errorf("%+v, the flag is %v", outcome, c.flag("w-19"))
	}
	c.wantAudit(plan.ID, "worker.detach.requested", "worker.detach.unknown")
}

// A worker that obeys and whose answer is lost: what it does afterwards decides.
func TestLostAnswersOfAWorker(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("w-1", "node-a", everything)
	c.addWorker("w-2", "node-b", everything)
	w.mute = true
	id := c.addRun(scheduler.Running, "w-1", 0)
	w.has(id)
	cancel := c.planned(c.PlanCancelRun(t.Context(), id))
	c.want(c.perform(cancel), operations.Done, "", operations.Unclear, operations.Yes, operations.Yes)
	drain := c.planned(c.PlanDrainWorker(t.Context(), "w-1"))
	c.want(c.perform(drain), operations.Done, "", operations.Unclear, operations.NoMatter, operations.Yes)
	if orders, draining := w.obeyed(); orders != 2 || !draining {
		t.Errorf("%d orders, draining %t", orders, draining)
	}
}
