package localserver

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Search is where to look for the servers' programs. The zero value looks where this system's packages put them.
type Search struct {
	// Folders replaces the usual places: PATH first, then what Debian, Homebrew and the Windows installer use. Each may
	// be a pattern of [filepath.Glob].
	Folders []string
	// FetchInto is a folder that a PostgreSQL may be downloaded into when none is found; "" = don't download.
	FetchInto string
}

func (s Search) folders() []string {
	patterns := s.Folders
	if patterns == nil {
		patterns = append(filepath.SplitList(os.Getenv("PATH")), usualFolders()...)
	}
	var found []string
	for _, p := range patterns {
		matches, err := filepath.Glob(p)
		if err != nil {
			continue // a folder name that is no pattern: nothing to find there
		}
		// /usr/lib/postgresql/9.6, 15, 17: newest first.
		slices.SortStableFunc(matches, func(a, b string) int { return cmp.Compare(lastNumber(b), lastNumber(a)) })
		found = append(found, matches...)
	}
	return found
}

func usualFolders() []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{
			"/opt/homebrew/opt/postgresql@*/bin", "/opt/homebrew/bin", "/usr/local/opt/postgresql@*/bin", "/usr/local/bin",
			"/Applications/Postgres.app/Contents/Versions/*/bin",
		}
	case "windows":
		return []string{`C:\Program Files\PostgreSQL\*\bin`, `C:\Program Files\Redis`}
	}
	return []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/usr/bin", "/usr/local/bin", "/usr/sbin"}
}

var digits = regexp.MustCompile(`[0-9]+`)

func lastNumber(path string) int {
	all := digits.FindAllString(path, -1)
	if len(all) == 0 {
		return 0
	}
	n, err := strconv.Atoi(all[len(all)-1])
	if err != nil {
		return 0
	}
	return n
}

// postgresPrograms is one installation of PostgreSQL.
type postgresPrograms struct {
	initdb, postgres string
	major            string
}

// findPostgres finds an installation that has initdb beside postgres; major "" accepts any version.
func findPostgres(s Search, major string) (postgresPrograms, error) {
	var others []string
	for _, dir := range s.folders() {
		p, ok := postgresIn(dir)
		if !ok {
			continue
		}
		if major == "" || p.major == major {
			return p, nil
		}
		others = append(others, p.major)
	}
	if len(others) > 0 {
		return postgresPrograms{}, scheduler.Errorf(scheduler.Unavailable, ReasonPostgresVersion,
			"the data was made by PostgreSQL %s, but this machine has only %s: install PostgreSQL %s, or %s",
			major, strings.Join(others, ", "), major, startOver).With("wanted", major).With("found", strings.Join(others, ", "))
	}
	if s.FetchInto == "" {
		return postgresPrograms{}, postgresMissing()
	}
	dir, err := fetchPostgres(s.FetchInto)
	if err != nil {
		return postgresPrograms{}, postgresMissing().Because(err)
	}
	p, ok := postgresIn(dir)
	if !ok {
		return postgresPrograms{}, postgresMissing().Because(errors.New("the downloaded PostgreSQL does not run here"))
	}
	return p, nil
}

func postgresMissing() *scheduler.Error {
	return scheduler.Errorf(scheduler.Unavailable, ReasonPostgresMissing,
		"PostgreSQL is not installed and could not be downloaded: install it (Debian and Ubuntu: `apt-get install postgresql`; "+
			"macOS: `brew install postgresql@17`; Windows: the installer of postgresql.org), then start again")
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) ([0-9]+)`)

func postgresIn(dir string) (postgresPrograms, bool) {
	server, ok := executable(dir, "postgres")
	if !ok {
		return postgresPrograms{}, false
	}
	// A link in PATH points into the folder where initdb lies too.
	if real, err := filepath.EvalSymlinks(server); err == nil {
		server = real
	}
	initdb, ok := executable(filepath.Dir(server), "initdb")
	if !ok {
		return postgresPrograms{}, false
	}
	out, err := exec.Command(server, "--version").Output() //nolint:gosec // a program found in the system's folders
	if err != nil {
		return postgresPrograms{}, false
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return postgresPrograms{}, false
	}
	return postgresPrograms{initdb: initdb, postgres: server, major: string(m[1])}, true
}

func findRedis(s Search) (string, error) {
	for _, dir := range s.folders() {
		if p, ok := executable(dir, "redis-server"); ok {
			return p, nil
		}
	}
	return "", scheduler.Errorf(scheduler.Unavailable, ReasonRedisMissing,
		"Redis is not installed: install it (Debian and Ubuntu: `apt-get install redis-server`; macOS: `brew install redis`; "+
			"Windows: Redis or Memurai, with redis-server.exe in PATH), then start again")
}

func executable(dir, name string) (string, bool) {
	if dir == "" {
		return "", false
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || runtime.GOOS != "windows" && info.Mode()&0o111 == 0 {
		return "", false
	}
	return path, true
}

// isMissing tells whether err says that a file is not there.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
