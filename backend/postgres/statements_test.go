package postgres

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Every statement is prepared against the schema as the Django application makes it, so that a renamed column or a
// mistyped cast is found here and not on an operator's screen.
func TestEveryStatementFitsTheSchema(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addNodeTables()
	c.addAuditView()
	all := map[string]string{}
	collectTexts(reflect.ValueOf(sql), "", all)
	if len(all) < 20 {
		t.Fatalf("only %d statements found", len(all))
	}
	for name, text := range all {
		t.Run(name, func(t *testing.T) {
			positional, _, err := pgx.NamedArgs{}.RewriteQuery(t.Context(), nil, text, nil)
			if err != nil {
				t.Fatal(err)
			}
			conn, err := c.pool.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Release()
			if _, err := conn.Conn().Prepare(t.Context(), name, positional); err != nil {
				t.Fatalf("%v\n%s", err, positional)
			}
		})
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
