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

/** How far a second of playing goes, in milliseconds. */
export const PACES = { '1m': 60_000, '10m': 600_000, '1h': 3_600_000 } as const
export type Pace = keyof typeof PACES

/** The instant after a step, which ends with the window, and before that at the first of the moments in it. */
export function play(
  at: number,
  step: number,
  end: number,
  moments: readonly Moment[],
): { at: number; happened: Moment | undefined } {
  const then = Math.min(at + step, end)
  const next = neighbour(moments, at, 'after')
  return next && Date.parse(next.at) <= then
    ? { at: Date.parse(next.at), happened: next }
    : { at: then, happened: undefined }
}
