package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/postgres"
)

// loggedDays is how many days of the history have logs: an export of them is measured apart from that of the runs.
const loggedDays = 10

// fillLogs gives the newest runs a log each: a few lines with numbers, an address and Japanese.
const fillLogs = `
insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk)
select id, attempt, 1, created_at, 'stdout', convert_to('INFO job_' || job_definition_id || ': begin run ' || id || E'\nINFO read ' || (hashint8(id) & 65535)
  || ' rows from orders_' || job_definition_id || E'\nDEBUG cache hit for key customer:' || to_hex(hashint8(id * 7)) || E'\n処理中: 注文番号 '
  || abs(hashint8(id * 3)) || E' の在庫を確認しました\nWARN retry after connection to 10.' || (id % 256) || '.' || (hashint8(id) & 255)
  || E'.7:5432 was refused\nINFO uploaded part 1, etag ' || md5(id::text) || E'\nINFO done, exit 0\n', 'UTF8')
from scheduler_job_runs where started_at is not null and created_at >= $1
on conflict do nothing`

// logs measures the export of logs with and without an index, and what the index answers.
func (m *archiveMeasure) logs(ctx context.Context) error {
	if err := node.Migrate(ctx, m.pool); err != nil {
		return err
	}
	var newest time.Time
	if err := m.pool.QueryRow(ctx, "select max(created_at) from scheduler_job_runs").Scan(&newest); err != nil {
		return err
	}
	from := newest.Add(-loggedDays * 24 * time.Hour)
	if _, err := m.pool.Exec(ctx, fillLogs, from); err != nil {
		return err
	}
	store, err := postgres.Open(ctx, m.pool.Config().ConnString(), m.log) // which finds the logs' tables when it connects
	if err != nil {
		return err
	}
	defer store.Close()
	plain, indexed := filepath.Join(filepath.Dir(m.path), "plain.opsdeck"), filepath.Join(filepath.Dir(m.path), "indexed.opsdeck")
	export := func(path string, index bool) func(context.Context) error {
		return func(ctx context.Context) error {
			o := write.Options{Path: path, Replace: true, Kind: write.RunsKind, Program: "bench", Filter: console.RunFilter{CreatedFrom: &from}, Logs: true, LogIndex: index}
			return write.Export(ctx, sourceOf(store), o, func(context.Context) error { return nil }, func(write.Progress) {})
		}
	}
	without, err := timed(ctx, export(plain, false))
	if err != nil {
		return err
	}
	with, err := timed(ctx, export(indexed, true))
	if err != nil {
		return err
	}
	m.table.add(fmt.Sprintf("export of %d days with their logs and an index of them", loggedDays), "without the index", times{floor: without, ours: with, p95: with, rounds: 1}, goal{})
	return m.searches(ctx, plain, indexed)
}

func (m *archiveMeasure) searches(ctx context.Context, plain, indexed string) error {
	small, err := os.Stat(plain)
	if err != nil {
		return err
	}
	large, err := os.Stat(indexed)
	if err != nil {
		return err
	}
	a, err := archive.Open(ctx, indexed)
	if err != nil {
		return err
	}
	defer a.Close()
	var text int64
	if err := m.pool.QueryRow(ctx, "select sum(length(chunk)) from opsdeck_node.run_log").Scan(&text); err != nil {
		return err
	}
	m.table.notes = append(m.table.notes, fmt.Sprintf("The index of %d logs with %d MB has %d MB.", a.Facts().Rows["log"], text>>20, (large.Size()-small.Size())>>20))
	runs := a.Ports(time.Time{}).Runs
	ask := func(f console.RunFilter) func(context.Context) error {
		return func(ctx context.Context) error {
			_, _, err := runs.ListRuns(ctx, f, console.Cursor{}, pageSize)
			return err
		}
	}
	for _, c := range [][2]string{{"frequent", "was refused"}, {"rare", "etag 0a1b2"}, {"rare, Japanese", "注文番号 12345"}, {"none", "no such words"}} {
		measured, err := compare(ctx, ask(console.RunFilter{}), ask(console.RunFilter{LogText: c[1]}))
		if err != nil {
			return err
		}
		m.table.add("text in logs, "+c[0], "first page", measured, goal{within: 100 * time.Millisecond})
	}
	return nil
}
