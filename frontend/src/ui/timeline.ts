import { printTime } from '../lib/format.ts'
import { nowShown } from '../lib/moment.ts'
import { preferences } from '../lib/preferences.ts'
import { onTheme } from '../lib/theme.ts'
import { type Bar, barAt, type Layout, layOut, type TimelineModel } from './timeline/model.ts'
import { GUTTER, HEAD, type Palette, paint, paletteOf } from './timeline/paint.ts'
import { type Limits, pan, type Span, width, zoom } from './timeline/span.ts'

export type { Band, Bar, Kind, Lane, TimelineModel } from './timeline/model.ts'
export { inside, type Limits, type Span, width } from './timeline/span.ts'

export interface TimelineOptions {
  /** The accessible name. */
  label: string
  /** Says how it is worked by keyboard; the id of an element. */
  describedBy: string
  limits: Limits
  span: Span
  /** What is looked at changed, by the operator's hand. */
  onSpan(span: Span): void
  onPick(id: string): void
}

export interface TimelineView {
  readonly element: HTMLElement
  draw(model: TimelineModel): void
  /** Looks at another stretch, without telling onSpan. */
  show(span: Span): void
  limit(limits: Limits): void
  span(): Span
}

/** How far a key or a notch of the wheel goes. */
const KEY_PAN = 0.2
const KEY_ZOOM = 1.5
/** How near the pointer has to be to a bar, in pixels. */
const REACH = 4

/**
 * Lanes over time on a canvas: thousands of bars that follow the hand. The wheel zooms around the pointer, dragging
 * moves, a click opens; the keys do the same. What it shows stands as a list beside it, for who can't see it.
 */
