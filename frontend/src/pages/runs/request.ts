import type { ListRunsRequest, RunFilterRequest } from '../../api/runs.ts'
import type { Failure } from '../../lib/failure.ts'
import { type RunFilter, type RunPlace, rangeAt } from './filter.ts'

/** The filter as Go takes it; a range that moves with the clock is fixed at `now`. */
export function filterRequest(filter: RunFilter, now: Date): RunFilterRequest {
  return {
    ...rangeAt(filter, now),
    states: [...filter.states],
    jobId: filter.jobId,
    workerId: filter.workerId,
    epoch: filter.epoch,
    minDurationMs: filter.minMs,
    maxDurationMs: filter.maxMs,
    minAttempt: filter.minAttempt,
    laterThanMs: filter.laterMs,
    errorText: filter.errorText,
    logText: filter.logText,
  }
}

/** A page of the list as Go takes it. */
export function pageRequest(filter: RunFilter, place: RunPlace, size: number, now: Date): ListRunsRequest {
  return { filter: filterRequest(filter, now), cursor: place.cursor, at: place.at, size }
}

/** The field that a refused filter should be corrected at; undefined when it is none of them. */
export function fieldOf(failure: Failure): FilterField | undefined {
  return Object.hasOwn(FIELDS, failure.reason) ? FIELDS[failure.reason] : undefined
}

export type FilterField = 'range' | 'before' | 'max' | 'error' | 'log' | 'epoch'

const FIELDS: Readonly<Record<string, FilterField>> = {
  'runs.short_text': 'error',
  'runs.long_text': 'error',
  'runs.no_log_search': 'log',
  'archive.log_search': 'log',
  'runs.empty_range': 'before',
  'runs.empty_duration': 'max',
  'request.bad_time': 'before',
  'request.bad_id': 'epoch',
}
