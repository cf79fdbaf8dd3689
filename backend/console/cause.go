package console

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// The longest cause, in characters.
const maxCause = 300

var (
	exitLine = regexp.MustCompile(`^exit_code=-?\d+$`)
	// noteLine matches what schedulers write about a run before its own error.
	noteLine = regexp.MustCompile(`^(orphaned|confirming|rebalanced|log_archive_failed|local_log_delete_failed):`)
)

// gistOf is the line of a failed run's error that says most: the last of a Python traceback, else the first that neither a
// scheduler wrote as a note nor is an exit code; those where there is nothing else; the state where there is no error.
func gistOf(r FailedRun) string {
	head := linesOf(r.Head)
	for _, line := range head {
		if !strings.HasPrefix(line, "Traceback") {
			continue
		}
		end := linesOf(r.Tail)
		if len(end) == 0 {
			end = head
		}
		return end[len(end)-1]
	}
	second := ""
	for _, line := range head {
		switch {
		case exitLine.MatchString(line):
			second = line // says more than a note does
		case noteLine.MatchString(line):
			if second == "" {
				second = line
			}
		default:
			return line
		}
	}
	if second == "" {
		return string(r.State)
	}
	return second
}

func linesOf(text string) []string {
	return strings.FieldsFunc(strings.TrimSpace(text), func(c rune) bool { return c == '\n' || c == '\r' })
}

// variable finds what differs between two errors of the same cause. Each part has the name of what stands for it; the
// first that fits wins, so that the longer and more telling come first. kept numbers say what went wrong and stay.
var variable = regexp.MustCompile(strings.Join([]string{
	`(?P<kept>(?i:\b(?:errno|exit_code|exit code|exit status|signal|sqlstate|http|status|code))[\s=:\[#]*-?\d{1,5}\b|\b[45]\d\d [A-Z][a-z]+|\b(?i:utf|sha|md|latin|iso|base)-?\d{1,4}\b)`,
	`(?P<time>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?)?|\b\d\d:\d\d:\d\d(?:[.,]\d+)?)`,
	`(?P<id>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b)`,
	`(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)`,
	`(?P<url>\b[a-z][a-z0-9+.-]*://[^\s"'<>)\]]+)`,
	`(?P<ip>\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b|\[[0-9a-fA-F:]+:[0-9a-fA-F:]*\](?::\d+)?)`,
	`(?P<path>(?:[A-Za-z]:\\|\B~?/)[^\s"'<>:,;()\[\]]*[\w-])`,
	`(?P<hex>\b0[xX][0-9a-fA-F]+\b|\b[0-9a-fA-F]{8,}\b)`,
	`(?P<n>-?\d+(?:[.,]\d+)*)`,
}, "|"))

var variableNames = variable.SubexpNames()

// CauseOf makes of an error what all errors of its cause have in common: times, ids, addresses, paths, hexadecimal and other
// numbers become {time}, {id}, {mail}, {url}, {ip}, {path}, {hex} and {n}, and white space a single space. Numbers that say
// what went wrong, such as an errno or an HTTP status, stay. Errors differ in more ways than any rule knows; what the rules
// leave apart stands in groups of its own.
func CauseOf(gist string) string {
	gist = cutText(strings.Join(strings.Fields(gist), " "), 2*maxCause)
	var cause strings.Builder
	end := 0
	for _, m := range variable.FindAllStringSubmatchIndex(gist, -1) {
		cause.WriteString(gist[end:m[0]])
		end = m[1]
		for i := 1; i < len(variableNames); i++ {
			if m[2*i] < 0 {
				continue
			}
			cause.WriteString(standIn(variableNames[i], gist[m[0]:m[1]]))
		}
	}
	cause.WriteString(gist[end:])
	return cutText(cause.String(), maxCause)
}

// standIn is what stands in a cause for a part of an error. Eight digits are a number, and eight letters from a to f a word.
func standIn(name, part string) string {
	switch {
	case name == "kept", name == "hex" && !strings.ContainsAny(part, "0123456789"):
		return part
	case name == "hex" && strings.Trim(part, "0123456789") == "":
		return "{n}"
	}
	return "{" + name + "}"
}

var placeholder = regexp.MustCompile(`\{(time|id|mail|url|ip|path|hex|n)\}`)

// searchText is the longest stretch of a cause that stands in an error of its to the letter, for a list of runs to search.
func searchText(cause string, r FailedRun) string {
	longest := ""
	for _, stretch := range placeholder.Split(cause, -1) {
		stretch = cutText(strings.TrimSpace(stretch), maxErrorText)
		longer := utf8.RuneCountInString(stretch) > utf8.RuneCountInString(longest)
		if longer && (strings.Contains(r.Head, stretch) || strings.Contains(r.Tail, stretch)) {
			longest = stretch
		}
	}
	if utf8.RuneCountInString(longest) < MinErrorText {
		return ""
	}
	return longest
}

// cutText gives at most n characters of a text.
func cutText(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
