package desktop

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/logtext"
)

// LogFindRequest looks for a text from a row on.
type LogFindRequest struct {
	Token string `json:"token"`
	Text  string `json:"text"`
	Row   int    `json:"row"`
	Back  bool   `json:"back"` // towards the beginning
}

// LogFind is what has been found so far. While it isn't done it is worth asking again.
type LogFind struct {
	Hit     bool    `json:"hit"`
	Row     float64 `json:"row"`
	Place   float64 `json:"place"` // the how-manieth find it is
	Found   float64 `json:"found"` // rows
	Scanned float64 `json:"scanned"`
	Done    bool    `json:"done"`
}

// findWait is how long a call waits for a search that has just begun: most end within it.
const findWait = 100 * time.Millisecond

// logSearch is a search that goes on beside the calls that ask for it.
type logSearch struct {
	wanted string
	search *logtext.Search
	end    context.CancelFunc
	done   <-chan struct{} // closed when what was there has been looked through
}

// Find gives the next find of a text and how many there are. The search goes on by itself, row by row, and is given up when
// another text is looked for.
func (l *Logs) Find(req LogFindRequest) (LogFind, error) {
	return withLog(l, "Logs.Find", req.Token, func(_ context.Context, log *openLog) (LogFind, error) {
		s, ended := log.look(req.Text)
		done := s.wait(findWait)
		find := LogFind{}
		hit, place, ok := s.search.Next(req.Row, req.Back)
		found, scanned := s.search.State()
		find.Hit, find.Row, find.Place = ok, float64(hit), float64(place)
		find.Found, find.Scanned, find.Done = float64(found), float64(scanned), done && ended
		return find, nil
	})
}

// look begins to look for a text, or goes on with what has come since. Ended tells whether nothing is being read.
func (l *openLog) look(wanted string) (s logSearch, ended bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ended = !l.reading
	if l.search != nil && l.search.wanted != wanted {
		l.search.end()
		l.search = nil
	}
	if l.search == nil {
		l.search = &logSearch{wanted: wanted, search: l.text.Search(wanted)}
	} else if !l.search.wait(0) {
		return *l.search, ended
	}
	if l.life.Err() != nil {
		return *l.search, ended
	}
	whole := l.ended || l.full
	ctx, end := context.WithCancel(l.life)
	done := make(chan struct{})
	l.search.end, l.search.done = end, done
	s = *l.search
	l.uses.Add(1)
	l.owner.uses.Go(func() {
		defer l.uses.Done()
		defer close(done)
		defer end()
		_ = s.search.Run(ctx, whole) // it ends early only when nobody wants it any more
	})
	return s, ended
}

// wait tells whether the search has looked through what was there, after waiting for it for a while.
func (s logSearch) wait(d time.Duration) bool {
	if s.done == nil {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.done:
		return true
	case <-timer.C:
		return false
	}
}
