import type { LogPage } from '../../api/runs.ts'
import { Failure } from '../../lib/failure.ts'
import { LogDecoder } from './decode.ts'

export interface LogSink {
  append(text: string): void
  /** Nothing more will come. */
  ended(): void
  failed(failure: Failure): void
  /** What was there has been read: the run's version then, and whether the log had more. */
  looked(version: number, news: boolean): void
}

/** Reads the log of one attempt from its start and then whatever is added. */
export interface LogFollower {
  /** Reads on until the end of what is there, unless that is under way or the log has ended. */
  read(): void
}

/** `next` gives what follows a place in the log; "" is its start. */
export function followLog(signal: AbortSignal, next: (after: string) => Promise<LogPage>, sink: LogSink): LogFollower {
  const decoder = new LogDecoder()
  let after = ''
  let over = false
  let reading = false

  async function pages(): Promise<void> {
    let news = false
    for (;;) {
      const page = await next(after)
      if (signal.aborted) return
      after = page.next
      news ||= page.chunks.length > 0
      sink.append(page.chunks.map((chunk) => decoder.push(chunk)).join(''))
      if (page.ended) {
        over = true
        sink.append(decoder.end())
        sink.ended()
      }
      if (!page.more) {
        sink.looked(page.version, news)
        return
      }
      // The window draws and answers between two pages of a long log.
      await new Promise((resolve) => setTimeout(resolve))
      if (signal.aborted) return
    }
  }

  async function read(): Promise<void> {
    if (over || reading || signal.aborted) return
    reading = true
    try {
      await pages()
    } catch (thrown) {
      if (!signal.aborted) sink.failed(Failure.of(thrown))
    } finally {
      reading = false
    }
  }

  return { read: () => void read() }
}
