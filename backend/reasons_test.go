package backend_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shown lists the packages whose errors reach the window. Those of a node reach a terminal.
var shown = []string{"scheduler", "console", "postgres", "redisstore", "workerrpc", "connect", "desktop", "localserver", "sandbox"}

// reason matches where a reason key is written: as an argument beside a code, or as a constant.
var reason = regexp.MustCompile(`(?:Errorf\((?:scheduler\.)?[A-Z]\w+, |Reason\w+\s+= )"([a-z_]+\.[a-z_.]+)"`)

func TestEveryReasonIsTranslated(t *testing.T) {
	t.Parallel()
	english := read(t, "../frontend/src/text/en/errors.ts") // the compiler demands the same keys of the other language
	found := 0
	for _, name := range shown {
		files, err := filepath.Glob(filepath.Join(name, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, match := range reason.FindAllStringSubmatch(read(t, file), -1) {
				found++
				if !strings.Contains(english, "'error."+match[1]+"'") {
					t.Errorf("%s gives the reason %q, which has no text in %s", file, match[1], "frontend/src/text/en/errors.ts")
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d reasons were found: they are written in a way that this test doesn't know", found)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
