package backend_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// personalPath matches a folder that exists on one person's machine only.
var personalPath = regexp.MustCompile(`(?:^|[\s"'=:(` + "`" + `])(?:/home/\w+|/Users/\w+|/root|/work|[A-Z]:\\Users\\\w+)[/\\]`)

const root = ".."

// files gives the tracked files, and those that are about to be.
func files(t *testing.T, patterns ...string) []string {
	t.Helper()
	arguments := append([]string{"-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"}, patterns...)
	out, err := exec.CommandContext(t.Context(), "git", arguments...).Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	var names []string
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		if _, err := os.Stat(filepath.Join(root, name)); err == nil { // otherwise deleted, not committed yet
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		t.Fatalf("no files like %v", patterns)
	}
	return names
}

func TestNoFileNamesAFolderOfOnesOwnMachine(t *testing.T) {
	t.Parallel()
	for _, name := range files(t) {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(content, 0) >= 0 {
			continue // not text
		}
		for number, line := range bytes.Split(content, []byte("\n")) {
			if found := personalPath.Find(line); found != nil {
				t.Errorf("%s:%d names %q, which no other machine has", name, number+1, found)
			}
		}
	}
}

// markdownLink matches a link or a picture that leads to another file of the repository.
var markdownLink = regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)\s]*)?\)`)

func TestLinksOfDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, name := range files(t, "*.md") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range markdownLink.FindAllSubmatch(content, -1) {
			target := filepath.Join(root, filepath.Dir(name), filepath.FromSlash(string(link[1])))
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", name, link[1])
			}
		}
	}
}

func TestEveryPackageOfTheLockFileHasItsChecksum(t *testing.T) {
	t.Parallel()
	for _, name := range files(t, "*package-lock.json") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		var lock struct {
			Packages map[string]struct{ Integrity, Resolved string }
		}
		if err := json.Unmarshal(content, &lock); err != nil || len(lock.Packages) < 2 {
			t.Fatalf("%s holds %d packages, %v", name, len(lock.Packages), err)
		}
		delete(lock.Packages, "") // the project itself
		for path, p := range lock.Packages {
			if p.Integrity == "" {
				t.Errorf("%s: %s has no checksum, so that another machine may be given anything", name, path)
			}
			if p.Resolved != "" { // it would name a registry, which isn't everybody's
				t.Errorf("%s: %s is bound to %s", name, path, p.Resolved)
			}
		}
	}
}
