import type { Run } from '../../api/runs.ts'
import type { RunRow } from './columns.ts'
import { isFinal } from './measures.ts'

/** The runs of a page as rows; the row of a run that is over is kept as it is, so that nothing of it is drawn again. */
export function rowsOf(runs: readonly Run[], now: Date, before: readonly RunRow[]): RunRow[] {
  const known = new Map(before.map((row) => [row.run.id, row]))
  return runs.map((run) => rowOf(run, now, known.get(run.id)))
}

/**
 * A page away from the newest runs keeps its rows where they are: those that came with the answer are brought up to
 * date, the others no longer match the filters and say so.
 */
export function refreshRows(rows: readonly RunRow[], runs: readonly Run[], now: Date): RunRow[] {
  const fresh = new Map(runs.map((run) => [run.id, run]))
  return rows.map((row) => {
    const run = fresh.get(row.run.id)
    if (run) return rowOf(run, now, row)
    return row.left ? row : { ...row, left: true }
  })
}

function rowOf(run: Run, now: Date, before: RunRow | undefined): RunRow {
  const same = before && !before.left && before.run.version === run.version && isFinal(run.state)
  return same && before.run.state === run.state ? before : { run, now }
}