export function createTimeline(host: HTMLElement, signal: AbortSignal, options: TimelineOptions): TimelineView {
  const element = document.createElement('div')
  element.className = 'ops-lanes'
  element.tabIndex = 0
  element.setAttribute('role', 'application')
  element.setAttribute('aria-label', options.label)
  element.setAttribute('aria-describedby', options.describedBy)
  const canvas = document.createElement('canvas')
  canvas.className = 'ops-lanes-canvas'
  canvas.setAttribute('aria-hidden', 'true')
  const spacer = document.createElement('div')
  const tip = document.createElement('div')
  tip.className = 'ops-lanes-tip'
  tip.hidden = true
  element.append(canvas, spacer, tip)
  host.append(element)

  const context = canvas.getContext('2d')
  let model: TimelineModel = { kinds: [], lanes: [], bands: [] }
  let layout: Layout = layOut([])
  let palette: Palette = paletteOf(model, context)
  let { span, limits } = options
  let marked: Bar | undefined
  let size = { width: 0, height: 0, ratio: 1 }
  let frame = 0

  function redraw(): void {
    if (frame === 0 && !signal.aborted) frame = requestAnimationFrame(draw)
  }

  function draw(): void {
    frame = 0
    if (!context || size.width === 0) return
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0)
    const offset = preferences().zone === 'utc' ? 0 : -new Date(span.from).getTimezoneOffset() * 60_000
    paint(
      context,
      { model, layout, span, now: nowShown().getTime(), scroll: element.scrollTop, marked, offset, print, ...size },
      palette,
    )
  }

  function measure(): void {
    const { clientWidth, clientHeight } = element
    const ratio = window.devicePixelRatio || 1
    size = { width: clientWidth, height: clientHeight, ratio }
    canvas.width = Math.round(clientWidth * ratio)
    canvas.height = Math.round(clientHeight * ratio)
    canvas.style.setProperty('width', `${clientWidth}px`)
    canvas.style.setProperty('height', `${clientHeight}px`)
    stretch()
    draw()
  }

  /** Below the canvas, which stays in sight: as much as the lanes need more. */
  function stretch(): void {
    spacer.style.setProperty('height', `${Math.max(0, layout.height + HEAD - size.height)}px`)
  }

  function move(next: Span): void {
    if (next.from === span.from && next.to === span.to) return
    span = next
    hideTip()
    redraw()
    options.onSpan(span)
  }

  const timeAt = (x: number) => span.from + ((x - GUTTER) / (size.width - GUTTER)) * width(span)
  const shareAt = (x: number) => Math.min(1, Math.max(0, (x - GUTTER) / Math.max(1, size.width - GUTTER)))
  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const barOf = (event: MouseEvent) => {
    const { x, y } = place(event)
    if (x < GUTTER || y < HEAD) return undefined
    const slack = (REACH / (size.width - GUTTER)) * width(span)
    return barAt(layout, y - HEAD + element.scrollTop, timeAt(x), slack, nowShown().getTime())
  }

  function hideTip(): void {
    tip.hidden = true
    marked = undefined
  }

  function showTip(bar: Bar, event: MouseEvent): void {
    const { x, y } = place(event)
    tip.textContent = bar.label()
    tip.hidden = false
    const left = Math.min(x + 14, Math.max(GUTTER, size.width - tip.offsetWidth - 8))
    const below = y + 18 + tip.offsetHeight < size.height
    tip.style.setProperty('left', `${left}px`)
    tip.style.setProperty('top', `${element.scrollTop + (below ? y + 18 : Math.max(HEAD, y - tip.offsetHeight - 8))}px`)
  }

  let drag: { x: number; y: number; span: Span; scroll: number; moved: boolean } | undefined
  element.addEventListener(
    'wheel',
    (event) => {
      if (event.shiftKey || event.altKey) return // scrolls the lanes
      event.preventDefault()
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY)
      const notch = event.deltaMode === 1 ? 30 : 1
      if (sideways) move(pan(span, (event.deltaX * notch) / size.width, limits))
      else move(zoom(span, Math.exp(event.deltaY * notch * 0.0015), shareAt(place(event).x), limits))
    },
    { passive: false, signal },
  )
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return
      const { x, y } = place(event)
      if (x > size.width) return // the scroll bar
      drag = { x, y, span, scroll: element.scrollTop, moved: false }
      element.setPointerCapture(event.pointerId)
    },
    { signal },
  )
  element.addEventListener(
    'pointermove',
    (event) => {
      const { x, y } = place(event)
      if (drag) {
        if (Math.abs(x - drag.x) + Math.abs(y - drag.y) > REACH) drag.moved = true
        if (!drag.moved) return
        element.scrollTop = drag.scroll - (y - drag.y)
        move(pan(drag.span, (drag.x - x) / (size.width - GUTTER), limits))
        return
      }
      const bar = barOf(event)
      element.classList.toggle('ops-lanes-over', bar !== undefined && bar.id !== '')
      if (bar) showTip(bar, event)
      else tip.hidden = true
      if (bar !== marked) {
        marked = bar
        redraw()
      }
    },
    { signal },
  )
  element.addEventListener(
    'pointerup',
    (event) => {
      const clicked = drag && !drag.moved ? barOf(event) : undefined
      drag = undefined
      if (clicked && clicked.id !== '') options.onPick(clicked.id)
    },
    { signal },
  )
  element.addEventListener('pointercancel', () => (drag = undefined), { signal })
  element.addEventListener(
    'pointerleave',
    () => {
      hideTip()
      redraw()
    },
    { signal },
  )
  element.addEventListener('scroll', redraw, { signal })
  element.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const act: Readonly<Record<string, () => void>> = {
        ArrowLeft: () => move(pan(span, -KEY_PAN, limits)),
        ArrowRight: () => move(pan(span, KEY_PAN, limits)),
        '+': () => move(zoom(span, 1 / KEY_ZOOM, 0.5, limits)),
        '=': () => move(zoom(span, 1 / KEY_ZOOM, 0.5, limits)),
        '-': () => move(zoom(span, KEY_ZOOM, 0.5, limits)),
        '0': () => move(zoom({ from: limits.earliest, to: limits.latest }, 1, 0.5, limits)),
      }
      const run = Object.hasOwn(act, event.key) ? act[event.key] : undefined
      if (!run) return // up, down and page keys scroll the lanes
      event.preventDefault()
      run()
    },
    { signal },
  )

  const watcher = new ResizeObserver(measure)
  watcher.observe(element)
  onTheme(signal, () => {
    palette = paletteOf(model, context)
    redraw()
  })
  const clock = setInterval(redraw, 1000)
  signal.addEventListener('abort', () => {
    clearInterval(clock)
    cancelAnimationFrame(frame)
    watcher.disconnect()
    element.remove()
  })

  return {
    element,
    draw(next) {
      model = next
      layout = layOut(next.lanes)
      palette = paletteOf(next, context)
      stretch()
      marked = undefined
      redraw()
    },
    show(next) {
      span = next
      redraw()
    },
    limit(next) {
      limits = next
    },
    span: () => span,
  }
}

/** The date where a step is a day or more, otherwise the time, with seconds where they tell ticks apart. */
function print(time: number, step: number): string {
  const at = new Date(time)
  const printed = printTime(at)
  if (step >= 86_400_000) return printed.date.slice(5)
  const clock = printed.time.slice(0, step < 60_000 ? 8 : 5)
  return clock === '00:00' ? `${printed.date.slice(5)} ${clock}` : clock
}
