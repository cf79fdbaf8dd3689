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

func TestNoFileNamesAFolderOfOnesOwnMachine(t *testing.T) {
	t.Parallel()
	const root = ".."
	command := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	out, err := command.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, not committed yet
		}
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
