/** The moments of a run, in the order in which they should come. */
export const MOMENTS = ['scheduled', 'assigned', 'started', 'finished'] as const
export type Moment = (typeof MOMENTS)[number]

/** What a run does between two moments. */
export type Phase = 'early' | 'unassigned' | 'unstarted' | 'running' | 'over' | 'ahead'

/** The known times of a run in milliseconds. `now` closes the last stretch of a run that still goes on. */
export type RunTimes = Partial<Record<Moment | 'now', number>>

/** A stretch of the bar: where it starts and how wide it is, as shares of the whole. */
export interface Stretch {
  phase: Phase
  millis: number
  start: number
  width: number
}

/** A moment that is known: where it stands on the bar, and how long after the moment before it. */
export interface Mark {
  moment: Moment
  at: number
  place: number
  /** Since the known moment that should come before; negative when it came earlier. */
  after?: { moment: Moment; millis: number }
}

export interface Timeline {
  marks: Mark[]
  stretches: Stretch[]
  /** The run finished before it started, say: times come from several hosts, and their clocks may differ. */
  disordered: boolean
}

/** No stretch that lasted at all is drawn narrower than this share. */
const LEAST = 0.015

/**
 * Lays the moments of a run out on a bar from 0 to 1. Missing moments are left out, and moments in another order than
 * they should come stand where their times say, so that nothing ever lies outside of the bar.
 */
export function timeline(times: RunTimes): Timeline {
  const known = MOMENTS.flatMap((moment) => {
    const at = times[moment]
    return at === undefined || !Number.isFinite(at) ? [] : [{ moment, at }]
  })
  const points: { moment: Moment | 'now'; at: number }[] = [...known]
  if (times.now !== undefined && times.finished === undefined) points.push({ moment: 'now', at: times.now })
  points.sort((a, b) => a.at - b.at) // stable: moments at the same instant keep their order

  const reached = new Set<Moment | 'now'>()
  const lengths = points.slice(1).map((next, i) => {
    const from = points[i] ?? next
    reached.add(from.moment)
    return { phase: phaseAfter(reached), millis: next.at - from.at }
  })
  const stretches = place(lengths)
  const places = [0, ...stretches.map((s) => s.start + s.width)]
  const placeOf = (moment: Moment) => places[points.findIndex((p) => p.moment === moment)] ?? 0

  return {
    marks: known.map(({ moment, at }, i) => {
      const before = known[i - 1]
      const mark = { moment, at, place: placeOf(moment) }
      return before ? { ...mark, after: { moment: before.moment, millis: at - before.at } } : mark
    }),
    stretches: stretches.filter((s) => s.width > 0),
    // Being assigned ahead of time is how schedulers work; every other reversal is not.
    disordered: inverted(times.assigned, times.started) || inverted(times.started, times.finished),
  }
}

function inverted(first: number | undefined, second: number | undefined): boolean {
  return first !== undefined && second !== undefined && second < first
}

function phaseAfter(reached: ReadonlySet<Moment | 'now'>): Phase {
  if (reached.has('now')) return 'ahead'
  if (reached.has('finished')) return 'over'
  if (reached.has('started')) return 'running'
  if (!reached.has('assigned')) return 'unassigned'
  return reached.has('scheduled') ? 'unstarted' : 'early'
}

/** Shares by length, with room kept for short stretches; the widths add up to 1 unless nothing lasted. */
function place(lengths: readonly { phase: Phase; millis: number }[]): Stretch[] {
  const total = lengths.reduce((sum, l) => sum + l.millis, 0)
  const wanted = lengths.map((l) => (l.millis > 0 ? Math.max(LEAST, l.millis / total) : 0))
  const sum = wanted.reduce((a, b) => a + b, 0)
  let start = 0
  return lengths.map((l, i) => {
    const width = sum === 0 ? 0 : (wanted[i] ?? 0) / sum
    const stretch = { ...l, start, width }
    start += width
    return stretch
  })
}
