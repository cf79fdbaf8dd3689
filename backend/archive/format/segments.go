package format

import (
	"context"
	"database/sql"
)

// Querier is a database or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Segments reads the closed stretches of a part that an archive has digested, in their order.
func Segments(ctx context.Context, q Querier, part Part) ([]Segment, error) {
	rows, err := q.QueryContext(ctx, "select number, rows, digest from segment where part = ? order by number", part.Name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Segment
	for rows.Next() {
		var s Segment
		if err := rows.Scan(&s.Number, &s.Rows, &s.Digest); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
