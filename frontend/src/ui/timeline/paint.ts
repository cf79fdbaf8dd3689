import { token } from '../../lib/theme.ts'
import { type Bar, firstFrom, type Layout, PAD, ROW, type TimelineModel } from './model.ts'
import { type Span, ticks, width } from './span.ts'

/** The room of the names on the left, of the bands and of the axis on top, in pixels. */
export const GUTTER = 132
export const BANDS = 20
export const AXIS = 20
export const HEAD = BANDS + AXIS
/** A bar is never narrower: a run of a second is still something to see. */
const LEAST = 2
/** From this width on a bar shows its stripes. */
const STRIPED = 7

export interface Scene {
  readonly model: TimelineModel
  readonly layout: Layout
  readonly span: Span
  readonly now: number
  readonly scroll: number
  readonly width: number
  readonly height: number
  readonly marked: Bar | undefined
  /** Of the clock that the axis shows, in milliseconds ahead of UTC. */
  readonly offset: number
  /** What stands at a tick. */
  print(time: number, step: number): string
}

/** The colours and faces of the theme in force, read once and not at every frame. */
export interface Palette {
  readonly fg: string
  readonly muted: string
  readonly border: string
  readonly surface: string
  readonly hover: string
  readonly accent: string
  readonly danger: string
  readonly font: string
  readonly kinds: readonly string[]
  /** For kinds with stripes: what they are filled with. */
  readonly stripes: readonly (CanvasPattern | undefined)[]
}

