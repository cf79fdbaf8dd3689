package postgres

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/servertest"
)

// Every statement is prepared against the schema as the Django application makes it, so that a renamed column or a
// mistyped cast is found here and not on an operator's screen: as the tables' owner, and as an operator behind the gate who
// may read little more than is asked for.
func TestEveryStatementFitsTheSchema(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addNodeTables()
	viewer := open(t, servertest.Gate(t, c.url).Viewer)
	all := map[string]string{}
	collectTexts(reflect.ValueOf(sql), "", all)
	collectTexts(reflect.ValueOf(struct{ Gate map[string]string }{gateCalls}), "", all)
	if len(all) < 50 {
		t.Fatalf("only %d statements found", len(all))
	}
	for name, text := range all {
		for who, pool := range map[string]*pgxpool.Pool{"owner": c.pool, "viewer": viewer.pool} {
			if who == "owner" && strings.Contains(text, "opsdeck.") {
				continue // the gate is for operators
			}
			if who == "viewer" && strings.Contains(text, "opsdeck_node.run_args") {
				continue // behind the gate, its masked view is read
			}
			t.Run(name+" as "+who, func(t *testing.T) { fits(t, pool, name, text) })
		}
	}
}

func fits(t *testing.T, pool *pgxpool.Pool, name, text string) {
	positional, _, err := pgx.NamedArgs{}.RewriteQuery(t.Context(), nil, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	prepared, err := conn.Conn().Prepare(t.Context(), name, positional)
	if err != nil {
		t.Fatalf("%v\n%s", err, positional)
	}
	if strings.HasPrefix(strings.TrimSpace(positional[strings.Index(positional, "\n")+1:]), "explain") {
		return // it would have to be explained itself
	}
	// Rights are looked at when a statement starts, and a plan is the cheapest start.
	nulls := ""
	if n := len(prepared.ParamOIDs); n > 0 {
		nulls = "(null" + strings.Repeat(", null", n-1) + ")"
	}
	if _, err := conn.Exec(t.Context(), "explain execute "+pgx.Identifier{name}.Sanitize()+nulls); err != nil {
		t.Fatalf("%v\n%s", err, positional)
	}
}

func collectTexts(v reflect.Value, path string, into map[string]string) {
	for i := range v.NumField() {
		name := path + v.Type().Field(i).Name
		switch field := v.Field(i); field.Kind() {
		case reflect.Struct:
			collectTexts(field, name+".", into)
		case reflect.Map:
			for key, text := range field.Seq2() {
				into[name+" of "+key.String()] = text.String()
			}
		default:
			into[name] = field.String()
		}
	}
}

func TestSessionsCanOnlyRead(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	err := c.store.read(t.Context(), queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "delete from scheduler_job_runs")
		if server, ok := errors.AsType[*pgconn.PgError](err); !ok || server.Code != "25006" {
			t.Errorf("a write was answered with %v, not with read_only_sql_transaction", err)
		}
		for name, want := range map[string]string{
			"application_name": "opsdeck", "plan_cache_mode": "force_custom_plan", "statement_timeout": "10s",
			"lock_timeout": "2s", "idle_in_transaction_session_timeout": "15s",
		} {
			var got string
			if err := conn.QueryRow(ctx, "select current_setting($1)", name).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %q (%v), not %q", name, got, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
