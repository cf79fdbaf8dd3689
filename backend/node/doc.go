// Package node is the reference scheduler node: one of the equal processes that elect a leader through Redis, keep the
// truth in PostgreSQL and command each other over gRPC. It lives in one cluster with the schedulers in the field.
//
// A node is put together from parts that don't know each other's insides: internal/cluster speaks Redis, internal/store
// speaks PostgreSQL, internal/leader acts while the node leads, internal/worker runs commands, each below a process of
// package shim so that no command outlives its node. internal/settings holds what operators set while it runs,
// internal/archive takes old logs out of the database, internal/metrics tells how the node fares.
package node

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/node/shim"
)

// Migrate brings the schema opsdeck_node to this program's version. Nodes refuse to start before.
func Migrate(ctx context.Context, db *pgxpool.Pool) error { return store.Migrate(ctx, db) }

// RunShim is the process between a node and a command. Programs that embed a node call it in the way that
// [Config.Shim] names, and exit with its result.
func RunShim(argv []string) int { return shim.Main(argv) }
