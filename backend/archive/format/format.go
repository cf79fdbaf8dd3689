// Package format is what every archive is made of: its tables, how its rows become digests, and how its file is opened so
// that a hostile one can do no harm. docs/archive-format.md explains it for people.
package format

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"sync"

	// The only driver of SQLite: pure Go, the same on every system.
	_ "modernc.org/sqlite"

	"github.com/opsdeck/opsdeck/backend/sample"
)

const (
	// ApplicationID marks a file as an archive, "OpsD" in the file's header.
	ApplicationID = 0x4f707344
	// Version is the format that is written. A reader knows it and the ones before it, and refuses newer ones.
	Version = 2
	// Extension is that of an archive's file.
	Extension = "opsdeck"
	// SegmentRows is how many rows share a digest.
	SegmentRows = 10_000
	// PageSize is the file's.
	PageSize = 8192
)

//go:embed schema.sql
var firstSchema string

//go:embed schema_2.sql
var secondSchema string

// Schema is what makes an empty archive. The samples of a cluster lie in the tables that a recorder writes too.
var Schema = SchemaOf(Version)

// SchemaOf is the schema of a format.
func SchemaOf(version int) string {
	schema := firstSchema + "\n" + sample.Schema
	if version >= 2 {
		schema += "\n" + secondSchema
	}
	return schema
}

// object is an entry of a file's schema.
type object struct{ Kind, Name, Table, SQL string }

// objects gives a file's schema in a fixed order, up to limit entries.
func objects(ctx context.Context, db *sql.DB, limit int) ([]object, error) {
	rows, err := db.QueryContext(ctx, "select type, name, tbl_name, coalesce(sql, '') from sqlite_schema limit ?", limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []object
	for rows.Next() {
		var o object
		if err := rows.Scan(&o.Kind, &o.Name, &o.Table, &o.SQL); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b object) int {
		if a.Kind != b.Kind {
			return compare(a.Kind, b.Kind)
		}
		return compare(a.Name, b.Name)
	})
	return list, rows.Err()
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// expected are the schemas that archives have by their version, byte for byte.
var expected = [Version + 1]func() ([]object, error){1: schemaObjects(1), 2: schemaObjects(2)}

func schemaObjects(version int) func() ([]object, error) {
	return sync.OnceValues(func() ([]object, error) {
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			return nil, err
		}
		defer db.Close()
		db.SetMaxOpenConns(1)
		ctx := context.Background()
		if _, err := db.ExecContext(ctx, SchemaOf(version)); err != nil {
			return nil, fmt.Errorf("the archive's own schema: %w", err)
		}
		return objects(ctx, db, 1000)
	})
}

var errSchema = errors.New("the file's tables are not those of an archive")

// checkSchema refuses a file that has anything else than an archive's tables, indexes and its one view.
func checkSchema(ctx context.Context, db *sql.DB, version int) error {
	want, err := expected[version]()
	if err != nil {
		return err
	}
	got, err := objects(ctx, db, len(want)+1)
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return errSchema
	}
	return nil
}
