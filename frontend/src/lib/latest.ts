import { Failure } from './failure.ts'

/** What becomes of a read. */
export interface Outcome<T> {
  done(value: T): void
  failed(failure: Failure): void
}

/** How long after a read that reached nobody the next one begins by itself, in milliseconds. */
export const RETRY = 5000

/**
 * Makes a function that reads again. While a read is under way, further calls lead to exactly one more; answers that
 * come after the signal aborted are dropped. So a slow server is never asked twice at once and the newest answer wins.
 * While a server is unavailable it is asked again by itself: a screen that is due once in half a minute would stay
 * empty that long after the server has come back. A hidden window asks nothing; it is told when it shows again.
 */
export function latest<T>(signal: AbortSignal, read: () => Promise<T>, outcome: Outcome<T>): () => void {
  let running = false
  let again = false
  let retry: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(retry))
  async function run(): Promise<void> {
    if (running) {
      again = true
      return
    }
    clearTimeout(retry)
    running = true
    try {
      const value = await read()
      if (!signal.aborted) outcome.done(value)
    } catch (thrown) {
      const failure = Failure.of(thrown)
      if (!signal.aborted) {
        outcome.failed(failure)
        if (failure.code === 'unavailable') retry = setTimeout(tryAgain, RETRY)
      }
    } finally {
      running = false
    }
    if (again && !signal.aborted) {
      again = false
      void run()
    }
  }
  function tryAgain(): void {
    if (document.visibilityState === 'visible') void run()
  }
  return () => void run()
}
