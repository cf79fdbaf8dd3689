package archive

import (
	"context"
	"database/sql"
	"embed"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:embed queries/*.sql
var queryFiles embed.FS

var queries = template.Must(template.ParseFS(queryFiles, "queries/*.sql"))

// rendered gives a query's text. What is filled in is ours alone: which conditions are asked for, and by which way.
func rendered(name string, data any) (string, error) {
	var text strings.Builder
	err := queries.ExecuteTemplate(&text, name+".sql", data)
	return text.String(), err
}

// statement is a prepared query and the names of its values.
type statement struct {
	*sql.Stmt
	names []string
}

var parameter = regexp.MustCompile(`@([a-z_]+)`)

// statement prepares a query, or finds it prepared; the number of different texts is bounded by the templates.
func (a *Archive) statement(ctx context.Context, name string, data any) (statement, error) {
	text, err := rendered(name, data)
	if err != nil {
		return statement{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if s, known := a.prepared[text]; known {
		return s, nil
	}
	prepared, err := a.db.PrepareContext(ctx, text)
	if err != nil {
		return statement{}, err
	}
	s := statement{Stmt: prepared}
	for _, match := range parameter.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(s.names, match[1]) {
			s.names = append(s.names, match[1])
		}
	}
	a.prepared[text] = s
	return s, nil
}

// args are the values of a statement by name; those that it does not name are left out.
type args map[string]any

func (v args) of(s statement) []any {
	list := make([]any, len(s.names))
	for i, name := range s.names {
		list[i] = sql.Named(name, v[name])
	}
	return list
}

// collect runs a query and reads its rows.
func collect[T any](ctx context.Context, a *Archive, name string, data any, values args, read func(*sql.Rows) (T, error)) ([]T, error) {
	var list []T
	err := a.each(ctx, name, data, values, func(rows *sql.Rows) error {
		row, err := read(rows)
		list = append(list, row)
		return err
	})
	return list, err
}

// each runs a query and hands over one row after the other.
func (a *Archive) each(ctx context.Context, name string, data any, values args, row func(*sql.Rows) error) error {
	ctx, cancel := context.WithTimeout(ctx, queryDeadline)
	defer cancel()
	return a.explain(a.query(ctx, name, data, values, row))
}

func (a *Archive) query(ctx context.Context, name string, data any, values args, row func(*sql.Rows) error) error {
	s, err := a.statement(ctx, name, data)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, values.of(s)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
