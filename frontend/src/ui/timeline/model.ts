/** A bar on a lane. Times are milliseconds; an end of -1 goes on until now. */
export interface Bar {
  readonly id: string
  readonly from: number
  readonly to: number
  /** Place in the model's kinds. */
  readonly kind: number
  /** Said in the tooltip. */
  readonly label: () => string
}

/** How bars of one kind look: a colour, a height, and perhaps a pattern, so that no colour is needed to tell them apart. */
export interface Kind {
  readonly token: string
  /** Share of the row's height. */
  readonly height: number
  readonly pattern?: 'stripes' | 'hollow'
}

export interface Lane {
  readonly name: string
  /** Quieter, as of a worker that is gone. */
  readonly soft?: boolean
  readonly bars: readonly Bar[]
}

/** A stretch behind all lanes, such as a leader's term. */
export interface Band {
  readonly from: number
  readonly to: number
  readonly label: string
}

export interface TimelineModel {
  readonly kinds: readonly Kind[]
  readonly lanes: readonly Lane[]
  readonly bands: readonly Band[]
}

/** A lane as it is drawn: its bars in rows, by their start. */
export interface LaidLane {
  readonly lane: Lane
  readonly top: number
  readonly height: number
  readonly rows: readonly (readonly Bar[])[]
}

export interface Layout {
  readonly lanes: readonly LaidLane[]
  readonly height: number
}

/** Height of a row of bars and the room around a lane's rows, in pixels. */
export const ROW = 14
export const PAD = 4
/** Bars that overlap stand in rows below each other, up to this many. */
const MOST_ROWS = 4

/** Puts overlapping bars into rows and lanes below each other. */
export function layOut(lanes: readonly Lane[]): Layout {
  let top = 0
  const laid = lanes.map((lane): LaidLane => {
    const rows: Bar[][] = [[]]
    const ends: number[] = []
    for (const bar of [...lane.bars].sort((a, b) => a.from - b.from)) {
      const end = bar.to < 0 ? Number.POSITIVE_INFINITY : bar.to
      let row = ends.findIndex((e) => e <= bar.from)
      if (row < 0) row = ends.length < MOST_ROWS ? ends.length : MOST_ROWS - 1
      ends[row] = Math.max(ends[row] ?? 0, end)
      const list = rows[row] ?? []
      list.push(bar)
      rows[row] = list
    }
    const height = Math.max(1, rows.length) * ROW + 2 * PAD
    const placed = { lane, top, height, rows }
    top += height
    return placed
  })
  return { lanes: laid, height: top }
}

/** The first bar of a row, which is sorted by start, that begins at or after a time. */
export function firstFrom(row: readonly Bar[], time: number): number {
  let low = 0
  let high = row.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((row[middle]?.from ?? 0) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The bar at a place: of those within reach of the pointer the nearest. */
export function barAt(layout: Layout, y: number, time: number, slack: number, now: number): Bar | undefined {
  const laid = layout.lanes.find((l) => y >= l.top && y < l.top + l.height)
  if (!laid) return undefined
  const row = laid.rows[Math.floor((y - laid.top - PAD) / ROW)]
  if (!row) return undefined
  let best: Bar | undefined
  let distance = slack
  for (let i = firstFrom(row, time + slack) - 1; i >= 0; i--) {
    const bar = row[i]
    if (!bar) break
    const end = bar.to < 0 ? now : bar.to
    const off = time < bar.from ? bar.from - time : time > end ? time - end : 0
    if (off <= distance) {
      best = bar
      distance = off
      if (off === 0) break
    }
    // A row's bars don't overlap but in the last one, which holds what fits nowhere.
    if (end < time - slack && laid.rows.length < MOST_ROWS) break
  }
  return best
}
