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

/** The first line of a text that holds anything; an error may have a megabyte of them. */
export function firstLine(text: string): string {
  const start = text.slice(0, 4000).trimStart()
  const end = start.search(/[\r\n]/)
  return end < 0 ? start : start.slice(0, end)
}
