import { Lines } from '../../lib/lines.ts'
import { createLog, type LogSource } from '../log.ts'

/** Shows a text that the page has whole in the viewer of logs. */
export function showText(
  host: HTMLElement,
  signal: AbortSignal,
  text: string,
  options: { label: string; copy(text: string): void },
): void {
  const source = textSource(text)
  // Nothing is asked of anybody, so nothing can fail.
  createLog(host, signal, { ...options, source, failed: () => undefined }).grow(source.rowCount, source.lineCount)
}

function textSource(text: string): LogSource & { rowCount: number; lineCount: number } {
  const lines = new Lines()
  lines.append(text)
  const all = { wanted: '', rows: [] as number[] }

  /** Every row that holds the text. */
  function finds(wanted: string): readonly number[] {
    if (wanted === all.wanted) return all.rows
    all.wanted = wanted
    all.rows = []
    for (let row = 0; ; row++) {
      const next = lines.find(wanted, row, 1, lines.length)
      if (next.row === undefined) return all.rows
      row = next.row
      all.rows.push(row)
    }
  }

  /** The row in which a line begins, or the last row. */
  function rowOf(line: number): number {
    for (let row = 0; row < lines.length; row++) if (lines.lineNumber(row) === line) return row
    return Math.max(0, lines.length - 1)
  }

  return {
    rowCount: lines.length,
    lineCount: Array.from({ length: lines.length }, (_, row) => row).filter((row) => !lines.continues(row)).length,
    async rows(from, count) {
      return Array.from({ length: Math.max(0, Math.min(count, lines.length - from)) }, (_, i) => ({
        line: lines.lineNumber(from + i) ?? 0,
        continues: lines.continues(from + i),
        spans: lines.spans(from + i),
        at: '',
        stream: '',
      }))
    },
    async find(wanted, row, back) {
      const rows = finds(wanted)
      const place = back ? rows.findLastIndex((r) => r <= row) : rows.findIndex((r) => r >= row)
      const hit = rows[place]
      return {
        hit: hit !== undefined,
        row: hit ?? 0,
        place: place + 1,
        found: rows.length,
        scanned: lines.length,
        done: true,
      }
    },
    line: async (line) => rowOf(line),
    firstError: async () => lines.findError(0, lines.length).row,
    async text(from, count) {
      const rows = Array.from({ length: Math.max(0, Math.min(count, lines.length - from)) }, (_, i) => from + i)
      return {
        text: rows.map((row) => (row > from && !lines.continues(row) ? '\n' : '') + lines.text(row)).join(''),
        cut: false,
      }
    },
  }
}
