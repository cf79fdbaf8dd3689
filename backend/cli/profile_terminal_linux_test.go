package cli_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// A secret that is typed at a terminal is not shown there, and not in the process's arguments.
func TestATypedSecretIsNotShown(t *testing.T) {
	o := newOperator(t)
	o.says("has the id here", "", "add", "Here", "--kind", "development", "--postgres", "postgres://ops@db.example/jobs", "--redis", "redis://r.example")
	screen, err := atTerminal(t, []string{"profile", "set-secret", "here", "redis_password"}, [][2]string{{"redis_password: ", "pl4nted typed"}})
	if err != nil || !strings.Contains(screen, "is kept") || strings.Contains(screen, "pl4nted") {
		t.Errorf("%q, %v", screen, err)
	}
	if got := o.opened("here"); got.RedisPassword != "pl4nted typed" {
		t.Errorf("opened %v", got)
	}
}

// An export of a profile that keeps no secrets asks for them as every other command does.
func TestAnExportAsksForSecrets(t *testing.T) {
	newOperator(t)
	a := servertest.Access(t, servertest.Database(t), servertest.Redis(t))
	a.Profile.ID, a.Profile.Name, a.Profile.Kind = "asking", "Asking", profile.Development
	store, err := profile.OpenStore(os.Getenv("OPSDECK_CONFIG_DIR"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Save(a.Profile.Normal(), ""); err != nil {
		t.Fatal(err)
	}
	var answers [][2]string
	for _, name := range a.Profile.Wanted() {
		answers = append(answers, [2]string{string(name) + " (may be empty): ", string(*a.Secrets.At(name))})
	}
	path := filepath.Join(t.TempDir(), "runs.csv")
	screen, err := atTerminal(t, []string{"export", "--profile", "asking", path}, answers)
	if err != nil || strings.Contains(screen, string(a.Secrets.PostgresPassword)) {
		t.Errorf("%q, %v", screen, err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

// atTerminal runs opsctl at a terminal where somebody answers what it asks for, and waits for its end.
func atTerminal(t *testing.T, args []string, answers [][2]string) (text string, err error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], append([]string{asOpsctl}, args...)...)
	terminal, err := pty.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	if err := terminal.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var screen bytes.Buffer
	for _, answer := range answers {
		for !strings.HasSuffix(screen.String(), answer[0]) {
			if _, err := io.CopyN(&screen, terminal, 1); err != nil {
				t.Fatalf("%q, %v", screen.String(), err)
			}
		}
		waitUntilHidden(t, terminal)
		if _, err := terminal.WriteString(answer[1] + "\n"); err != nil {
			t.Fatal(err)
		}
	}
	_, _ = io.Copy(&screen, terminal) // it ends with an error when the program has
	return screen.String(), c.Wait()
}

// waitUntilHidden waits until the terminal doesn't show what is typed.
func waitUntilHidden(t *testing.T, terminal *os.File) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		settings, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if settings.Lflag&unix.ECHO == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the terminal shows what is typed")
		}
	}
}
