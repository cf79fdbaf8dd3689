package postgres

import (
	"context"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
)

// A search through a list that has few indexes, such as the audit and the events, goes stretch by stretch: each looks at a
// bounded number of rows, and after a while the search stops and says how far it came. So it neither reads a whole table
// for a page nor waits for the statement timeout.
const (
	firstStretch = 2_000
	// longestStretch takes about a tenth of a second where texts have to be looked into.
	longestStretch = 50_000
)

// searchPatience is how long a page may be searched for before the search stops and tells how far it came.
const searchPatience = 2 * time.Second

// search is one search through a list, from a place P on.
type search[Row, P any] struct {
	statements searchStatements
	place      pgx.StrictNamedArgs // what lies beyond the cursor
	filter     pgx.StrictNamedArgs // what matches
	newer      bool
	filtered   bool // not every row on the way matches
	indexed    bool // an index may find the matches
	size       int
	details    int // how many bytes of a detail are carried
	// next moves place past a stretch that ended at an edge and gives it as a cursor; ok is false where nothing lies beyond.
	next func(place pgx.StrictNamedArgs, edge P) (cursor console.Cursor, ok bool)
}

type edgeRow[P any] struct {
	Edge   P     `db:"edge"`
	Looked int64 `db:"looked"`
}

// run gives up to size+1 rows, newest first, and where the search stopped if it did.
func (s search[Row, P]) run(ctx context.Context, conn *pgx.Conn, e effort) (rows []Row, reached *console.Cursor, err error) {
	if !s.filtered {
		rows, err = s.match(ctx, conn, nil, s.size+1)
		return rows, nil, err
	}
	if s.indexed {
		gathering, err := planOf(ctx, conn, s.statements.gatherPlan, merged(s.place, s.filter))
		if err != nil {
			return nil, nil, err
		}
		if e.expectsFew(gathering) {
			rows, err = collect[Row](ctx, conn, s.statements.gather, s.page(s.size+1))
			return rows, nil, err
		}
	}
	until := time.Now().Add(e.patience)
	for stretch := int64(firstStretch); ; stretch = min(4*stretch, longestStretch) {
		edges, err := collect[edgeRow[P]](ctx, conn, s.statements.edge, merged(s.place, pgx.StrictNamedArgs{"stretch": stretch}))
		if err != nil || edges[0].Looked == 0 {
			return rows, nil, err
		}
		found, err := s.match(ctx, conn, &edges[0].Edge, s.size+1-len(rows))
		if err != nil {
			return nil, nil, err
		}
		if s.newer {
			rows = append(found, rows...)
		} else {
			rows = append(rows, found...)
		}
		place, more := s.next(s.place, edges[0].Edge)
		if len(rows) > s.size || edges[0].Looked < stretch || !more {
			return rows, nil, nil
		}
		if !time.Now().Before(until) {
			return rows, &place, nil
		}
	}
}

func (s search[Row, P]) match(ctx context.Context, conn *pgx.Conn, edge *P, page int) ([]Row, error) {
	return collect[Row](ctx, conn, s.statements.match, merged(s.page(page), pgx.StrictNamedArgs{"edge": edge}))
}

func (s search[Row, P]) page(n int) pgx.StrictNamedArgs {
	return merged(s.place, s.filter, pgx.StrictNamedArgs{"page": n, "detail_limit": s.details})
}

// merged gives all of several arguments.
func merged(all ...pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	args := pgx.StrictNamedArgs{}
	for _, more := range all {
		maps.Copy(args, more)
	}
	return args
}

// stretchOf makes the rows of a page of what was found: the one row too many only tells that there are more.
func stretchOf[Row, T any](found []Row, size int, newer bool, reached *console.Cursor, read func(Row) T) console.Stretch[T] {
	s := console.Stretch[T]{More: len(found) > size, Reached: reached}
	if s.More && newer {
		found = found[1:] // rows stand newest first; the one too many is the farthest from the cursor
	} else if s.More {
		found = found[:size]
	}
	for _, row := range found {
		s.Rows = append(s.Rows, read(row))
	}
	return s
}

const (
	// wholeDetail is how many bytes of an entry's detail a file carries.
	wholeDetail = 64 << 10
	// listedDetail is how many bytes of an entry's detail or an event's payload a list carries.
	listedDetail = 2000
	// shownDetail is how many the entry or the event itself carries.
	shownDetail = 1 << 20
)
