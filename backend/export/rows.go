package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Format is how rows are written.
type Format string

// The formats.
const (
	CSV    Format = "csv"
	NDJSON Format = "ndjson"
)

// Known tells whether f is one of the formats.
func (f Format) Known() bool { return f == CSV || f == NDJSON }

// Cell is a value of a row. Raw is a JSON document that NDJSON takes as it is; in CSV it is a text.
type Cell struct {
	Text string
	Raw  json.RawMessage
}

// Rows writes rows of the same columns.
type Rows struct {
	columns []string
	table   *csv.Writer // of CSV
	out     io.Writer   // of NDJSON
}

// byteOrderMark makes spreadsheets read a CSV file as UTF-8, whatever the machine's own encoding is.
const byteOrderMark = "\ufeff"

// NewRows begins to write rows; CSV gets the columns' names as its first.
func NewRows(w io.Writer, format Format, columns []string) (*Rows, error) {
	if format == NDJSON {
		return &Rows{columns: columns, out: w}, nil
	}
	if format != CSV {
		return nil, scheduler.Errorf(scheduler.Invalid, "export.bad_format", "There is no export format %q.", format).With("format", string(format))
	}
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, err
	}
	r := &Rows{columns: columns, table: csv.NewWriter(w)}
	r.table.UseCRLF = true
	return r, r.table.Write(columns)
}

// Write adds a row; it has a cell for each column.
func (r *Rows) Write(cells []Cell) error {
	if r.table != nil {
		texts := make([]string, len(cells))
		for i, c := range cells {
			text := c.Text
			if c.Raw != nil {
				text = string(c.Raw)
			}
			texts[i] = Defuse(text)
		}
		return r.table.Write(texts)
	}
	var line strings.Builder
	line.WriteByte('{')
	for i, c := range cells {
		if i > 0 {
			line.WriteByte(',')
		}
		writeJSON(&line, r.columns[i])
		line.WriteByte(':')
		if c.Raw != nil && json.Valid(c.Raw) {
			compact(&line, c.Raw)
		} else {
			writeJSON(&line, c.Text)
		}
	}
	line.WriteString("}\n")
	_, err := io.WriteString(r.out, line.String())
	return err
}

// Flush writes what is still held back.
func (r *Rows) Flush() error {
	if r.table == nil {
		return nil
	}
	r.table.Flush()
	return r.table.Error()
}

// writeJSON adds a text as a JSON string. Texts can always be marshalled.
func writeJSON(line *strings.Builder, text string) {
	encoded, _ := json.Marshal(text)
	line.Write(encoded)
}

// compact adds a valid document without line breaks, so that it stays on its line.
func compact(line *strings.Builder, document json.RawMessage) {
	quoted, escaped := false, false
	for _, c := range document {
		if !quoted && (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
			continue
		}
		line.WriteByte(c)
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		}
	}
}

// Defuse keeps a spreadsheet from taking a text for a formula: one that begins like a formula gets an apostrophe before it,
// which spreadsheets show as nothing. White space and signs of full width before the text don't hide it.
func Defuse(text string) string {
	start := strings.TrimLeft(text, " \u3000\u00a0\ufeff\u200b")
	if start == "" {
		return text
	}
	if strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(start)[0]) {
		return "'" + text
	}
	return text
}
