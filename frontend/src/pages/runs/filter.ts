/**
 * What the list of runs is narrowed to, as it stands in the address: linkable, and still there on the way back. "" and
 * empty lists match every run.
 */
export interface RunFilter {
  states: readonly string[]
  jobId: string
  workerId: string
  epoch: string
  /** The last hours, or between two instants; "" = any time. Both ends are ISO instants, the second exclusive. */
  range: RangeName | ''
  from: string
  before: string
  minMs: number
  maxMs: number
  minAttempt: number
  /** Started, or still waiting, longer than this after their time, in milliseconds. */
  laterMs: number
  errorText: string
  /** In the log; archives alone can be searched for it. */
  logText: string
}

/** Where in the list the page starts: at a cursor of Go's, at a time, or, with neither, at the newest. */
export interface RunPlace {
  cursor: string
  at: string
}

/** Time ranges that move with the clock, in milliseconds. */
export const RANGES = { '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const
export type RangeName = keyof typeof RANGES | 'custom'

export const NO_FILTER: RunFilter = {
  states: [],
  jobId: '',
  workerId: '',
  epoch: '',
  range: '',
  from: '',
  before: '',
  minMs: 0,
  maxMs: 0,
  minAttempt: 0,
  laterMs: 0,
  errorText: '',
  logText: '',
}

/** The filter as a query of the address; keys that match everything are left out. */
export function filterToQuery(filter: RunFilter, place?: Partial<RunPlace>): URLSearchParams {
  const custom = filter.range === 'custom'
  const entries: Record<string, string> = {
    state: filter.states.join(','),
    job: filter.jobId,
    worker: filter.workerId,
    epoch: filter.epoch,
    range: custom ? '' : filter.range,
    from: custom ? filter.from : '',
    before: custom ? filter.before : '',
    min: positive(filter.minMs),
    max: positive(filter.maxMs),
    attempt: positive(filter.minAttempt),
    later: positive(filter.laterMs),
    error: filter.errorText,
    log: filter.logText,
    at: place?.at ?? '',
    cursor: place?.cursor ?? '',
  }
  return new URLSearchParams(Object.entries(entries).filter(([, value]) => value !== ''))
}

/** Reads what filterToQuery wrote. What can't be read is left out: an old link still opens the list. */
export function filterFromQuery(query: URLSearchParams): RunFilter {
  const text = (key: string) => query.get(key) ?? ''
  const from = instant(text('from'))
  const before = instant(text('before'))
  const preset = text('range')
  const range = from !== '' || before !== '' ? 'custom' : isPreset(preset) ? preset : ''
  return {
    states: [...new Set(text('state').split(','))].filter((s) => s !== ''),
    jobId: digits(text('job')),
    workerId: text('worker'),
    epoch: digits(text('epoch')),
    range,
    from,
    before,
    minMs: number(text('min')),
    maxMs: number(text('max')),
    minAttempt: Math.floor(number(text('attempt'))),
    laterMs: number(text('later')),
    errorText: text('error'),
    logText: text('log'),
  }
}

/** The place that a query names. */
export function placeFromQuery(query: URLSearchParams): RunPlace {
  return { cursor: query.get('cursor') ?? '', at: instant(query.get('at') ?? '') }
}

/** The instants that the range means now. */
export function rangeAt(filter: RunFilter, now: Date): { createdFrom: string; createdBefore: string } {
  if (filter.range === '') return { createdFrom: '', createdBefore: '' }
  if (filter.range === 'custom') return { createdFrom: filter.from, createdBefore: filter.before }
  return { createdFrom: new Date(now.getTime() - RANGES[filter.range]).toISOString(), createdBefore: '' }
}

/** Whether anything is filtered at all. */
export function isFiltered(filter: RunFilter): boolean {
  return filterToQuery(filter).size > 0
}

/** The address of the list of runs with part of a filter, for links from other screens. */
export function runsLink(filter: Partial<RunFilter> = {}): string {
  const query = filterToQuery({ ...NO_FILTER, ...filter }).toString()
  return `#/ops/runs/${query === '' ? '' : `?${query}`}`
}

function isPreset(text: string): text is keyof typeof RANGES {
  return Object.hasOwn(RANGES, text)
}

function positive(n: number): string {
  return n > 0 ? String(n) : ''
}

function number(text: string): number {
  const n = Number(text)
  return Number.isFinite(n) && n > 0 ? n : 0
}

function digits(text: string): string {
  return /^\d{1,19}$/.test(text) ? text : ''
}

function instant(text: string): string {
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString()
}
