package servertest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/localserver"
	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

// OwnPostgres is a PostgreSQL of one test's own, on loopback with TLS, which may have standbys and may die. It has a scheduler's
// database, and its logins are those of Database.
type OwnPostgres struct {
	Address string
	CA      *testcert.Pair // that signed its certificate for its address

	t      testing.TB
	dir    string
	names  []string
	server *localserver.Postgres
}

// ownDatabase is the scheduler's database.
const ownDatabase = "jobs"

// StartOwnPostgres starts a server that runs until the test ends. Its certificate is for its address, and for these names.
func StartOwnPostgres(t testing.TB, names ...string) *OwnPostgres {
	t.Helper()
	s := &OwnPostgres{t: t, CA: testcert.Issue(t, nil), dir: ownFolder(t), names: names}
	s.start()
	for _, statement := range []string{
		fmt.Sprintf("create role %s login createdb password '%s'", owner, password),
		fmt.Sprintf("create database %s owner %s", ownDatabase, owner),
	} {
		s.administer(statement)
	}
	conn := Connect(t, s.server.URLFor(owner, password, ownDatabase))
	if err := djangoschema.Apply(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	return s
}

// URL is the scheduler's database for its owner, over TCP, without a word about TLS.
func (s *OwnPostgres) URL() string { return s.URLFor(owner, password) }

// URLFor is the scheduler's database for another login, over TCP.
func (s *OwnPostgres) URLFor(login, password string) string {
	return fmt.Sprintf("postgres://%s:%s@%s/%s", login, password, s.Address, ownDatabase)
}

// Superuser is the scheduler's database for the superuser, over the server's socket.
func (s *OwnPostgres) Superuser() string { return s.server.URL(ownDatabase) }

// Admit sets who may log in how, as pg_hba.conf has it, before what lets the superuser in.
func (s *OwnPostgres) Admit(lines ...string) {
	s.t.Helper()
	text := strings.Join(append(lines, "local all all scram-sha-256", "local replication all scram-sha-256", "host replication all all scram-sha-256"), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(s.dir, "data", "pg_hba.conf"), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.administer("select pg_reload_conf()")
}

// Certify gives the server another certificate for its connections to come.
func (s *OwnPostgres) Certify(own *testcert.Pair) {
	s.t.Helper()
	s.install("server.crt", own.CertPEM)
	s.install("server.key", own.KeyPEM)
	s.administer("select pg_reload_conf()")
}

// install writes a file that the server reads, and gives its path.
func (s *OwnPostgres) install(name, text string) string {
	s.t.Helper()
	file := filepath.Join(s.dir, name)
	check(s.t, os.WriteFile(file, []byte(text), 0o600))
	check(s.t, postgresAccount(s.t).Own(file))
	return file
}

// Standby starts a server that follows this one.
func (s *OwnPostgres) Standby() *OwnPostgres {
	s.t.Helper()
	copied := &OwnPostgres{t: s.t, CA: s.CA, dir: ownFolder(s.t)}
	account := postgresAccount(s.t)
	check(s.t, account.Own(copied.dir))
	secret, err := os.ReadFile(filepath.Join(s.dir, "password"))
	check(s.t, err)
	check(s.t, os.WriteFile(filepath.Join(copied.dir, "password"), secret, 0o600))
	var said strings.Builder
	backup, err := child.Start(child.Config{
		Argv: []string{"pg_basebackup", "--pgdata=" + filepath.Join(copied.dir, "data"), "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
			"--dbname=" + s.Superuser()},
		Dir: copied.dir, Output: &said, User: account, DeathSignal: os.Kill,
	})
	check(s.t, err)
	<-backup.Done()
	if backup.Err() != nil {
		s.t.Fatalf("copy the server: %v\n%s", backup.Err(), said.String())
	}
	check(s.t, os.Chown(copied.dir, os.Getuid(), os.Getgid()))
	copied.start()
	return copied
}

// Promote makes a standby a primary.
func (s *OwnPostgres) Promote() {
	s.t.Helper()
	s.administer("select pg_promote()")
}

// Kill ends the server at once.
func (s *OwnPostgres) Kill() {
	s.t.Helper()
	check(s.t, syscall.Kill(s.server.PID(), syscall.SIGQUIT))
	<-s.server.Done()
}

// Freeze stops the server and everything that it has started, which keep their connections and say nothing more.
func (s *OwnPostgres) Freeze() { s.signal("-STOP") }

// Thaw lets it go on.
func (s *OwnPostgres) Thaw() { s.signal("-CONT") }

func (s *OwnPostgres) signal(name string) {
	pid := fmt.Sprint(s.server.PID())
	_ = osexec.Command("pkill", name, "-P", pid).Run() //nolint:gosec // its own children
	_ = osexec.Command("kill", name, pid).Run()        //nolint:gosec // its own process
}

func (s *OwnPostgres) start() {
	s.t.Helper()
	// The socket's name has the port in it, so servers differ by their address on loopback.
	host := fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))
	s.Address = net.JoinHostPort(host, "5432")
	own := testcert.Issue(s.t, s.CA, testcert.For(host), testcert.Named(s.names...))
	certificate, key, ca := s.install("server.crt", own.CertPEM), s.install("server.key", own.KeyPEM), s.install("ca.crt", s.CA.CertPEM)
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Minute)
	defer cancel()
	var err error
	s.server, err = localserver.StartPostgres(ctx, localserver.PostgresConfig{Dir: s.dir, Logger: quiet(), Settings: []string{
		"listen_addresses=" + host, "ssl=on", "ssl_cert_file=" + certificate, "ssl_key_file=" + key, "ssl_ca_file=" + ca,
		"wal_level=replica", "max_wal_senders=4", "hot_standby=on", "wal_receiver_status_interval=1s",
	}})
	if err != nil {
		s.t.Fatalf("this test needs PostgreSQL: %v", err)
	}
	s.t.Cleanup(func() {
		s.Thaw()
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		_ = s.server.Stop(ctx) // a killed one says so
	})
}

func (s *OwnPostgres) administer(statement string) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.server.URL("postgres"))
	check(s.t, err)
	defer conn.Close(s.t.Context())
	if _, err := conn.Exec(s.t.Context(), statement); err != nil {
		s.t.Fatalf("%s: %v", statement, err)
	}
}

// ownFolder makes a folder that PostgreSQL's own user may pass through.
func ownFolder(t testing.TB) string {
	t.Helper()
	servers.Lock()
	defer servers.Unlock()
	parent, err := folder()
	check(t, err)
	dir, err := os.MkdirTemp(parent, "own-*") //nolint:usetesting // a test's own folder lets nobody else pass
	check(t, err)
	check(t, os.Chmod(dir, 0o711)) //nolint:gosec // root's PostgreSQL runs as another user
	return dir
}

func postgresAccount(t testing.TB) *child.Account {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	account, err := child.LookUpAccount("postgres")
	check(t, err)
	return account
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
