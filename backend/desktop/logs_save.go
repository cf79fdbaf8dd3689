package desktop

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/export"
)

// logFormat is the extension of saved logs.
const logFormat = "log"

// SaveLogRequest says where a log should be saved.
type SaveLogRequest struct {
	Token string `json:"token"`
	Path  string `json:"path"`
}

// Save begins to write what has been read of a log into a file, as an export does; Exports.Step goes on with it.
func (l *Logs) Save(req SaveLogRequest) (ExportState, error) {
	return withLog(l, "Logs.Save", req.Token, func(_ context.Context, log *openLog) (ExportState, error) {
		return l.session.exports.beginCopy(req.Path, log.text.Reader())
	})
}

// copyBytes is what one step of a copy takes at once.
const copyBytes = 4 << 20

// beginCopy registers a file that gets a text as it is; its lines are counted as rows.
func (x *exports) beginCopy(path string, from io.Reader) (ExportState, error) {
	file, err := export.Create(path, logFormat, x.mayReplace(path))
	if err != nil {
		return ExportState{}, err
	}
	buffer := make([]byte, copyBytes)
	return x.register(&writing{
		file: file, limit: math.MaxInt64, flush: func() error { return nil },
		more: func(context.Context, *console.Console) (int, bool, error) {
			n, err := io.ReadFull(from, buffer)
			done := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
			if err != nil && !done {
				return 0, false, err
			}
			_, err = file.Write(buffer[:n])
			return bytes.Count(buffer[:n], []byte("\n")), done, err
		},
	}), nil
}
