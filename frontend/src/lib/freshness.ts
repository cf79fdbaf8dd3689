import type { Failure } from './failure.ts'

/** How current what is on screen is, for the header. */
export interface Freshness {
  /** When the data was true, by the server that gave it. */
  readonly asOf?: Date
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

/** A page read its data: it was true at `asOf`. */
export function readAt(asOf: Date): void {
  set({ asOf })
}

/** A page could not read. What it shows is as old as before. */
export function readFailed(failure: Failure): void {
  set({ ...current, failure })
}

/** Another page or environment is shown: nothing has been read yet. */
export function nothingRead(): void {
  set({})
}
