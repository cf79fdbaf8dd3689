import { visible } from '../../lib/hostile.ts'
import { preferences } from '../../lib/preferences.ts'
import { t } from '../../text/text.ts'

/** A schedule taken apart, as Go sends it. `weekday` counts from Monday = 0. */
export interface ScheduleShape {
  kind: string
  everyN: number
  hour: number
  minute: number
  weekday: number
  timezone: string
  eventTypes: readonly string[]
}

/** A schedule in words: when it fires, what is special about that, and on which clock. */
export interface ScheduleWords {
  when: string
  note?: string
  zone?: string
}

const pad = (n: number) => String(n).padStart(2, '0')

/** Says when a schedule fires. Undefined for one that can't be read: the reason is told instead. */
export function scheduleWords(shape: ScheduleShape): ScheduleWords | undefined {
  const at = `${pad(shape.hour)}:${pad(shape.minute)}`
  const zone = { zone: visible(shape.timezone) }
  switch (shape.kind) {
    case 'every_n_minutes':
      return { ...interval(shape.everyN), ...zone }
    case 'hourly':
      return { when: t('jobs.schedule.hourly', { minute: pad(shape.minute) }), ...zone }
    case 'daily':
      return { when: t('jobs.schedule.daily', { at }), ...zone }
    case 'weekdays':
      return { when: t('jobs.schedule.weekdays', { at }), ...zone }
    case 'weekly':
      return { when: t('jobs.schedule.weekly', { day: weekdayName(shape.weekday), at }), ...zone }
    case 'event':
      return { when: t('jobs.schedule.event', { types: eventList(shape.eventTypes) }) }
    default:
      return undefined
  }
}

/**
 * "Every n minutes" means the minutes of the hour that n divides. It is what it says only where n divides 60: otherwise
 * the last stretch of each hour is shorter, and from 60 on only the full hour is left.
 */
function interval(n: number): ScheduleWords {
  if (n >= 60) {
    const when = t('jobs.schedule.fullHour')
    return n === 60 ? { when } : { when, note: t('jobs.schedule.fullHour.note', { minutes: n }) }
  }
  const when = n === 1 ? t('jobs.schedule.everyMinute') : t('jobs.schedule.everyN', { n })
  if (60 % n === 0) return { when }
  const minutes = Array.from({ length: Math.ceil(60 / n) }, (_, i) => `:${pad(i * n)}`)
  const shown = minutes.length > 4 ? [...minutes.slice(0, 2), '…', ...minutes.slice(-1)] : minutes
  return { when, note: t('jobs.schedule.uneven.note', { minutes: shown.join('\u00a0') }) }
}

/** The name of a weekday, Monday = 0. */
export function weekdayName(day: number): string {
  const monday = Date.UTC(2026, 0, 5)
  return new Intl.DateTimeFormat(preferences().language, { weekday: 'long', timeZone: 'UTC' }).format(
    monday + day * 86_400_000,
  )
}

function eventList(types: readonly string[]): string {
  return new Intl.ListFormat(preferences().language, { type: 'disjunction' }).format(types.map((type) => visible(type)))
}

/** Whether the JSON of a schedule names a clock of its own; without one it is read in UTC. */
export function namesTimezone(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && Object.hasOwn(value, 'timezone')
  } catch {
    return false
  }
}
