package console

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The line that fetches a log goes through two shells. Here they are real, and the host is this one.
func TestTheLineThatFetchesALogIsQuotedForBothShells(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"a b.log", "it's.log", `a"b.log`, "$(touch bad).log", "`touch bad`.log", "a;touch bad;.log", "*.log", `back\slash.log`, "~.log", "ログ.log", "a&b|c>d.log",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			there, here := t.TempDir(), t.TempDir()
			path := filepath.Join(there, name)
			if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
				t.Fatal(err)
			}
			line, shell := copyCommand("host-1", path, "run-7-0.log")
			if shell != "posix" {
				t.Fatalf("%s is for %q", line, shell)
			}
			sh := exec.CommandContext(t.Context(), "sh", "-c", `ssh() { shift; sh -c "$*"; }; `+line)
			sh.Dir = here
			if out, err := sh.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v: %s", line, err, out)
			}
			if got, err := os.ReadFile(filepath.Join(here, "run-7-0.log")); err != nil || string(got) != "text" {
				t.Errorf("%s gives %q, %v", line, got, err)
			}
			for _, dir := range []string{here, there} {
				if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
					t.Errorf("%s: %v, %v", line, all, err)
				}
			}
		})
	}
}

func TestWhatCannotBeTrustedInATerminalHasNoLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ address, path, line string }{
		{"worker-1:7001", "/var/log/jobs/1.log", `scp "worker-1:/var/log/jobs/1.log" run.log`},
		{"[2001:db8::1]:7001", "/var/log/1.log", `scp "[2001:db8::1]:/var/log/1.log" run.log`},
		{"[2001:db8::1]:7001", "/var/log/a b", `ssh 2001:db8::1 'cat -- '\''/var/log/a b'\''' > run.log`},
		{"-oProxyCommand=x:7001", "/var/log/1.log", ""},
		{"worker-1;reboot:7001", "/var/log/1.log", ""},
		{"worker-1:7001", "/var/log/\x1b[2J", ""},
		{"worker-1:7001", "/var/log/\u202egol.1", ""},
		{"worker-1:7001", "/var/log/a\nreboot", ""},
		{"worker-1:7001", "logs/1.log", ""},
		{"worker-1:7001", `C:\logs\1.log`, ""},
		{"", "/var/log/1.log", ""},
	} {
		if line, _ := copyCommand(hostOf(c.address), c.path, "run.log"); line != c.line {
			t.Errorf("%s on %s: %s", c.path, c.address, line)
		}
	}
}
