/** The tallest element that every browser lays out exactly; WebKit gives up at 33.5 million pixels. */
const TALLEST = 8_000_000

/**
 * Maps a scroll bar onto rows of one height. Up to TALLEST pixels it is the identity; beyond, a pixel of the bar stands
 * for more than a pixel of rows.
 */
export interface RowScroll {
  /** The height of the element that the scroll bar belongs to, in pixels. */
  readonly height: number
  /** Whether a pixel of the bar is more than a pixel of rows, so that wheel and keys need help. */
  readonly scaled: boolean
  /** The last position that still fills the view, in rows. */
  readonly last: number
  rowAt(scrollTop: number): number
  scrollTopOf(row: number): number
}

export function rowScroll(rows: number, rowHeight: number, view: number): RowScroll {
  const full = rows * rowHeight
  const height = Math.min(full, TALLEST)
  const last = Math.max(0, (full - view) / rowHeight)
  const track = Math.max(0, height - view)
  const clamp = (row: number) => Math.min(last, Math.max(0, row))
  const scaled = full > TALLEST
  return {
    height,
    scaled,
    last,
    rowAt: (scrollTop) => clamp(scaled ? (scrollTop / track) * last : scrollTop / rowHeight),
    scrollTopOf: (row) => (scaled ? (clamp(row) / (last || 1)) * track : clamp(row) * rowHeight),
  }
}
