import { html, nothing, render } from 'lit-html'
import { readTimeline, type Timeline } from '../api/windows.ts'
import { listWorkers, type Worker } from '../api/workers.ts'
import { type Failure, failureText } from '../lib/failure.ts'
import { count, duration, fullTime, parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, pathTo, replaceQuery } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { runState } from '../ui/badge.ts'
import { face, failureFace, loadingFace } from '../ui/face.ts'
import { buttons } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { jobLink, routes, runLink, workerLink } from '../ui/routes.ts'
import { createTable } from '../ui/table.ts'
import { time } from '../ui/text.ts'
import { createTimeline, inside, type Limits, type Span, width } from '../ui/timeline.ts'
import { archiveActions } from './exportarchive.ts'
import { type ListedRun, runsOf, sceneOf } from './timeline/scene.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** How often it is read while the present is in sight, in milliseconds, as the backend's clock has it. */
const EVERY = 30_000
/** How often a long span is: days of runs are a second of the database's time, and a minute moves them by a pixel. */
const SELDOM = 5 * MINUTE
const LONG = 12 * HOUR
/** The spans that one click chooses. */
const SPANS = { '30m': 30 * MINUTE, '2h': 2 * HOUR, '6h': 6 * HOUR, '24h': DAY, '7d': 7 * DAY } as const
type SpanName = keyof typeof SPANS
/** Where the present stands in a span that begins anew: the rest is what is due. */
const PRESENT = 0.8
/** Nothing narrower, nothing wider, and no further than this from the present, in milliseconds. */
const NARROW = 20_000
const WIDE = 7 * DAY
const PAST = 400 * DAY
const AHEAD = 7 * DAY
/** How long the hand rests before the server is asked, in milliseconds. */
const REST = 250
/** How many runs the list shows. */
const LISTED = 200

