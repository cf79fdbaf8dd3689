import '../../src/styles/index.css'
import { createTimeline, type Lane, type Span } from '../../src/ui/timeline.ts'

/** How long frames take while somebody zooms and moves. */
export interface Figures {
  bars: number
  frames: number
  /** Milliseconds of work a frame: the listener and the painting. */
  work: { p50: number; p95: number; max: number }
  /** Milliseconds between frames. */
  between: { p50: number; p95: number; max: number }
}

/** Draws `bars` bars on `workers` lanes and turns the wheel and drags for `frames` frames. */
export async function measure(bars: number, workers: number, frames: number): Promise<Figures> {
  const now = Date.now()
  const day = 86_400_000
  const lanes: Lane[] = Array.from({ length: workers }, (_, lane) => ({
    name: `worker-${lane}`,
    bars: Array.from({ length: Math.floor(bars / workers) }, (_, i) => {
      const from = now - day + ((i * workers) / bars) * day + lane * 137
      return { id: `${lane}-${i}`, from, to: from + 4000 + ((i * 7919) % 50_000), kind: i % 4, label: () => '' }
    }),
  }))
  const host = document.createElement('div')
  document.body.replaceChildren(host)
  const whole: Span = { from: now - day, to: now }
  const limits = { min: 20_000, max: 7 * day, earliest: now - 7 * day, latest: now + day }
  const view = createTimeline(host, new AbortController().signal, {
    label: 'bench',
    describedBy: '',
    limits,
    span: whole,
    onSpan: () => undefined,
    onPick: () => undefined,
  })
  view.draw({
    kinds: [
      { token: '--ops-run-succeeded', height: 0.6 },
      { token: '--ops-run-failed', height: 1, pattern: 'stripes' },
      { token: '--ops-run-running', height: 1 },
      { token: '--ops-muted', height: 0.8, pattern: 'hollow' },
    ],
    lanes,
    bands: [{ from: now - day, to: now, label: 'Epoch 1' }],
  })
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  await frame()
  const box = view.element.getBoundingClientRect()
  const work: number[] = []
  const between: number[] = []
  let last = await frame()
  for (let i = 0; i < frames; i++) {
    // In and out again around a place that wanders, so that all bars come into sight as well as few.
    const deltaY = Math.floor(i / 20) % 2 === 0 ? -60 : 60
    const started = performance.now()
    view.element.dispatchEvent(
      new WheelEvent('wheel', {
        deltaY,
        deltaX: 0,
        clientX: box.left + 200 + ((i * 13) % 700),
        clientY: box.top + 80,
        cancelable: true,
      }),
    )
    // The timeline's own frame was asked for first, so it is painted when this one is called.
    const at = await frame()
    work.push(performance.now() - started - Math.max(0, at - started))
    between.push(at - last)
    last = at
  }
  return { bars: lanes.reduce((n, l) => n + l.bars.length, 0), frames, work: spread(work), between: spread(between) }
}

function spread(values: number[]): { p50: number; p95: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (q: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}
