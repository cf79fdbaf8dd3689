package postgres

import (
	"context"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// meter counts the statements that a store sends.
type meter struct{ sent atomic.Int64 }

// Statements is how many statements the store has sent since it was opened, to a replica too.
func (s *Store) Statements() int64 {
	sent := s.meter.sent.Load()
	if s.replica != nil {
		sent += s.replica.store.meter.sent.Load()
	}
	return sent
}

func (m *meter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	m.sent.Add(1)
	return ctx
}

func (*meter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (m *meter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, batch pgx.TraceBatchStartData) context.Context {
	m.sent.Add(int64(batch.Batch.Len()))
	return ctx
}

func (*meter) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (*meter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}
