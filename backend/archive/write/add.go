package write

import (
	"context"
	"encoding/json"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// next gives the number of the row that is added next to a part that streams.
func (w *Writer) next(ctx context.Context, part format.Part) (int64, error) {
	p, err := w.writerOf(ctx, part)
	if err != nil {
		return 0, err
	}
	return p.digester.Rows() + 1, nil
}

// describe adds what the archive says of itself.
func (w *Writer) describe(ctx context.Context, d format.Description) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return w.Add(ctx, format.Meta, format.DescriptionKey, string(text))
}

// addRun adds a run at the end of the list.
func (w *Writer) addRun(ctx context.Context, r scheduler.Run) error {
	n, err := w.next(ctx, format.Run)
	if err != nil {
		return err
	}
	return w.Add(ctx, format.Run, runRow(n, r)...)
}

// addAudit adds a row of the audit at the end of its list, with its link.
func (w *Writer) addAudit(ctx context.Context, a history.AuditRow) error {
	n, err := w.next(ctx, format.Audit)
	if err != nil {
		return err
	}
	if err := w.Add(ctx, format.Audit, auditRow(n, a.AuditEntry)...); err != nil || a.Link == nil {
		return err
	}
	return w.Add(ctx, format.Chain, chainRow(a.ID, *a.Link)...)
}

func (w *Writer) addSettings(ctx context.Context, tables console.SettingTables) error {
	if err := each(tables.Stored, func(s history.Setting) error { return w.Add(ctx, format.Setting, settingRow(s)...) }); err != nil {
		return err
	}
	return each(tables.Help, func(h console.SettingHelp) error { return w.Add(ctx, format.SettingHelp, helpRow(h)...) })
}

func (w *Writer) addNotes(ctx context.Context, notes []history.Note) error {
	for i, o := range notes {
		if err := w.Add(ctx, format.Note, noteRow(int64(i)+1, o)...); err != nil {
			return err
		}
	}
	return nil
}