/** What every worker had in hand, what is due, and who led: lanes over time. */
export const timelinePage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('timeline.title'), { lead: t('timeline.lead') })
  const limits = (): Limits => ({
    min: NARROW,
    max: WIDE,
    earliest: nowShown().getTime() - PAST,
    latest: nowShown().getTime() + AHEAD,
  })
  const around = (size: number): Span => {
    const from = nowShown().getTime() - size * PRESENT
    return { from, to: from + size }
  }
  let span: Span = fromQuery(query, limits()) ?? around(SPANS['2h'])
  frame.actions(html`${buttons(archiveActions(signal, undefined, () => incidentIn(span, nowShown().getTime())))}`)
  let follow = !query.has('from')
  /** What was asked for: wider than what is looked at, so that a small move needs no answer. */
  let loaded: Span | undefined
  let timeline: Timeline | undefined
  let live: readonly Worker[] = []
  let runs: readonly ListedRun[] = []
  let failure: Failure | undefined
  let lastRead = Number.NEGATIVE_INFINITY
  let resting: ReturnType<typeof setTimeout> | undefined

  const [tools, notes, lanesHost, legend, listHost] = [0, 1, 2, 3, 4].map(() => document.createElement('div'))
  const help = document.createElement('p')
  help.id = 'ops-timeline-help'
  help.className = 'ops-soft ops-timeline-help'
  help.textContent = t('timeline.help')
  const panel = document.createElement('section')
  panel.className = 'ops-panel ops-timeline-panel'
  const cover = document.createElement('div')
  for (const part of [tools, notes, cover, lanesHost, legend, help]) if (part) panel.append(part)
  frame.body.append(panel)
  if (!tools || !notes || !lanesHost || !legend || !listHost) return

  const view = createTimeline(lanesHost, signal, {
    label: t('timeline.canvas'),
    describedBy: help.id,
    limits: limits(),
    span,
    onSpan(next) {
      span = next
      follow = false
      settle()
    },
    onPick: (id) => navigate(pathTo(routes.run, { id })),
  })
  const details = document.createElement('details')
  details.className = 'ops-timeline-list'
  const summary = document.createElement('summary')
  details.append(summary, listHost)
  frame.body.append(details)
  const table = createTable<ListedRun>(listHost, signal, {
    id: 'ops-timeline-runs',
    label: t('timeline.list'),
    columns: [
      { key: 'id', title: t('runs.column.id'), pinned: true, value: (r) => Number(r.id), cell: (r) => runLink(r.id) },
      { key: 'state', title: t('runs.column.state'), value: (r) => r.state, cell: (r) => runState(r.state) },
      { key: 'job', title: t('runs.column.job'), value: (r) => r.job, cell: (r) => jobLink(r.jobId, r.job) },
      { key: 'worker', title: t('runs.column.worker'), value: (r) => r.worker, cell: (r) => workerLink(r.worker) },
      {
        key: 'started',
        title: t('runs.column.started'),
        value: (r) => r.from,
        cell: (r) => time(new Date(r.from).toISOString()),
      },
      {
        key: 'duration',
        title: t('runs.column.duration'),
        align: 'end',
        value: (r) => (r.to < 0 ? nowShown().getTime() : r.to) - r.from,
        cell: (r) => duration((r.to < 0 ? nowShown().getTime() : r.to) - r.from),
      },
    ],
    key: (r) => r.id,
    open: (r) => navigate(pathTo(routes.run, { id: r.id })),
    order: ['started', 'desc'],
    empty: { kind: 'empty', title: t('timeline.none') },
  })
  details.addEventListener('toggle', () => details.open && list(), { signal })

  const read = latest(
    signal,
    async () => {
      const asked = wanted(span)
      const [answer, fleet] = await Promise.all([
        readTimeline(new Date(asked.from), new Date(asked.to)),
        // The lanes of idle workers: without Redis those that ran something are enough.
        listWorkers().then(
          ({ workers }) => workers,
          () => live,
        ),
      ])
      return { asked, answer, fleet }
    },
    {
      done({ asked, answer, fleet }) {
        loaded = asked
        timeline = answer
        live = fleet
        failure = undefined
        runs = runsOf(answer)
        view.draw(sceneOf(answer, live, runs))
        lastRead = performance.now()
        readAt(parseTime(answer.asOf) ?? nowShown(), present() ? pace() : Number.POSITIVE_INFINITY)
        draw()
      },
      failed(why) {
        failure = why
        readFailed(why)
        draw()
      },
    },
  )

  const pace = () => (width(span) > LONG ? SELDOM : EVERY)
  const due = () => performance.now() - lastRead >= pace() - EVERY / 2
  const present = () => span.to > nowShown().getTime() - MINUTE && span.from < nowShown().getTime()

  /** Whether what was read doesn't show all that is looked at. */
  function lacking(): boolean {
    if (!loaded || !timeline) return true
    if (span.from < loaded.from || span.to > loaded.to) return true
    // The latest ten thousand of a long window may be none of a short one within it.
    return timeline.capped && width(span) < width(loaded) / 4
  }

  /** The hand has moved: the address follows, and the server is asked when it rests. */
  function settle(): void {
    drawTools()
    clearTimeout(resting)
    resting = setTimeout(() => {
      replaceQuery(
        follow
          ? new URLSearchParams({ span: String(Math.round(width(span))) })
          : new URLSearchParams({ from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() }),
      )
      if (lacking()) read()
      if (details.open) list()
    }, REST)
  }

  function look(next: Span, options: { follow: boolean }): void {
    follow = options.follow
    span = inside(next, limits())
    view.limit(limits())
    view.show(span)
    settle()
  }

  function list(): void {
    const seen = runs.filter((r) => r.from <= span.to && (r.to < 0 || r.to >= span.from))
    table.update(seen.slice(0, LISTED))
    summary.textContent =
      seen.length > LISTED
        ? t('timeline.list.cut', { n: seen.length, shown: LISTED })
        : t('timeline.list.all', { n: seen.length })
  }

  function drawTools(): void {
    const at = (ms: number) => fullTime(new Date(ms)).replace(/\.\d+/, '')
    render(
      html`<div class="ops-timeline-tools">
        <div class="btn-group" role="group" aria-label=${t('timeline.span')}>
          ${(Object.keys(SPANS) as SpanName[]).map(
            (name) => html`<button
              type="button"
              class="btn btn-sm btn-outline-secondary ${Math.abs(width(span) - SPANS[name]) < 1000 ? 'active' : ''}"
              @click=${() => look(around(SPANS[name]), { follow: true })}
            >
              ${t(`timeline.span.${name}`)}
            </button>`,
          )}
        </div>
        <label class="form-check form-switch ops-form-switch">
          <input
            type="checkbox"
            class="form-check-input"
            role="switch"
            .checked=${follow}
            @change=${(event: Event) => {
              if ((event.target as HTMLInputElement).checked) look(around(width(span)), { follow: true })
              else look(span, { follow: false })
            }}
          />
          ${t('timeline.follow')}
        </label>
        <span class="ops-timeline-range">${at(span.from)} – ${at(span.to)}</span>
      </div>`,
      tools as HTMLElement,
    )
  }

  function draw(): void {
    drawTools()
    render(timeline ? nothing : face(failure ? failureFace(failure, read) : loadingFace()), cover)
    ;(lanesHost as HTMLElement).hidden = timeline === undefined
    if (!timeline) return
    const { capped, cap, unfit, recorded, terms } = timeline
    const said: string[] = []
    if (failure) said.push(t('timeline.behind', { reason: failureText(failure) }))
    if (capped) said.push(t('timeline.capped', { n: cap }))
    if (unfit > 0) said.push(t('timeline.unfit', { n: unfit }))
    if (!recorded) said.push(t('timeline.noTerms'))
    else if (terms.length === 0) said.push(t('timeline.noTerm'))
    render(
      said.length === 0
        ? nothing
        : html`<ul class="ops-notes ops-timeline-notes">
            ${said.map((text) => html`<li><i class="bi bi-info-circle" aria-hidden="true"></i><span>${text}</span></li>`)}
          </ul>`,
      notes as HTMLElement,
    )
    render(
      html`<div class="ops-timeline-legend">
        ${timeline.states.map((state) => runState(state))}
        <span class="ops-soft">${t('timeline.count', { n: count(runs.length) + (capped ? '+' : '') })}</span>
      </div>`,
      legend as HTMLElement,
    )
    list()
  }

  const clock = setInterval(() => {
    if (follow) {
      span = inside(around(width(span)), limits())
      view.limit(limits())
      view.show(span)
      drawTools()
      if (lacking()) read()
    }
  }, 1000)
  signal.addEventListener('abort', () => {
    clearInterval(clock)
    clearTimeout(resting)
  })
  onChange('activity', signal, () => ((present() && due()) || failure) && read())
  draw()
  read()
}

