package write

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
)

// maskWindow is how much of a log is held back, so that a secret is found whole that a node flushed in pieces.
const maskWindow = 64 << 10

// logMask masks logs, chunks by run and attempt. What a secret is is decided over a whole stream of an attempt and not chunk by
// chunk: a secret may begin in one and end in another, with chunks of the other stream between them. What stands for it goes into the
// chunk that it begins in.
type logMask struct {
	masker  *masker
	next    func(history.LogChunk) error
	pending []history.LogChunk // of one attempt
	size    int
}

func (l *logMask) add(c history.LogChunk) error {
	if len(l.pending) > 0 && (l.pending[0].Run != c.Run || l.pending[0].Attempt != c.Attempt) {
		if err := l.flush(0); err != nil {
			return err
		}
	}
	l.pending, l.size = append(l.pending, c), l.size+len(c.Data)
	if l.size > 2*maskWindow && l.size-len(l.pending[0].Data) >= maskWindow {
		return l.flush(maskWindow)
	}
	return nil
}

// flush masks what is held back and passes on what has at least some bytes behind it.
func (l *logMask) flush(behind int) error {
	released, rest := 0, l.size
	for released < len(l.pending) && rest-len(l.pending[released].Data) >= behind {
		rest -= len(l.pending[released].Data)
		released++
	}
	var streams []string
	for _, c := range l.pending {
		if !slices.Contains(streams, c.Stream) {
			streams = append(streams, c.Stream)
		}
	}
	for _, stream := range streams {
		l.mask(stream, released)
	}
	for _, c := range l.pending[:released] {
		if err := l.next(c); err != nil {
			return err
		}
	}
	l.pending, l.size = append(l.pending[:0], l.pending[released:]...), 0
	for _, c := range l.pending {
		l.size += len(c.Data)
	}
	return nil
}

// mask masks the secrets of a stream whose signs begin in a chunk that is released. The others are looked at again with what follows.
func (l *logMask) mask(stream string, released int) {
	var text []byte
	var chunks, ends []int
	for i, c := range l.pending {
		if c.Stream == stream {
			text = append(text, c.Data...)
			chunks, ends = append(chunks, i), append(ends, len(text))
		}
	}
	secrets := l.masker.secrets(string(text))
	if len(secrets) == 0 {
		return
	}
	chunkAt := func(place int) int { return sort.SearchInts(ends, place+1) }
	masked := make([]bytes.Buffer, len(chunks))
	at := 0 // everything before it is written
	copyTo := func(to int) {
		for at < to {
			chunk := chunkAt(at)
			end := min(to, ends[chunk])
			masked[chunk].Write(text[at:end])
			at = end
		}
	}
	for _, s := range secrets {
		if chunks[chunkAt(s.Sign)] >= released {
			continue
		}
		copyTo(s.From)
		masked[chunkAt(s.From)].WriteString(console.Masked)
		l.masker.counts["log"]++
		at = s.To
	}
	copyTo(len(text))
	for i, c := range chunks {
		l.pending[c].Data = masked[i].Bytes()
	}
}

// secrets finds what text would mask, in order and without overlaps.
func (m *masker) secrets(text string) []console.Secret {
	var found []console.Secret
	if strings.Contains(text, "://") || containsBearer(text) {
		found = console.SecretsIn(text)
	}
	for _, p := range m.patterns {
		for _, s := range p.FindAllStringIndex(text, -1) {
			found = append(found, console.Secret{Sign: s[0], From: s[0], To: s[1]})
		}
	}
	slices.SortFunc(found, func(a, b console.Secret) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	apart := found[:0]
	for _, s := range found {
		if n := len(apart); n > 0 && s.From < apart[n-1].To {
			last := &apart[n-1]
			last.Sign, last.To = min(last.Sign, s.Sign), max(last.To, s.To)
			continue
		}
		apart = append(apart, s)
	}
	return apart
}
