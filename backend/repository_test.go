package backend_test

import (
	"bytes"
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
