package desktop

import "time"

// load tells how many statements were sent in the last minute, from a count that only grows.
type load struct {
	sent  func() int64
	marks []mark // one a look, none older than a minute but the first
}

type mark struct {
	at   time.Time
	sent int64
}

// newLoad begins to count now; nil without a count.
func newLoad(sent func() int64, now time.Time) *load {
	if sent == nil {
		return nil
	}
	return &load{sent: sent, marks: []mark{{now, sent()}}}
}

// minute gives the count of the last minute, or since it began to count; -1 where nothing is counted.
func (l *load) minute(now time.Time) int64 {
	if l == nil {
		return -1
	}
	l.marks = append(l.marks, mark{now, l.sent()})
	for len(l.marks) > 2 && now.Sub(l.marks[1].at) >= time.Minute {
		l.marks = l.marks[1:]
	}
	return l.marks[len(l.marks)-1].sent - l.marks[0].sent
}
