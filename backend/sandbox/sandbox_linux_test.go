package sandbox_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/localserver"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/sandbox"
)

func TestWholeCluster(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := config(dir)
	c.EventEvery = 500 * time.Millisecond
	c.RestartAfter = 300 * time.Millisecond
	var steps []string
	c.Progress = func(p sandbox.Progress) {
		if len(steps) == 0 || steps[len(steps)-1] != p.Step {
			steps = append(steps, p.Step)
		}
	}
	s := start(t, c)
	want := []string{sandbox.StepServers, sandbox.StepSchema, sandbox.StepHistory, sandbox.StepNodes, sandbox.StepReady}
	if !slices.Equal(steps, want) {
		t.Errorf("steps %q", steps)
	}
	owner := ownerURL(t, dir)
	t.Run("jobs run", func(t *testing.T) { jobsRun(t, owner) })
	t.Run("the viewer can only look", func(t *testing.T) { viewerOnlyLooks(t, s.Access(sandbox.Viewer), owner) })
	t.Run("each role may what it should", func(t *testing.T) { rolesDiffer(t, s) })
	t.Run("users have their roles", func(t *testing.T) { usersHaveRoles(t, owner) })
	t.Run("nodes answer the console by mutual TLS", func(t *testing.T) { nodesAnswer(t, s.Access(sandbox.Viewer)) })
	t.Run("a second one is refused, a second console joins", func(t *testing.T) {
		_, err := sandbox.Start(t.Context(), c)
		expect.Reason(t, err, localserver.ReasonInUse)
		expect.Reason(t, sandbox.Reset(dir), sandbox.ReasonRunning)
		for _, role := range sandbox.Roles() {
			if joined, err := sandbox.Attach(dir, role); err != nil || !reflect.DeepEqual(joined, s.Access(role)) {
				t.Errorf("joined %v as %s, %v", joined, role, err)
			}
		}
		_, err = sandbox.Attach(dir, "root")
		expect.Reason(t, err, sandbox.ReasonUnknownRole)
	})
	t.Run("a dead node comes back under a new id", func(t *testing.T) { deadNodeComesBack(t, dir, s.Access(sandbox.Viewer)) })
	t.Run("no secret in a command line", func(t *testing.T) {
		for _, p := range processesOf(t, dir) {
			if strings.Contains(p.line, "postgres://") || strings.Contains(p.line, "unix://") {
				t.Errorf("process %d: %s", p.pid, p.line)
			}
		}
	})

	running := processesOf(t, dir)
	if len(running) < 7 {
		t.Errorf("only %d processes: %v", len(running), running)
	}
	for range 2 {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}
	if left := processesOf(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	_, err := sandbox.Attach(dir, sandbox.Admin)
	expect.Reason(t, err, sandbox.ReasonNotRunning)
	if _, err := os.Stat(filepath.Join(dir, "nodes", "postgres-url")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a secret stayed: %v", err)
	}
	if err := sandbox.Reset(dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder stayed: %v", err)
	}
}

func jobsRun(t *testing.T, owner string) {
	insert := `insert into scheduler_job_runs (job_definition_id, scheduled_for, state, idempotency_key, assigned_worker_id, attempt,
		version, error_summary, log_ref, continuation_state, created_at, updated_at)
		select id, clock_timestamp(), 'PENDING', '', '', 0, 0, '', '', 'NONE', now(), now()
		from scheduler_job_definitions where command_name = '%s' returning id::text`
	done := map[string]string{}
	for _, command := range []string{"heartbeat", "partner_feed"} {
		// A run of the schedule that is open just now would be in the way.
		texts(t, owner, "update scheduler_job_definitions set concurrency_policy = 'allow' where command_name = '"+command+"' returning name")
		done[command] = texts(t, owner, strings.ReplaceAll(insert, "%s", command))[0]
	}
	expect.Soon(t, "both runs are over", func() bool {
		return texts(t, owner, "select count(*)::text from scheduler_job_runs where finished_at is not null and id in ("+
			done["heartbeat"]+", "+done["partner_feed"]+")")[0] == "2"
	})
	ended := "select state || ' ' || exit_code || ' ' || log_ref from scheduler_job_runs where id = "
	if got := texts(t, owner, ended+done["heartbeat"])[0]; got != "SUCCEEDED 0 db:"+done["heartbeat"]+"/0" {
		t.Errorf("heartbeat: %s", got)
	}
	if got := texts(t, owner, ended+done["partner_feed"])[0]; !strings.HasPrefix(got, "FAILED 3 ") {
		t.Errorf("partner_feed: %s", got)
	}
	log := "select string_agg(convert_from(chunk, 'UTF8'), '' order by seq) from opsdeck_node.run_log where run_id = "
	if got := texts(t, owner, log+done["partner_feed"])[0]; !strings.Contains(got, "FeedError") || !strings.Contains(got, "partner.example") {
		t.Errorf("its log: %q", got)
	}
	expect.Soon(t, "an event made a run that succeeded", func() bool {
		return texts(t, owner, `select count(*)::text from scheduler_job_runs r join scheduler_job_definitions d on d.id = r.job_definition_id
			where d.type = 'event' and state = 'SUCCEEDED' and idempotency_key like 'event:%' and r.created_at > now() - interval '1 minute'
			and (idempotency_key ~ '^event:order.placed:' or exists (select from scheduler_events e
				where e.id::text = split_part(idempotency_key, ':', 2) and processed_at is not null))`)[0] != "0"
	})
}

func viewerOnlyLooks(t *testing.T, a profile.Access, owner string) {
	if n := texts(t, postgresURL(a), "select count(*)::text from scheduler_job_runs")[0]; n == "0" {
		t.Error("the viewer sees no runs")
	}
	texts(t, postgresURL(a), "select outcome from opsdeck_node.run_attempt limit 1")
	if values := texts(t, postgresURL(a), "select distinct value::text from opsdeck.setting where key ~ 'TOKEN|SLACK'"); !slices.Equal(values, []string{`"<masked>"`}) {
		t.Errorf("the viewer reads secrets: %q", values)
	}
	if keys := texts(t, owner, "select key from scheduler_settings where key ~ 'TOKEN|SLACK'"); len(keys) != 2 {
		t.Errorf("the nodes don't see all settings: %q", keys)
	}
	conn, err := pgx.Connect(t.Context(), postgresURL(a))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	refused := []string{"select value_json from scheduler_settings", "select password from auth_user", "select * from django_session", "create table mine (n int)", "create temp table mine (n int)"}
	tables := texts(t, owner, `select oid::regclass::text from pg_class where relkind = 'r'
		and relnamespace in ('public'::regnamespace, 'opsdeck_node'::regnamespace)`)
	for _, table := range tables {
		refused = append(refused, "delete from "+table, "truncate "+table, "insert into "+table+" default values",
			"alter table "+table+" add mine int", "lock table "+table+" in exclusive mode")
	}
	if len(tables) < 20 {
		t.Errorf("only %d tables: %q", len(tables), tables)
	}
	for _, statement := range refused {
		if _, err := conn.Exec(t.Context(), "begin read write; "+statement+"; commit"); err == nil {
			t.Errorf("the viewer may: %s", statement)
		}
		if _, err := conn.Exec(t.Context(), "rollback"); err != nil {
			t.Fatal(err)
		}
	}

	client := redisClient(t, redisURL(a))
	if leader := client.Get(t.Context(), "scheduler:leader:lock").Val(); leader == "" {
		t.Error("the viewer sees no leader")
	}
	for _, command := range [][]any{
		{"set", "scheduler:leader:lock", "me"}, {"del", "scheduler:leader:lock"}, {"flushall"}, {"config", "get", "*"},
		{"eval", "return 1", 0}, {"get", "other"}, {"keys", "*"}, {"acl", "setuser", "me"}, {"shutdown"}, {"publish", "x", "y"},
	} {
		if err := client.Do(t.Context(), command...).Err(); err == nil || errors.Is(err, redis.Nil) {
			t.Errorf("the viewer may: %v", command)
		}
	}
}

// rolesDiffer asks as everybody: the database says what each may, and Redis keeps viewers from setting flags.
func rolesDiffer(t *testing.T, s *sandbox.Sandbox) {
	for role, want := range map[sandbox.Role]string{
		sandbox.Viewer: "viewer viewer t f f", sandbox.Operator: "operator operator t t f", sandbox.Admin: "admin admin t t t",
	} {
		a := s.Access(role)
		if got := texts(t, postgresURL(a), "select concat_ws(' ', login, username, ops_view, ops_operator, ops_admin) from opsdeck.whoami()")[0]; got != want {
			t.Errorf("%s is %s, not %s", role, got, want)
		}
		client := redisClient(t, redisURL(a))
		err := client.Set(t.Context(), "scheduler:detach:nobody", "1", time.Minute).Err()
		if may := err == nil; may != (role != sandbox.Viewer) {
			t.Errorf("%s setting a detach flag: %v", role, err)
		}
		if err := client.Set(t.Context(), "scheduler:leader:lock", "me", 0).Err(); err == nil {
			t.Errorf("%s may take the lead", role)
		}
	}
}

func usersHaveRoles(t *testing.T, owner string) {
	got := texts(t, owner, `select username || ' ' || is_active || ' ' || is_superuser || ' ' || coalesce(string_agg(name, ','), '-')
		from auth_user u left join auth_user_groups m on m.user_id = u.id left join auth_group g on g.id = m.group_id
		group by u.id order by u.id`)
	want := []string{"viewer true false -", "operator true false schedule_ops_app_operator", "admin true false schedule_ops_ops_admin"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func nodesAnswer(t *testing.T, a profile.Access) {
	client := redisClient(t, redisURL(a))
	cert, err := tls.X509KeyPair([]byte(a.Profile.Workers.Certificate), []byte(a.Secrets.WorkerKey.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(a.Profile.Workers.Trust))
	count := map[string]int{}
	for _, key := range keys(t, client, "scheduler:worker:*:info") {
		info := client.HGetAll(t.Context(), key).Val()
		count[info["node_id"]]++
		dialer := tls.Dialer{Config: &tls.Config{Certificates: []tls.Certificate{cert}, RootCAs: roots, NextProtos: []string{"h2"}}}
		conn, err := dialer.DialContext(t.Context(), "tcp", info["grpc_host"]+":"+info["grpc_port"])
		if err != nil {
			t.Errorf("%v: %v", info, err)
			continue
		}
		// A server that refused our certificate would close instead of sending its settings.
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			t.Errorf("%v: %v", info, err)
		}
		_ = conn.Close()
	}
	if count["node-a"] != 2 || count["node-b"] != 2 || count["node-c"] != 1 {
		t.Errorf("workers by node: %v", count)
	}
}

func deadNodeComesBack(t *testing.T, dir string, a profile.Access) {
	client := redisClient(t, redisURL(a))
	heartbeats := func() []string { return keys(t, client, "scheduler:worker:*:heartbeat") }
	before := heartbeats()
	b, err := os.ReadFile(filepath.Join(dir, "nodes", "node-c-1.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(b))
	if err != nil {
		t.Fatal(err)
	}
	node, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Kill(); err != nil {
		t.Fatal(err)
	}
	expect.Soon(t, "a worker with a new id", func() bool {
		return slices.ContainsFunc(heartbeats(), func(key string) bool { return !slices.Contains(before, key) })
	})
}
