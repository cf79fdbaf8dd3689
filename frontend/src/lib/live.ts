/** How the read replica is that lists are asked of. */
export interface Replica {
  readonly address: string
  /** Otherwise the primary is asked. */
  readonly used: boolean
  /** How far it is behind the primary. */
  readonly lagMs: number
  /** Why it isn't used, as Go says it. */
  readonly error?: unknown
}

/** What Go says may have changed: something to read again. */
export interface Changed {
  /** Counts up by one; a gap means that an event was lost. Events may arrive out of order. */
  readonly seq: number
  readonly topics: readonly string[]
  /** How many queries PostgreSQL has been sent in the last minute; -1 where nobody counts. */
  readonly queries: number
  readonly replica?: Replica
}

interface Listener {
  readonly topic: string
  readonly fn: () => void
}

const listeners = new Set<Listener>()

/** Calls fn whenever something of the topic may have changed, until the signal aborts. Pages then read again. */
export function onChange(topic: string, signal: AbortSignal, fn: () => void): void {
  if (signal.aborted) return
  const listener = { topic, fn }
  listeners.add(listener)
  signal.addEventListener('abort', () => listeners.delete(listener), { once: true })
}

const meters = new Set<(queries: number) => void>()

/** Calls fn when the number of queries of the last minute is another, -1 where nobody counts, until the signal aborts. */
export function onQueries(signal: AbortSignal, fn: (queries: number) => void): void {
  if (signal.aborted) return
  meters.add(fn)
  signal.addEventListener('abort', () => meters.delete(fn), { once: true })
}

const watchers = new Set<(replica: Replica | undefined) => void>()

/** Calls fn when the read replica is otherwise than before, undefined where there is none, until the signal aborts. */
export function onReplica(signal: AbortSignal, fn: (replica: Replica | undefined) => void): void {
  if (signal.aborted) return
  watchers.add(fn)
  signal.addEventListener('abort', () => watchers.delete(fn), { once: true })
}

function tell(topics: readonly string[] | 'all'): void {
  for (const l of [...listeners]) if (topics === 'all' || topics.includes(l.topic)) l.fn()
}

/** Where the events come from, and who wants to know whether anybody is looking. */
export interface LiveSource {
  subscribe(fn: (changed: Changed) => void): void
  setVisible(visible: boolean): void
}

/** After how long without an event a page says once more that somebody looks, in milliseconds. */
const SILENCE = 5000

/**
 * Listens to the source for as long as the window lives. After a gap in the numbers everything is read again: nobody
 * knows what the lost event said.
 */
export function startLive(source: LiveSource): void {
  let last = 0
  let measured = -1
  let looked = ''
  let heard = false
  source.subscribe(({ seq, topics, queries, replica }) => {
    heard = true
    const gap = last !== 0 && seq > last + 1
    if (seq > last && queries !== measured) {
      measured = queries
      for (const fn of [...meters]) fn(queries)
    }
    const look = JSON.stringify(replica ?? '')
    if (seq > last && look !== looked) {
      looked = look
      for (const fn of [...watchers]) fn(replica)
    }
    last = Math.max(last, seq)
    tell(gap ? 'all' : topics)
  })
  const report = () => source.setVisible(document.visibilityState === 'visible')
  document.addEventListener('visibilitychange', report)
  report() // a page that went away has said that nobody looks
  // Or says so only now, after this page has said that somebody does: then nothing is heard any more.
  setInterval(() => {
    if (!heard && document.visibilityState === 'visible') report()
    heard = false
  }, SILENCE)
}
