package sample

import (
	"context"
	"database/sql"
	"time"
)

// EachRow calls each with every row that tells of moments in [from, to), frame by frame, oldest first: the frames that begin
// in it, and of each recording the one that it begins in. An archive of the window needs these and no others.
func EachRow(ctx context.Context, db Reader, from, to time.Time, each func(Row) error) error {
	rows, err := db.QueryContext(ctx, `
		select s.kind, s.recording, s.frame, s.at, s.key, s.doc
		from recording r join sample s on s.recording = r.id
		where r.since < ?2 and r.until >= ?1 and s.at < ?2 and s.frame >= coalesce(
		  (select max(m.frame) from sample m where m.kind = s.kind and m.recording = r.id and m.frame <= ?1), 0)
		order by s.frame, s.kind, s.recording, s.at, s.key`, from.UnixMicro(), to.UnixMicro())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scanRow(rows)
		if err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Changes gives when the leadership or a definition was seen to have changed in [from, to), oldest first: what somebody who looks
// for the moment of a fault steps through. The first look of a recording is none.
func Changes(ctx context.Context, db Reader, from, to time.Time, limit int) ([]Row, error) {
	rows, err := db.QueryContext(ctx, `
		select kind, recording, frame, at, key, doc from sample
		where kind in ('leader', 'job') and at >= ? and at < ? and at > frame and key <> '' order by at, kind, key limit ?`,
		from.UnixMicro(), to.UnixMicro(), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Row
	for rows.Next() {
		row, err := scanRow(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

func scanRow(rows *sql.Rows) (Row, error) {
	var row Row
	var frame, at int64
	var doc sql.NullString
	err := rows.Scan(&row.Kind, &row.Recording, &frame, &at, &row.Key, &doc)
	row.Frame, row.At = time.UnixMicro(frame).UTC(), time.UnixMicro(at).UTC()
	if doc.Valid {
		row.Doc = []byte(doc.String)
	}
	return row, err
}
