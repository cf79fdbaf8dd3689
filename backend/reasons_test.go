package backend_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/doctor"
)

// shown lists the packages whose errors reach the window. Those of a node reach a terminal.
var shown = []string{
	"scheduler",
	"console",
	"operations",
	"postgres",
	"redisstore",
	"workerrpc",
	"logs",
	"tunnel",
	"trust",
	"connect",
	"doctor",
	"profile",
	"secrets",
	"desktop",
	"export",
	"launch",
	"compare",
	"localserver",
	"sandbox",
	"archive",
	"archive/format",
	"archive/write",
	"archive/signers",
	"export/lists",
	"restore",
	"record",
}

// reason matches where a reason key is written: as an argument beside a code, or as a constant.
var reason = regexp.MustCompile(`(?:Errorf\((?:scheduler\.)?[A-Z]\w+, |say\(\w+, |\.wrong\([^,]+, |[Rr]eason\w+\s+= )"([a-z_]+\.[a-z_.]+)"`)

func TestEveryReasonIsTranslated(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"en": textsIn(t, "en"), "ja": textsIn(t, "ja")}
	found := 0
	for _, name := range shown {
		files, err := filepath.Glob(filepath.Join(name, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("backend/%s has no files: %v", name, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, match := range reason.FindAllStringSubmatch(read(t, file), -1) {
				found++
				for language, text := range texts {
					if !strings.Contains(text, "'error."+match[1]+"'") {
						t.Errorf("%s gives the reason %q, which has no text in frontend/src/text/%s", file, match[1], language)
					}
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d reasons were found: they are written in a way that this test doesn't know", found)
	}
}

// textsIn is every sentence in a language.
func textsIn(t *testing.T, language string) string {
	t.Helper()
	texts, err := filepath.Glob("../frontend/src/text/" + language + "/*.ts")
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, file := range texts {
		all += read(t, file)
	}
	return all
}

// words are the keys that an operation's preview names beside reasons, and how their texts begin.
var words = map[string]*regexp.Regexp{
	"operation.note.":  regexp.MustCompile(`\b(?:info|warning|danger)\("([a-z_]+)"`),
	"operation.touch.": regexp.MustCompile(`\btouch(?:Count)?\("([a-z_]+)"`),
	"operation.way.":   regexp.MustCompile(`\bway\w+\s+= "([a-z_.]+)"`),
	"operation.what.":  regexp.MustCompile(`\bbasis\{"([a-z_]+)":|basis\["([a-z_]+)"\]|^\t\t"(worker|role|run|last|successor)": `),
}

func TestEveryWordOfAnOperationIsTranslated(t *testing.T) {
	t.Parallel()
	english := read(t, "../frontend/src/text/en/operations.ts")
	files, err := filepath.Glob("operations/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text := read(t, file)
		for prefix, pattern := range words {
			for _, match := range pattern.FindAllStringSubmatch(text, -1) {
				key := strings.Join(match[1:], "")
				found[prefix]++
				if !strings.Contains(english, "'"+prefix+key+"'") {
					t.Errorf("%s names %s%s, which has no text in frontend/src/text/en/operations.ts", file, prefix, key)
				}
			}
		}
	}
	for prefix := range words {
		if found[prefix] < 5 {
			t.Errorf("only %d keys %s… were found: they are written in a way that this test doesn't know", found[prefix], prefix)
		}
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

func TestEveryStepOfTheDoctorHasAName(t *testing.T) {
	t.Parallel()
	english := read(t, "../frontend/src/text/en/profiles.ts")
	for _, name := range doctor.Names() {
		if !strings.Contains(english, "'doctor.check."+name+"'") {
			t.Errorf("the step %q of backend/doctor has no name in the window's texts", name)
		}
	}
}
