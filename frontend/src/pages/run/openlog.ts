import { closeLog, type LogRow, type LogState, logState, openLog } from '../../api/logs.ts'
import { PLAIN, parseLine } from '../../lib/ansi.ts'
import { Failure } from '../../lib/failure.ts'
import type { ShownRow } from '../../ui/log/row.ts'

export interface LogSink {
  /** How far the log is now. */
  state(state: LogState): void
  failed(failure: Failure): void
  /** What was there has been read: the run's version then (0 = not known), and whether the log had more. */
  looked(version: number, news: boolean): void
}

/** The log of one attempt, which is read in the background. */
export interface OpenedLog {
  /** Reads on until the end of what is there, unless that is under way. */
  read(): void
  /** The same after a failure, from where it happened. */
  again(): void
}

/** Pauses between two looks at a log that is being read. */
const PAUSE = 250

/** The calls that it takes. */
export const CALLS = { openLog, logState, closeLog }

/** Opens a log, and closes it when the signal aborts. */
export function followLog(
  signal: AbortSignal,
  runId: string,
  attempt: number,
  sink: LogSink,
  calls: typeof CALLS = CALLS,
): OpenedLog {
  let token = ''
  let under = false
  let rows = 0

  async function follow(again: boolean): Promise<void> {
    const opening = token === ''
    let state = opening ? await calls.openLog(runId, attempt) : await calls.logState(token, true, again)
    token = state.token
    const before = opening ? 0 : rows
    while (!signal.aborted) {
      rows = state.rows
      sink.state(state)
      if (!state.reading) {
        sink.looked(state.version, state.rows > before)
        return
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
      if (!signal.aborted) state = await calls.logState(token, false, false)
    }
  }

  async function read(again: boolean): Promise<void> {
    if (under || signal.aborted) return
    under = true
    try {
      await follow(again)
    } catch (thrown) {
      if (!signal.aborted) sink.failed(Failure.of(thrown))
    } finally {
      under = false
      if (signal.aborted) close()
    }
  }

  function close(): void {
    // Where the environment is gone, so is the log.
    if (token !== '') void calls.closeLog(token).catch(() => undefined)
    token = ''
  }

  signal.addEventListener('abort', () => under || close())
  void read(false)
  return { read: () => void read(false), again: () => void read(true) }
}

/** A row as the viewer shows it. */
export function shownRow({ line, continues, style, text, at, stream }: LogRow): ShownRow {
  const { spans } = parseLine(style === '' ? text : `\u001b[${style}m${text}`, PLAIN)
  return { line, continues, spans, at, stream }
}
