package format

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestEveryTableIsAPart(t *testing.T) {
	t.Parallel()
	for version := 1; version <= Version; version++ {
		t.Run(fmt.Sprint("format ", version), func(t *testing.T) {
			t.Parallel()
			checkParts(t, version)
		})
	}
}

func checkParts(t *testing.T, version int) {
	t.Helper()
	parts := Parts(version)
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), SchemaOf(version)); err != nil {
		t.Fatal(err)
	}
	undigested := []string{"part", "segment", "signature", "word", "error_text", "log_text"}
	rows, err := db.QueryContext(t.Context(), `select s.name, group_concat(c.name, ' ') from sqlite_schema s, pragma_table_info(s.name) c
	  where s.type = 'table' group by 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := 0
	for rows.Next() {
		var name, columns string
		if err := rows.Scan(&name, &columns); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(undigested, name) {
			continue
		}
		tables++
		i := slices.IndexFunc(parts, func(p Part) bool { return p.Name == name })
		if i < 0 {
			t.Errorf("the table %s is no part: nobody would notice a change of it", name)
		} else if got := strings.Join(parts[i].Columns, " "); got != columns {
			t.Errorf("%s has the columns\n%s, its part\n%s", name, columns, got)
		}
	}
	if err := rows.Err(); err != nil || tables != len(parts) {
		t.Errorf("%d tables and %d parts, %v", tables, len(parts), err)
	}
	for _, p := range parts {
		for _, text := range []string{p.InsertSQL(2), p.SelectSQL()} {
			if _, err := db.ExecContext(t.Context(), "explain "+text, make([]any, strings.Count(text, "?"))...); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}
