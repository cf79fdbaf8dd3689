package localstate

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"
)

const (
	logName    = "opsdeck.log"
	logSize    = 5 // MB, of one file
	logBackups = 4
	logDays    = 90
)

// Log is the log file. It is cut when it has grown, and its old pieces are deleted after a while.
type Log struct {
	file *lumberjack.Logger
	path string
}

// OpenLog begins to write to the log file of a folder, which its owner alone may read.
func OpenLog(folder string) (*Log, error) {
	if err := prepare(folder); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, logName)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(file.Chmod(0o600), file.Close()); err != nil { // rotation keeps the rights that it finds
		return nil, err
	}
	return &Log{path: path, file: &lumberjack.Logger{Filename: path, MaxSize: logSize, MaxBackups: logBackups, MaxAge: logDays}}, nil
}

// Path is where it lies.
func (l *Log) Path() string { return l.path }

// Close ends it.
func (l *Log) Close() error { return l.file.Close() }

// Tail gives the last bytes of the log file, from the beginning of a line.
func (l *Log) Tail(limit int64) ([]byte, error) {
	file, err := os.Open(l.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	from := max(info.Size()-limit, 0)
	text, err := io.ReadAll(io.NewSectionReader(file, from, limit))
	if err != nil || from == 0 {
		return text, err
	}
	return afterLine(text), nil
}

// Logger writes to the log file and to w, which may be nil, and keeps secrets out of both.
func (l *Log) Logger(w io.Writer) *slog.Logger {
	handlers := []slog.Handler{slog.NewTextHandler(l.file, &slog.HandlerOptions{ReplaceAttr: masked})}
	if w != nil {
		handlers = append(handlers, slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: masked}))
	}
	return slog.New(slog.NewMultiHandler(handlers...))
}
