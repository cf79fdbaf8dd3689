// Tally adds up what the suites of a test run reported, prints a line for each, and ends with the line
// "N passed, N failed" over all of them. Before that it names what failed, whose own output may be thousands of lines
// further up. It fails when anything failed, or when nothing ran.
//
// Its arguments are lists that build/suites.sh wrote: a line a suite, with name, exit code, seconds and the path of a
// JUnit report, or "-" where the command itself is the one check.
package main

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

func main() {
	passed, failed := 0, 0
	var names []string
	for _, path := range os.Args[1:] {
		suites, err := readList(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, "tally:", err)
			os.Exit(1)
		}
		for _, s := range suites {
			count := s.count()
			fmt.Printf("  %-12s %5d passed %4d failed %4d skipped %6.1f s\n", s.name, count.passed, count.failed, count.skipped, s.seconds)
			passed += count.passed
			failed += count.failed
			for _, name := range count.names {
				names = append(names, s.name+": "+name)
			}
		}
	}
	for _, name := range names {
		fmt.Println("  failed:", name)
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

// suite is one line of a list.
type suite struct {
	name    string
	exit    int
	seconds float64
	report  string // "-" = none was to be written
}

// count is what a suite came to; names are those of its failed cases.
type count struct {
	passed, failed, skipped int
	names                   []string
}

// count never lets a suite that went wrong look well: a command that failed without a failed test, and a report that
// is missing, damaged or empty, are one failure.
func (s suite) count() count {
	if s.report == "-" {
		if s.exit != 0 {
			return count{failed: 1, names: []string{s.ended()}}
		}
		return count{passed: 1}
	}
	c, err := readReport(s.report)
	if err != nil {
		fmt.Fprintf(os.Stderr, "tally: suite %s: %v\n", s.name, err)
	}
	if c.failed == 0 && (err != nil || s.exit != 0 || c.passed == 0) {
		c.failed, c.names = 1, []string{s.ended()}
	}
	return c
}

// ended names the command itself, where no test of it failed.
func (s suite) ended() string { return fmt.Sprintf("the command, exit code %d", s.exit) }

func readList(path string) ([]suite, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var suites []suite
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("%s: a line of %d fields where 4 belong: %q", path, len(fields), lines.Text())
		}
		exit, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("%s: exit code of %s: %w", path, fields[0], err)
		}
		seconds, err := strconv.ParseFloat(fields[2], 64)
		if err != nil {
			return nil, fmt.Errorf("%s: seconds of %s: %w", path, fields[0], err)
		}
		suites = append(suites, suite{fields[0], exit, seconds, fields[3]})
	}
	return suites, lines.Err()
}

func readReport(path string) (count, error) {
	file, err := os.Open(path)
	if err != nil {
		return count{}, err
	}
	defer file.Close()
	return countCases(file)
}

// countCases counts the testcase elements of a JUnit report, at whatever depth the runner nests them.
func countCases(report io.Reader) (count, error) {
	var c count
	bad, skipped, name := false, false, "" // of the current testcase
	decoder := xml.NewDecoder(report)
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		switch element := token.(type) {
		case xml.StartElement:
			switch element.Name.Local {
			case "testcase":
				bad, skipped, name = false, false, nameOf(element)
			case "failure", "error":
				bad = true
			case "skipped":
				skipped = true
			}
		case xml.EndElement:
			if element.Name.Local != "testcase" {
				continue
			}
			switch {
			case bad:
				c.failed++
				c.names = append(c.names, name)
			case skipped:
				c.skipped++
			default:
				c.passed++
			}
		}
	}
}

// nameOf is a testcase's place and name, each on one line whatever a runner puts into them.
func nameOf(testcase xml.StartElement) string {
	var parts []string
	for _, wanted := range []string{"classname", "name"} {
		for _, attribute := range testcase.Attr {
			if attribute.Name.Local == wanted && attribute.Value != "" {
				parts = append(parts, strings.Join(strings.Fields(attribute.Value), " "))
			}
		}
	}
	return strings.Join(parts, " › ")
}
