import { splitOnce } from './router.ts'

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 }
/** How long the timeline is that no address says more of, and where the present stands in it. */
const TIMELINE = 2 * 3_600_000
const PRESENT = 0.8

/**
 * The route of a screen of a live environment as it was at a moment: ranges that move with the clock are fixed there, and a list
 * of runs begins there. `dated` tells whether the screen can show that moment, or only the present.
 */
export function anchored(route: string, moment: Date): { route: string; dated: boolean } {
  const [path = '/', search = ''] = splitOnce(route, '?')
  const query = new URLSearchParams(search)
  const at = (ms: number) => new Date(ms).toISOString()
  const now = moment.getTime()
  const parts = path.split('/').filter((part) => part !== '')
  const screen = parts[1] ?? ''
  if (screen === 'timeline' && !query.has('from')) {
    const span = Number(query.get('span')) || TIMELINE
    query.delete('span')
    query.set('from', at(now - span * PRESENT))
    query.set('to', at(now + span * (1 - PRESENT)))
  } else if (['runs', 'expected', 'events', 'audit'].includes(screen) && parts.length === 2) {
    const range = lengthOf(query.get('range') ?? (screen === 'expected' ? '24h' : ''))
    if (range > 0 && !query.has('from')) {
      query.delete('range')
      query.set('from', at(now - range))
      query.set('before', at(now))
    } else if (screen === 'runs' && !['from', 'before', 'at', 'cursor'].some((name) => query.has(name))) {
      query.set('at', at(now))
    }
  }
  const text = query.toString()
  return { route: `${path}${text === '' ? '' : `?${text}`}`, dated: !['', 'workers', 'failures'].includes(screen) }
}

/** How long a range such as "24h" or "7d" is, in milliseconds; 0 = it is none. */
function lengthOf(range: string): number {
  const [, n, unit] = /^(\d{1,3})([hd])$/.exec(range) ?? []
  return Number(n ?? 0) * (UNITS[unit ?? ''] ?? 0)
}
