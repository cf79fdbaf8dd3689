import type { Moment } from '../../api/archive.ts'

/** How many positions the slider has. */
export const POSITIONS = 2000

export interface Span {
  readonly from: number
  readonly to: number
}

/** The instant of a position of the slider, in milliseconds. */
export function instantOf(position: number, { from, to }: Span): number {
  return position >= POSITIONS ? to : Math.round(from + ((to - from) * position) / POSITIONS)
}

/** The position of the slider that is nearest to an instant. */
export function positionOf(at: number, { from, to }: Span): number {
  if (to <= from) return POSITIONS
  const share = (Math.min(Math.max(at, from), to) - from) / (to - from)
  return Math.round(share * POSITIONS)
}

/** The moment before or after an instant; undefined where there is none. */
export function neighbour(moments: readonly Moment[], at: number, way: 'before' | 'after'): Moment | undefined {
  if (way === 'after') return moments.find((m) => Date.parse(m.at) > at)
  return moments.findLast((m) => Date.parse(m.at) < at)
}
