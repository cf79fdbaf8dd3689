package gate

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// AddIndexes makes the optional indexes while schedulers go on writing. It may take long, and may be repeated: an index that
// a broken-off build left unusable is made anew.
func AddIndexes(ctx context.Context, conn *pgx.Conn) error {
	state, o, err := installation(ctx, conn, Options{})
	if err != nil {
		return err
	}
	if err := dropIndexes(ctx, conn, o.Schema, false); err != nil {
		return err
	}
	for statement := range strings.SplitSeq(render("indexes", o.names(state.Database)), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("make an index: %w", err)
		}
	}
	_, err = conn.Exec(ctx, "update opsdeck.installation set indexes = true")
	return err
}

// DropIndexes removes the optional indexes, without locking anybody out.
func DropIndexes(ctx context.Context, conn *pgx.Conn) error {
	_, o, err := installation(ctx, conn, Options{})
	if err != nil {
		return err
	}
	if err := dropIndexes(ctx, conn, o.Schema, true); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "update opsdeck.installation set indexes = false")
	return err
}

func dropIndexes(ctx context.Context, conn *pgx.Conn, schema string, all bool) error {
	rows, err := conn.Query(ctx, render("broken_indexes", names{}), schema, all)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string]) // quoted by the server
	if err != nil {
		return err
	}
	for _, index := range found {
		if _, err := conn.Exec(ctx, "drop index concurrently if exists "+index); err != nil {
			return fmt.Errorf("drop %s: %w", index, err)
		}
	}
	return nil
}