export function paletteOf(model: TimelineModel, context: CanvasRenderingContext2D | null): Palette {
  const surface = token('--ops-surface')
  return {
    fg: token('--ops-fg'),
    muted: token('--ops-muted'),
    border: token('--ops-border'),
    surface,
    hover: token('--ops-surface-hover'),
    accent: token('--ops-accent'),
    danger: token('--ops-danger'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    kinds: model.kinds.map((k) => token(k.token)),
    stripes: model.kinds.map((k) =>
      k.pattern === 'stripes' && context ? stripes(context, token(k.token), surface) : undefined,
    ),
  }
}

/** Draws everything that is in sight, and nothing else. */
export function paint(context: CanvasRenderingContext2D, scene: Scene, palette: Palette): void {
  const { width: w, height: h } = scene
  const scale = (w - GUTTER) / width(scene.span)
  const x = (time: number) => GUTTER + (time - scene.span.from) * scale
  context.clearRect(0, 0, w, h)
  context.font = palette.font
  context.textBaseline = 'middle'

  context.save()
  context.beginPath()
  context.rect(0, HEAD, w, h - HEAD)
  context.clip()
  lanes(context, scene, palette)
  context.beginPath()
  context.rect(GUTTER, HEAD, w - GUTTER, h - HEAD)
  context.clip()
  grid(context, scene, palette, x)
  bars(context, scene, palette, x, scale)
  context.restore()

  bands(context, scene, palette, x)
  axis(context, scene, palette, x)
  nowLine(context, scene, palette, x)
}

function lanes(context: CanvasRenderingContext2D, scene: Scene, palette: Palette): void {
  for (const [i, laid] of scene.layout.lanes.entries()) {
    const top = HEAD + laid.top - scene.scroll
    if (top > scene.height || top + laid.height < HEAD) continue
    if (i % 2 === 1) {
      context.fillStyle = palette.hover
      context.fillRect(0, top, scene.width, laid.height)
    }
    context.fillStyle = laid.lane.soft ? palette.muted : palette.fg
    context.fillText(fitted(context, laid.lane.name, GUTTER - 14), 8, top + laid.height / 2)
  }
  context.fillStyle = palette.border
  context.fillRect(GUTTER - 1, HEAD, 1, scene.height)
}

function grid(context: CanvasRenderingContext2D, scene: Scene, palette: Palette, x: (t: number) => number): void {
  // Quieter than the frame: in high contrast borders are as strong as text.
  context.globalAlpha = 0.45
  context.fillStyle = palette.border
  for (const t of tickList(scene).at) context.fillRect(Math.round(x(t)), HEAD, 1, scene.height)
  context.globalAlpha = 1
}

const tickList = (scene: Scene) => ticks(scene.span, (scene.width - GUTTER) / 90, scene.offset)

/**
 * Bars are gathered by kind, so that a colour is set once, and filled as plain rectangles: a path of thousands costs ten
 * times as much. Where many fall on the same pixels, one stands for all: what can't be told apart needn't be drawn twice.
 */
function bars(
  context: CanvasRenderingContext2D,
  scene: Scene,
  palette: Palette,
  x: (t: number) => number,
  scale: number,
): void {
  const kinds = scene.model.kinds
  const boxes: number[][] = kinds.map(() => [])
  const { from, to } = scene.span
  for (const laid of scene.layout.lanes) {
    const top = HEAD + laid.top - scene.scroll
    if (top > scene.height || top + laid.height < HEAD) continue
    for (const [r, row] of laid.rows.entries()) {
      const y = top + PAD + r * ROW
      const drawn: number[] = kinds.map(() => Number.NEGATIVE_INFINITY)
      // The one before the first in sight may reach in.
      for (let i = Math.max(0, firstFrom(row, from) - 1); i < row.length; i++) {
        const bar = row[i]
        if (!bar || bar.from > to) break
        const end = bar.to < 0 ? scene.now : bar.to
        if (end < from) continue
        const left = Math.round(Math.max(x(bar.from), GUTTER - 4))
        const right = Math.round(Math.min(x(bar.from) + (end - bar.from) * scale, scene.width + 8))
        const size = Math.max(LEAST, right - left)
        if (left + size <= (drawn[bar.kind] ?? 0)) continue
        drawn[bar.kind] = left + size
        const height = Math.round((ROW - 2) * (kinds[bar.kind]?.height ?? 1))
        boxes[bar.kind]?.push(left, Math.round(y + (ROW - 2 - height) / 2), size, height)
      }
    }
  }
  for (const [kind, list] of boxes.entries()) {
    const colour = palette.kinds[kind] ?? palette.fg
    const look = kinds[kind]
    const each = (draw: (x: number, y: number, w: number, h: number) => void) => {
      for (let i = 0; i < list.length; i += 4) draw(list[i] ?? 0, list[i + 1] ?? 0, list[i + 2] ?? 0, list[i + 3] ?? 0)
    }
    if (look?.pattern === 'hollow') {
      context.strokeStyle = colour
      context.lineWidth = 1
      each((bx, by, w, h) => context.strokeRect(bx + 0.5, by + 0.5, w - 1, h - 1))
      continue
    }
    context.fillStyle = colour
    each((bx, by, w, h) => context.fillRect(bx, by, w, h))
    const pattern = look?.pattern === 'stripes' ? palette.stripes[kind] : undefined
    if (!pattern) continue
    // A sliver would be all gap: stripes begin where there is room for one.
    context.fillStyle = pattern
    each((bx, by, w, h) => w >= STRIPED && context.fillRect(bx, by, w, h))
  }
  if (scene.marked) mark(context, scene, palette, x, scene.marked)
}

/** A tile of slanted stripes in a colour. */
function stripes(context: CanvasRenderingContext2D, colour: string, gap: string): CanvasPattern | undefined {
  const tile = document.createElement('canvas')
  tile.width = 6
  tile.height = 6
  const brush = tile.getContext('2d')
  if (!brush) return undefined
  brush.fillStyle = colour
  brush.fillRect(0, 0, 6, 6)
  brush.strokeStyle = gap
  brush.lineWidth = 1.5
  for (const shift of [-6, 0, 6]) {
    brush.beginPath()
    brush.moveTo(shift, 6)
    brush.lineTo(shift + 6, 0)
    brush.stroke()
  }
  return context.createPattern(tile, 'repeat') ?? undefined
}

function mark(
  context: CanvasRenderingContext2D,
  scene: Scene,
  palette: Palette,
  x: (t: number) => number,
  bar: Bar,
): void {
  for (const laid of scene.layout.lanes) {
    const row = laid.rows.findIndex((bars) => bars.includes(bar))
    if (row < 0) continue
    const left = x(bar.from)
    const right = Math.max(left + LEAST, x(bar.to < 0 ? scene.now : bar.to))
    context.strokeStyle = palette.fg
    context.lineWidth = 2
    context.strokeRect(left - 1, HEAD + laid.top - scene.scroll + PAD + row * ROW - 1, right - left + 2, ROW)
    return
  }
}

/** Leaders' terms: a strip on top, and a line through the lanes where one gives way to the next. */
function bands(context: CanvasRenderingContext2D, scene: Scene, palette: Palette, x: (t: number) => number): void {
  context.save()
  context.beginPath()
  context.rect(GUTTER, 0, scene.width - GUTTER, scene.height)
  context.clip()
  for (const [i, band] of scene.model.bands.entries()) {
    const left = Math.max(GUTTER, x(band.from))
    const right = Math.min(scene.width, x(band.to))
    if (right < GUTTER || left > scene.width) continue
    context.globalAlpha = i % 2 === 0 ? 0.22 : 0.38
    context.fillStyle = palette.accent
    context.fillRect(left, 0, Math.max(1, right - left), BANDS - 3)
    context.globalAlpha = 1
    context.fillStyle = palette.accent
    if (x(band.from) >= GUTTER) context.fillRect(Math.round(x(band.from)), 0, 1, scene.height)
    context.fillStyle = palette.fg
    if (right - left > 24) context.fillText(fitted(context, band.label, right - left - 8), left + 5, (BANDS - 3) / 2)
  }
  context.restore()
}

function axis(context: CanvasRenderingContext2D, scene: Scene, palette: Palette, x: (t: number) => number): void {
  const { step, at } = tickList(scene)
  context.fillStyle = palette.muted
  context.textAlign = 'center'
  for (const t of at) {
    const place = x(t)
    if (place > GUTTER + 16 && place < scene.width - 16) context.fillText(scene.print(t, step), place, BANDS + AXIS / 2)
  }
  context.textAlign = 'start'
  context.fillStyle = palette.border
  context.fillRect(0, HEAD - 1, scene.width, 1)
}

function nowLine(context: CanvasRenderingContext2D, scene: Scene, palette: Palette, x: (t: number) => number): void {
  const place = Math.round(x(scene.now))
  if (place < GUTTER || place > scene.width) return
  context.fillStyle = palette.danger
  context.fillRect(place, BANDS, 2, scene.height)
}

/** As much of a text as fits. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text
  let n = Math.max(0, Math.floor((text.length * room) / context.measureText(text).width) - 1)
  while (n > 0 && context.measureText(`${text.slice(0, n)}…`).width > room) n--
  return n > 0 ? `${text.slice(0, n)}…` : ''
}
