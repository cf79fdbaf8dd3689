package worker

import "strings"

// maxSummary is where the contract cuts error_summary, in characters.
const maxSummary = 2000

// summaryLines is how many of a command's last lines explain its failure.
const summaryLines = 10

// summary puts the last lines of a command's output under what happened, as PostgreSQL can store it.
func summary(what string, tail []byte) string {
	head := plainText(what)
	lines := strings.Split(strings.TrimRight(storable(string(tail)), "\r\n"), "\n")
	last := []rune(strings.Join(lines[max(0, len(lines)-summaryLines):], "\n"))
	room := maxSummary - len([]rune(head)) - len("\n")
	if len(last) == 0 || room <= 0 {
		return head
	}
	return head + "\n" + string(last[max(0, len(last)-room):])
}

// plainText is the beginning of s as a summary accepts it.
func plainText(s string) string {
	s = storable(s)
	if r := []rune(s); len(r) > maxSummary {
		return string(r[:maxSummary])
	}
	return s
}

// storable is what a text column accepts: valid UTF-8 without NUL.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
