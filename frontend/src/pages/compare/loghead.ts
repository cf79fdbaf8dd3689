import { closeLog, logRows, logState, openLog } from '../../api/logs.ts'
import { stripEscapes } from '../../lib/ansi.ts'
import { Failure } from '../../lib/failure.ts'
import { cut } from '../../lib/hostile.ts'

/** How many lines from the start of each log are compared, and how much of a line. */
export const LINES = 1000
export const LINE_LENGTH = 500

/** The most rows that are looked at: a line may have many. */
const ROWS = 2 * LINES
/** Rows that Go gives at once. */
const PAGE = 500
/** Pauses between two looks at a log that is being read. */
const PAUSE = 200

/** The beginning of a log, and why there is no more of it. */
export interface Head {
  readonly lines: readonly string[]
  readonly more: boolean
  readonly failure?: Failure
}

/** The calls that it takes. */
export const CALLS = { openLog, logState, logRows, closeLog }

/** Reads the beginning of a log wherever it is, and gives up the rest. */
export async function logHead(signal: AbortSignal, runId: string, attempt: number, calls = CALLS): Promise<Head> {
  let token = ''
  try {
    let state = await calls.openLog(runId, attempt)
    token = state.token
    while (state.reading && state.rows < ROWS && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
      state = await calls.logState(token, false, false)
    }
    const { lines, whole } = await beginning(token, Math.min(state.rows, ROWS), calls)
    const { error } = state
    return {
      lines,
      more: !whole || state.rows > ROWS || state.reading || state.full,
      ...(error && { failure: new Failure(error.code, error.reason, error.message, error.args ?? {}) }),
    }
  } catch (thrown) {
    return { lines: [], more: false, failure: Failure.of(thrown) }
  } finally {
    // Where the environment is gone, so is the log.
    if (token !== '') void calls.closeLog(token).catch(() => undefined)
  }
}

/** The first rows put together into lines. */
async function beginning(
  token: string,
  rows: number,
  calls: typeof CALLS,
): Promise<{ lines: string[]; whole: boolean }> {
  const lines: string[] = []
  for (let row = 0; row < rows; ) {
    const page = await calls.logRows(token, row, Math.min(PAGE, rows - row))
    if (page.length === 0) break
    row += page.length
    for (const { text, continues } of page) {
      const plain = stripEscapes(text)
      const last = lines.at(-1)
      if (continues && last !== undefined) lines[lines.length - 1] = cut(last + plain, LINE_LENGTH).text
      else if (lines.length === LINES) return { lines, whole: false }
      else lines.push(cut(plain, LINE_LENGTH).text)
    }
  }
  return { lines, whole: true }
}
