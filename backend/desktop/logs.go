package desktop

import (
	"context"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Logs serves the viewer of logs. An opened log is read into a private copy, of which the page gets the rows that it shows.
type Logs struct{ session *Session }

// NewLogs binds the logs of what is shown.
func NewLogs(s *Session) *Logs { return &Logs{s} }

// OpenLogRequest names the attempt whose log is wanted.
type OpenLogRequest struct {
	RunID   string `json:"runId"`
	Attempt int    `json:"attempt"`
}

// LogState is how far a log is with being read.
type LogState struct {
	Token    string  `json:"token"`
	Source   string  `json:"source"` // database, http or s3
	Ref      string  `json:"ref"`    // as the run has it
	Rows     float64 `json:"rows"`
	Lines    float64 `json:"lines"`
	Bytes    float64 `json:"bytes"`
	Expected float64 `json:"expected"` // bytes, as its place tells it; -1 = not known
	Reading  bool    `json:"reading"`
	Ended    bool    `json:"ended"` // nothing more will come
	Full     bool    `json:"full"`  // it is longer than what is kept of it
	At       float64 `json:"at"`    // the place up to which it was read, in bytes where it lies outside of the database
	// Turn counts how often it was begun: once more whenever it turned out to be another log than the one that had been begun.
	Turn int `json:"turn"`
	// Version is the run's when the log was last read; 0 = not asked for. It has changed when the run has.
	Version int        `json:"version"`
	Error   *WireError `json:"error,omitempty"`
}

// LogStateRequest asks how far a log is.
type LogStateRequest struct {
	Token  string `json:"token"`
	ReadOn bool   `json:"readOn"` // more may have come
	Again  bool   `json:"again"`  // and after a failure too
}

// LogRowsRequest asks for the rows in sight.
type LogRowsRequest struct {
	Token string `json:"token"`
	From  int    `json:"from"`
	Count int    `json:"count"`
}

// LogRow is a line, or a part of a long one.
type LogRow struct {
	Line      int    `json:"line"`
	Continues bool   `json:"continues"` // the line of the row above
	Style     string `json:"style"`     // parameters of the SGR sequence that is in force where it begins
	Text      string `json:"text"`
	At        string `json:"at"`
	Stream    string `json:"stream"`
}

// LogLineRequest names a line, from 1.
type LogLineRequest struct {
	Token string `json:"token"`
	Line  int    `json:"line"`
}

// LogSpot is a row that was looked for.
type LogSpot struct {
	Found bool    `json:"found"`
	Row   float64 `json:"row"`
}

// LogText is a part of a log for the clipboard.
type LogText struct {
	Text string `json:"text"`
	Cut  bool   `json:"cut"` // it was too long
}

const (
	// maxLogRows and maxRowBytes bound one answer with rows.
	maxLogRows  = 500
	maxRowBytes = 512 << 10
	// maxCopyBytes bounds what goes to the clipboard.
	maxCopyBytes = 5 << 20
)

// Open begins to read the log of an attempt.
func (l *Logs) Open(req OpenLogRequest) (LogState, error) {
	return lend(l.session, "Logs.Open", callTimeout, func(ctx context.Context, o *opened) (LogState, error) {
		id, err := parseID(req.RunID)
		if err != nil {
			return LogState{}, err
		}
		log, err := l.session.logs.open(ctx, o, scheduler.RunID(id), req.Attempt)
		if err != nil {
			return LogState{}, err
		}
		return log.state(), nil
	})
}

// State tells how far a log is. With ReadOn it also reads on where more may have come, from where it stopped.
func (l *Logs) State(req LogStateRequest) (LogState, error) {
	return withLog(l, "Logs.State", req.Token, func(_ context.Context, log *openLog) (LogState, error) {
		if req.ReadOn {
			log.readOn(req.Again)
		}
		return log.state(), nil
	})
}

// Rows gives rows from one on: as many as were asked for, fewer if they are long.
func (l *Logs) Rows(req LogRowsRequest) ([]LogRow, error) {
	return withLog(l, "Logs.Rows", req.Token, func(_ context.Context, log *openLog) ([]LogRow, error) {
		rows, err := log.text.Rows(max(0, req.From), min(max(1, req.Count), maxLogRows))
		wire, size := make([]LogRow, 0, len(rows)), 0
		for _, r := range rows {
			if size += len(r.Text); size > maxRowBytes {
				break
			}
			wire = append(wire, LogRow{
				Line: r.Line, Continues: r.Continues, Style: r.Style, Text: string(r.Text), At: wireTime(r.At), Stream: r.Stream,
			})
		}
		return wire, err
	})
}

// Line gives the row in which a line begins.
func (l *Logs) Line(req LogLineRequest) (LogSpot, error) {
	return withLog(l, "Logs.Line", req.Token, func(_ context.Context, log *openLog) (LogSpot, error) {
		row, err := log.text.RowOfLine(req.Line)
		return LogSpot{Found: err == nil, Row: float64(row)}, err
	})
}

// FirstError gives the first row that looks like an error, of what has been read so far.
func (l *Logs) FirstError(req TokenRequest) (LogSpot, error) {
	return withLog(l, "Logs.FirstError", req.Token, func(ctx context.Context, log *openLog) (LogSpot, error) {
		row, found, err := log.text.FirstError(ctx)
		return LogSpot{Found: found, Row: float64(row)}, err
	})
}

// Text gives rows as text for the clipboard, without escape sequences.
func (l *Logs) Text(req LogRowsRequest) (LogText, error) {
	return withLog(l, "Logs.Text", req.Token, func(_ context.Context, log *openLog) (LogText, error) {
		text, cut, err := log.text.Plain(max(0, req.From), max(0, req.Count), maxCopyBytes)
		for cut && len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
		return LogText{Text: string(text), Cut: cut}, err
	})
}

// Close gives a log up and deletes its copy.
func (l *Logs) Close(req TokenRequest) error { return l.session.logs.close(req.Token) }

func withLog[T any](l *Logs, name, token string, do func(context.Context, *openLog) (T, error)) (T, error) {
	return lend(l.session, name, callTimeout, func(ctx context.Context, _ *opened) (T, error) {
		log := l.session.logs.borrow(token)
		if log == nil {
			var none T
			return none, scheduler.Errorf(scheduler.NotFound, "log.closed", "This log is no longer open.")
		}
		defer log.uses.Done()
		return do(ctx, log)
	})
}
