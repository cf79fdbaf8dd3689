import { Failure } from './failure.ts'

/** What becomes of a read. */
export interface Outcome<T> {
  done(value: T): void
  failed(failure: Failure): void
}

/**
 * Makes a function that reads again. While a read is under way, further calls lead to exactly one more; answers that
 * come after the signal aborted are dropped. So a slow server is never asked twice at once and the newest answer wins.
 */
export function latest<T>(signal: AbortSignal, read: () => Promise<T>, outcome: Outcome<T>): () => void {
  let running = false
  let again = false
  async function run(): Promise<void> {
    if (running) {
      again = true
      return
    }
    running = true
    try {
      const value = await read()
      if (!signal.aborted) outcome.done(value)
    } catch (thrown) {
      if (!signal.aborted) outcome.failed(Failure.of(thrown))
    } finally {
      running = false
    }
    if (again && !signal.aborted) {
      again = false
      void run()
    }
  }
  return () => void run()
}
