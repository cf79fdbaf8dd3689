import type { Run } from '../../api/runs.ts'
import { parseTime } from '../../lib/format.ts'

/** The states of the contract, in the order a run passes through them. */
export const STATES = [
  'PENDING',
  'ASSIGNED',
  'RUNNING',
  'ORPHANED',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'CANCELED',
  'SKIPPED',
] as const

const FINAL: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELED', 'SKIPPED'])

/** Whether a run in this state will never change again. */
export function isFinal(state: string): boolean {
  return FINAL.has(state)
}

/** How long after its time a run started, in milliseconds; negative when it started early. */
export function startDelay(run: Pick<Run, 'scheduledFor' | 'startedAt'>): number | undefined {
  const due = parseTime(run.scheduledFor)
  const started = parseTime(run.startedAt)
  return due && started ? started.getTime() - due.getTime() : undefined
}

/** How long a run took, or has been running until now, in milliseconds. */
export function durationOf(run: Pick<Run, 'state' | 'startedAt' | 'finishedAt'>, now: Date): number | undefined {
  const started = parseTime(run.startedAt)
  if (!started) return undefined
  const end = parseTime(run.finishedAt) ?? (run.state === 'RUNNING' ? now : undefined)
  return end ? end.getTime() - started.getTime() : undefined
}

/** How far from its ends a long error is looked at. */
const REACH = 4000

/**
 * The line of an error that says most: the last of a Python traceback, whose other lines say how it came there, or the
 * first. That a command had an exit code, which nodes write first, says more only where it is all there is.
 */
export function gist(error: string): string {
  const start = linesOf(error.slice(0, REACH))
  if (start.some((line) => line.startsWith('Traceback'))) return linesOf(error.slice(-REACH)).at(-1) ?? ''
  return start.find((line) => !/^exit_code=-?\d+$/.test(line)) ?? start[0] ?? ''
}

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
