// Package djangoproject is a Django project for tests: the scheduler's models and migrations as the Django application in
// the field has them, written from the contract alone. It needs Debian's python3-django and python3-psycopg2.
package djangoproject

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed all:project
var files embed.FS

// Project is a copy of the project and a Python process that has it loaded, connected to one database.
type Project struct {
	t        testing.TB
	dir, url string
	in       *json.Encoder
	out      *bufio.Scanner
	trouble  bytes.Buffer // what Python wrote to its standard error
}

// New copies the project to a folder of the test's and starts Python. The URL's login is Django's.
func New(t testing.TB, databaseURL string) *Project {
	t.Helper()
	tree, err := fs.Sub(files, "project")
	if err != nil {
		t.Fatal(err)
	}
	p := &Project{t: t, dir: filepath.Join(t.TempDir(), "project"), url: databaseURL}
	if err := os.CopyFS(p.dir, tree); err != nil {
		t.Fatal(err)
	}
	p.start(python(t))
	return p
}

// python finds an interpreter that has Django: Debian's packages serve Debian's own, which needn't be the first on the PATH.
func python(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import django, psycopg2").Run() == nil { //nolint:gosec // two names from the line above
			return name
		}
	}
	t.Fatal("this test needs Django: apt-get install python3-django python3-psycopg2, or build/setup.sh test")
	return ""
}

// start starts the Python process; it ends with the test.
func (p *Project) start(python string) {
	p.t.Helper()
	c := exec.CommandContext(context.WithoutCancel(p.t.Context()), python, "orm.py")
	c.Dir = p.dir
	c.Env = append(os.Environ(), "DATABASE_URL="+p.url, "PYTHONDONTWRITEBYTECODE=1")
	c.Stderr = &p.trouble
	in, err := c.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { // it ends when its input does
		_ = in.Close()
		_ = c.Wait()
	})
	p.in, p.out = json.NewEncoder(in), bufio.NewScanner(out)
}

// Try runs Python code, in which every model and call_command have their names, and gives its variable result as JSON, or
// Python's error as "Class: text". What one call assigns the next one finds.
func (p *Project) Try(code string) (result, problem string) {
	p.t.Helper()
	if err := p.in.Encode(code); err != nil {
		p.t.Fatalf("ask Django: %v\n%s", err, &p.trouble)
	}
	if !p.out.Scan() {
		p.t.Fatalf("Django ended: %v\n%s", p.out.Err(), &p.trouble)
	}
	var answer struct {
		Result json.RawMessage
		Error  string
	}
	if err := json.Unmarshal(p.out.Bytes(), &answer); err != nil {
		p.t.Fatalf("Django said %s: %v", p.out.Text(), err)
	}
	return string(answer.Result), answer.Error
}

// Do runs code that has to succeed and gives its variable result as JSON.
func (p *Project) Do(code string) string {
	p.t.Helper()
	result, problem := p.Try(code)
	if problem != "" {
		p.t.Fatalf("%s\n%s", code, problem)
	}
	return result
}

// Manage runs a command of manage.py, which has to succeed.
func (p *Project) Manage(args ...string) {
	p.t.Helper()
	if err := p.TryManage(args...); err != nil {
		p.t.Fatalf("manage.py %s: %v", strings.Join(args, " "), err)
	}
}

// TryManage runs a command of manage.py; its error is Python's.
func (p *Project) TryManage(args ...string) error {
	p.t.Helper()
	list, err := json.Marshal(append(args, "--verbosity=0")) // a JSON list is a Python list
	if err != nil {
		p.t.Fatal(err)
	}
	if _, problem := p.Try("call_command(*" + string(list) + ")"); problem != "" {
		return errors.New(problem)
	}
	return nil
}

// Write puts another file into the project, such as a migration that is to come.
func (p *Project) Write(name, content string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// Remove takes a file out of the project.
func (p *Project) Remove(name string) {
	p.t.Helper()
	if err := os.Remove(filepath.Join(p.dir, name)); err != nil {
		p.t.Fatal(err)
	}
}