/** What is asked for, for a span to look at: half of it more on both sides, whole minutes, and never too much. */
export function wanted(span: Span): Span {
  const more = Math.min(width(span) / 2, (WIDE - width(span)) / 2)
  const from = Math.floor((span.from - more) / MINUTE) * MINUTE
  return { from, to: Math.min(from + WIDE, Math.ceil((span.to + more) / MINUTE) * MINUTE) }
}

/** The window of an incident that is looked at: whole minutes, as its fields have them, and nothing that is yet to come. */
export function incidentIn(span: Span, now: number): Span {
  const from = Math.floor(span.from / MINUTE) * MINUTE
  const to = Math.ceil(Math.min(span.to, now) / MINUTE) * MINUTE
  return { from, to: Math.max(to, from + MINUTE) }
}

/** The span that an address names: between two instants, or of a length that ends around now. */
export function fromQuery(query: URLSearchParams, limits: Limits): Span | undefined {
  const from = Date.parse(query.get('from') ?? '')
  const to = Date.parse(query.get('to') ?? '')
  if (!Number.isNaN(from) && !Number.isNaN(to) && to - from >= limits.min && to - from <= limits.max) {
    return inside({ from, to }, limits)
  }
  const size = Number(query.get('span'))
  if (!(size >= limits.min && size <= limits.max)) return undefined
  const start = nowShown().getTime() - size * PRESENT
  return inside({ from: start, to: start + size }, limits)
}
