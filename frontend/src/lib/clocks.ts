import type { PrintedTime } from './format.ts'
import { preferences } from './preferences.ts'

const pad = (n: number, width = 2) => String(n).padStart(width, '0')

/** An instant on this machine's clock, whatever the operator chose. */
export function localClock(at: Date): PrintedTime {
  const minutes = -at.getTimezoneOffset()
  const size = Math.abs(minutes)
  return {
    ...shifted(at, minutes),
    offset: `${minutes < 0 ? '−' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`,
  }
}

/** An instant in UTC, whatever the operator chose. */
export function utcClock(at: Date): PrintedTime {
  return { ...shifted(at, 0), offset: 'UTC' }
}

function shifted(at: Date, minutes: number) {
  const iso = new Date(at.getTime() + minutes * 60_000).toISOString()
  return { date: iso.slice(0, 10), time: iso.slice(11, 19), millis: iso.slice(20, 23) }
}

/** An instant as the value of a datetime-local field on the operator's clock, to the minute; "" for none. */
export function toField(wire: string): string {
  const at = new Date(wire)
  if (wire === '' || Number.isNaN(at.getTime())) return ''
  const clock = preferences().zone === 'utc' ? utcClock(at) : localClock(at)
  return `${clock.date}T${clock.time.slice(0, 5)}`
}

/** Reads a datetime-local field on the operator's clock as an ISO instant; "" for an empty or unfinished one. */
export function fromField(value: string): string {
  if (value === '') return ''
  const at = new Date(preferences().zone === 'utc' ? `${value}Z` : value)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}
