package desktop

import (
	"context"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/export"
)

// ExportAuditRequest asks for the entries that match in a file.
type ExportAuditRequest struct {
	Filter AuditFilter `json:"filter"`
	Format string      `json:"format"` // csv or ndjson
	Path   string      `json:"path"`
}

var auditColumns = []string{"id", "created_at", "actor", "action", "target", "written_by", "chain", "detail", "detail_bytes"}

// Export begins a file with the entries that match, newest first; Exports.Step writes it. Secrets are masked as on screen.
func (a *Audit) Export(req ExportAuditRequest) (ExportState, error) {
	return call(a.session, "Audit.Export", func(context.Context, *console.Console) (ExportState, error) {
		filter, err := req.Filter.parse()
		if err != nil {
			return ExportState{}, err
		}
		filter.Whole = true
		cursor := console.Cursor{}
		return a.session.exports.begin(req.Path, export.Format(req.Format), auditColumns,
			func(rows *export.Rows) func(context.Context, *console.Console) (int, bool, error) {
				return func(ctx context.Context, c *console.Console) (int, bool, error) {
					page, err := c.ListAudit(ctx, filter, cursor, console.MaxPageSize)
					if err != nil {
						return 0, false, err
					}
					for _, e := range page.Entries {
						if err := rows.Write(auditCells(e)); err != nil {
							return 0, false, err
						}
					}
					n := len(page.Entries)
					if page.Reached != nil {
						cursor = *page.Reached
						return n, false, nil
					}
					if n > 0 {
						last := page.Entries[n-1]
						cursor = console.Cursor{CreatedAt: last.At, ID: last.ID}
					}
					return n, !page.HasOlder, nil
				}
			})
	})
}

func auditCells(e console.AuditEntry) []export.Cell {
	chain := ""
	if e.Chain != nil {
		chain = strconv.FormatInt(*e.Chain, 10)
	}
	return []export.Cell{
		{Text: wireID(e.ID)}, {Text: e.At.UTC().Format(time.RFC3339Nano)}, {Text: e.Actor}, {Text: e.Action}, {Text: e.Target},
		{Text: e.Written}, {Text: chain}, {Raw: e.Detail}, {Text: strconv.FormatInt(e.Size, 10)},
	}
}
