import type { Failure } from './failure.ts'
import { timeStands } from './moment.ts'

/** How current what is on screen is, for the header. */
export interface Freshness {
  /** When the data was true, by the server that gave it. */
  readonly asOf?: Date
  /** When it arrived, by this machine's clock, in milliseconds. */
  readonly arrived?: number
  /** How often the page reads again, in milliseconds. */
  readonly every?: number
  /** The failure of the last read, if it failed. */
  readonly failure?: Failure
}

const listeners = new Set<(now: Freshness) => void>()
let current: Freshness = {}

/** How current the screen is now. */
export function freshness(): Freshness {
  return current
}

/** Calls fn after each change. */
export function onFreshness(signal: AbortSignal, fn: (now: Freshness) => void): void {
  if (signal.aborted) return
  listeners.add(fn)
  signal.addEventListener('abort', () => listeners.delete(fn), { once: true })
}

function set(next: Freshness): void {
  current = next
  for (const listener of [...listeners]) listener(current)
}

/** A page read its data: it was true at `asOf`, and is read again every so many milliseconds. */
export function readAt(asOf: Date, every: number): void {
  set({ asOf, every, arrived: Date.now() })
}

/** A page could not read. What it shows is as old as before. */
export function readFailed(failure: Failure): void {
  set({ ...current, failure })
}

/** Another page or environment is shown: nothing has been read yet. */
export function nothingRead(): void {
  set({})
}

/** Whether the data is older than twice its interval. What an archive holds doesn't grow old. */
export function isStale(fresh: Freshness, now: number): boolean {
  return (
    !timeStands() && fresh.arrived !== undefined && fresh.every !== undefined && now - fresh.arrived > 2 * fresh.every
  )
}
