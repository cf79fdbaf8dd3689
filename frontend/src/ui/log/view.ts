import { html, render } from 'lit-html'
import type { RowCache } from '../../lib/rowcache.ts'
import { rowScroll } from '../../lib/scroll.ts'
import { logRow, type ShownRow } from './row.ts'

export interface LogView {
  readonly element: HTMLElement
  /** Draws what is in sight, in the next frame. */
  draw(): void
  /** Brings a row to the middle, and marks it. */
  show(row: number): void
  toEnd(): void
  /** The row at the top. */
  top(): number
  current: number | undefined
  wanted: string
  /** Whether long rows go on below instead of beside. */
  wrap: boolean
  times: boolean
}

/** Rows that are asked for beyond those in sight, so that scrolling finds them there. */
const AROUND = 60

/** The scrolling part of a log viewer: only the rows in sight are in the document. */
export function createLogView(
  rows: RowCache<ShownRow>,
  signal: AbortSignal,
  label: string,
  onUserScroll: (atEnd: boolean) => void,
): LogView {
  const element = document.createElement('div')
  element.className = 'ops-log-view'
  element.tabIndex = 0
  element.setAttribute('role', 'region')
  element.setAttribute('aria-label', label)
  const spacer = document.createElement('div')
  spacer.className = 'ops-log-spacer'
  const box = document.createElement('div')
  box.className = 'ops-log-rows'
  spacer.append(box)
  element.append(spacer)

  let top = 0
  let frame = 0
  let own = 0
  let rowHeight = 0

  const scroll = () => rowScroll(rows.length, rowHeight, element.clientHeight)

  function measure(): void {
    rowHeight = Number.parseFloat(getComputedStyle(element).getPropertyValue('--ops-log-row')) || 18
  }

  function drawNow(): void {
    frame = 0
    if (rowHeight === 0) measure()
    const map = scroll()
    top = Math.min(top, map.last)
    spacer.style.height = `${map.height}px`
    own = map.scrollTopOf(top)
    if (Math.abs(element.scrollTop - own) >= 1) element.scrollTop = own
    const first = Math.floor(top)
    const count = Math.ceil(element.clientHeight / rowHeight) + 1
    rows.want(first - AROUND, first + count + AROUND)
    const inSight = Array.from({ length: Math.max(0, Math.min(count, rows.length - first)) }, (_, i) => first + i)
    const look = { wanted: view.wanted, times: view.times }
    element.classList.toggle('ops-log-wrap', view.wrap)
    render(html`${inSight.map((row) => logRow(rows.get(row), row, { ...look, current: row === view.current }))}`, box)
    // Wrapped rows are higher than the scroll bar counts: at the end it is their end that is shown.
    const over = view.wrap && top >= map.last ? Math.max(0, box.offsetHeight - element.clientHeight) : 0
    box.style.transform = `translateY(${own - over - (view.wrap ? 0 : (top - first) * rowHeight)}px)`
  }

  function draw(): void {
    if (frame === 0 && !signal.aborted) frame = requestAnimationFrame(drawNow)
  }

  function moveTo(row: number): void {
    top = Math.max(0, row)
    draw()
  }

  function moveByHand(row: number): void {
    const { last } = scroll()
    moveTo(Math.min(row, last))
    onUserScroll(row >= last - 0.5)
  }

  element.addEventListener(
    'scroll',
    () => {
      if (Math.abs(element.scrollTop - own) < 1) return
      moveByHand(scroll().rowAt(element.scrollTop))
    },
    { signal },
  )
  element.addEventListener(
    'wheel',
    (event) => {
      if (!scroll().scaled || event.deltaY === 0) return
      event.preventDefault()
      moveByHand(top + event.deltaY / rowHeight)
    },
    { signal, passive: false },
  )
  element.addEventListener(
    'keydown',
    (event) => {
      const page = Math.max(1, Math.floor(element.clientHeight / rowHeight) - 1)
      const to = {
        ArrowUp: top - 1,
        ArrowDown: top + 1,
        PageUp: top - page,
        PageDown: top + page,
        Home: 0,
        End: Number.POSITIVE_INFINITY,
      }[event.key]
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      moveByHand(to)
    },
    { signal },
  )
  const resizes = new ResizeObserver(draw)
  resizes.observe(element)
  signal.addEventListener('abort', () => {
    resizes.disconnect()
    cancelAnimationFrame(frame)
  })

  const view: LogView = {
    element,
    draw,
    show(row) {
      view.current = row
      moveTo(row - Math.floor(element.clientHeight / rowHeight / 2))
    },
    toEnd: () => moveTo(scroll().last),
    top: () => Math.floor(top),
    current: undefined,
    wanted: '',
    wrap: false,
    times: false,
  }
  return view
}
