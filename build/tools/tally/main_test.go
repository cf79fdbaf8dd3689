package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestCountCases(t *testing.T) {
	t.Parallel()
	const report = `<testsuites><testsuite name="a"><properties/>
		<testcase name="good"><system-out>failure is a word here</system-out></testcase>
		<testcase classname="specs/bad" name="bad
			in two lines"><failure message="x"/><failure message="y"/></testcase>
		<testsuite name="nested"><testcase name="broken"><error/></testcase></testsuite>
		<testcase name="left out"><skipped/></testcase>
		<testcase name="good again"/>
	</testsuite></testsuites>`
	got, err := countCases(strings.NewReader(report))
	if err != nil {
		t.Fatal(err)
	}
	want := count{passed: 2, failed: 2, skipped: 1, names: []string{"specs/bad › bad in two lines", "broken"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSuiteThatWentWrongIsAFailure(t *testing.T) {
	t.Parallel()
	report := func(content string) string {
		path := filepath.Join(t.TempDir(), "junit.xml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ended := func(exit int) []string { return []string{suite{exit: exit}.ended()} }
	const good = `<testsuite><testcase/></testsuite>`
	for name, test := range map[string]struct {
		suite suite
		want  count
	}{
		"check that passed":             {suite{report: "-"}, count{passed: 1}},
		"check that failed":             {suite{report: "-", exit: 1}, count{failed: 1, names: ended(1)}},
		"suite that passed":             {suite{report: report(good)}, count{passed: 1}},
		"runner failed, no test did":    {suite{report: report(good), exit: 2}, count{passed: 1, failed: 1, names: ended(2)}},
		"report missing":                {suite{report: filepath.Join(t.TempDir(), "none")}, count{failed: 1, names: ended(0)}},
		"report cut off":                {suite{report: report(good[:20])}, count{failed: 1, names: ended(0)}},
		"report without a test":         {suite{report: report(`<testsuite/>`)}, count{failed: 1, names: ended(0)}},
		"failure counted once, not two": {suite{report: report(`<testsuite><testcase name="bad"><failure/></testcase></testsuite>`), exit: 1}, count{failed: 1, names: []string{"bad"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.suite.count(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestReadList(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(path, []byte("go\t1\t12.5\ttest-results/go/junit.xml\ntypes\t0\t3\t-\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readList(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []suite{{"go", 1, 12.5, "test-results/go/junit.xml"}, {"types", 0, 3, "-"}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
}
