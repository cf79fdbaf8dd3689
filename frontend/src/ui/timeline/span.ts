/** A stretch of time on screen, in milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What one may look at: nothing narrower or wider, nothing outside. */
export interface Limits {
  readonly min: number
  readonly max: number
  readonly earliest: number
  readonly latest: number
}

export const width = (span: Span) => span.to - span.from

/** Makes a span wider (factor above 1) or narrower around a share of it, which keeps its place on screen. */
export function zoom(span: Span, factor: number, share: number, limits: Limits): Span {
  const old = width(span)
  const next = Math.min(limits.max, Math.max(limits.min, old * factor))
  const pivot = span.from + old * share
  return inside({ from: pivot - next * share, to: pivot + next * (1 - share) }, limits)
}

/** Moves a span by a share of its own width. */
export function pan(span: Span, share: number, limits: Limits): Span {
  const by = width(span) * share
  return inside({ from: span.from + by, to: span.to + by }, limits)
}

/** Puts a span within the limits; where that is needed it is moved rather than cut. */
export function inside(span: Span, limits: Limits): Span {
  const size = Math.min(width(span), limits.latest - limits.earliest)
  if (span.from < limits.earliest) return { from: limits.earliest, to: limits.earliest + size }
  if (span.to > limits.latest) return { from: limits.latest - size, to: limits.latest }
  return { from: span.from, to: span.from + size }
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Distances between ticks that people count in. */
const STEPS = [
  SECOND,
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
]

export interface Ticks {
  readonly step: number
  readonly at: readonly number[]
}

/** Where ticks stand: at most `most` of them, on whole steps of a clock that is `offset` milliseconds ahead of UTC. */
export function ticks(span: Span, most: number, offset: number): Ticks {
  const wanted = width(span) / Math.max(1, most)
  const step = STEPS.find((s) => s >= wanted) ?? DAY * Math.ceil(wanted / DAY)
  const at: number[] = []
  for (let t = Math.ceil((span.from + offset) / step) * step - offset; t <= span.to; t += step) at.push(t)
  return { step, at }
}
