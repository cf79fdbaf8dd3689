package postgres

import (
	"testing"
)

// Connections that end while they rest are noticed by the next read, which goes on with others.
func TestReadsOutliveTheirConnections(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for range 3 {
		if _, err := c.store.Operator(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.exec(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
			where application_name = 'opsdeck' and datname = current_database()`)
	}
	before := c.store.Statements()
	if _, err := c.store.Operator(t.Context()); err != nil {
		t.Errorf("after its connection has ended: %v", err)
	}
	if n := c.store.Statements() - before; n < 2 {
		t.Errorf("%d statements: no connection had ended", n)
	}
}
