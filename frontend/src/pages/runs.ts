import { html, nothing, render } from 'lit-html'
import { exportRuns } from '../api/exports.ts'
import { listJobs } from '../api/jobs.ts'
import { countRuns, listRuns, type RunPage } from '../api/runs.ts'
import { session } from '../api/session.ts'
import { type Failure, failureText } from '../lib/failure.ts'
import { compareTexts, parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, pathTo, replaceQuery } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { type FaceContent, failureFace, loadingFace } from '../ui/face.ts'
import { menu } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import { createTable, type Table } from '../ui/table.ts'
import { archiveActions } from './exportarchive.ts'
import { openExport } from './lists/export.ts'
import { bulkTools } from './runs/bulk.ts'
import { activeChips, drawChips } from './runs/chips.ts'
import { type RunRow, runColumns } from './runs/columns.ts'
import { countWords } from './runs/count.ts'
import {
  filterFromQuery,
  filterToQuery,
  isFiltered,
  NO_FILTER,
  placeFromQuery,
  type RunFilter,
  type RunPlace,
} from './runs/filter.ts'
import { createFilterBar } from './runs/filterbar.ts'
import { isFinal } from './runs/measures.ts'
import { fieldOf, filterRequest, pageRequest } from './runs/request.ts'
import { refreshRows, rowsOf } from './runs/rows.ts'
import { recallSize, rememberSize } from './runs/size.ts'
import { createRunTools } from './runs/tools.ts'
import { createViewsMenu } from './runs/views.ts'

/** How often the page is read again, in milliseconds, as the backend's clock has it. */
const EVERY = 8000
/** How long after a key stroke rows stay where they are, in milliseconds. */
const TYPING = 3000
const TOP: RunPlace = { cursor: '', at: '' }

/** Every run of the cluster, a page at a time from the server, newest first. */
export const runsPage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('runs.title'), { fill: true })
  const environment = session().environment?.id ?? ''
  let filter = filterFromQuery(query)
  let place = placeFromQuery(query)
  let size = recallSize()
  let page: RunPage | undefined
  let rows: readonly RunRow[] = []
  let note = t('runs.count.counting')
  /** Counts what was asked for, so that an answer to an earlier question is recognised. */
  let asked = 0
  let answered = 0

  const bar = createFilterBar(signal, filter, (next) => apply(next))
  const chips = document.createElement('div')
  frame.body.append(bar.element, chips)
  const tools = createRunTools(size, {
    jump: (at) => go({ cursor: '', at }),
    resize(next) {
      size = next
      rememberSize(next)
      go(place)
    },
  })
  const bulk = document.createElement('div')
  bulk.className = 'ops-bulk-tools'
  const drawBulk = () =>
    render(
      bulkTools(
        signal,
        () => table.selected(),
        () => filterRequest(filter, nowShown()),
        () => read(),
      ),
      bulk,
    )
  /** Two marked runs can be put side by side. */
  const compare = document.createElement('div')
  const drawCompare = (keys: ReadonlySet<string>) => {
    const [id, other, more] = [...keys].sort(compareTexts)
    render(
      id !== undefined && other !== undefined && more === undefined
        ? html`<a class="btn btn-sm btn-outline-secondary" href=${pathTo(routes.compare, { id, other })}
            ><i class="bi bi-layout-split" aria-hidden="true"></i> ${t('runs.compare')}</a
          >`
        : nothing,
      compare,
    )
  }
  const table: Table<RunRow> = createTable<RunRow>(frame.body, signal, {
    id: 'ops-runs',
    memory: `ops-runs@${environment}`,
    label: t('runs.table'),
    columns: runColumns(),
    key: ({ run }) => run.id,
    open: ({ run }) => navigate(pathTo(routes.run, { id: run.id })),
    rowClass: ({ left }) => (left ? 'ops-row-quiet ops-row-left' : ''),
    keyset: {
      first: () => go(TOP),
      previous: () => page && go({ cursor: page.newer, at: '' }),
      next: () => page && go({ cursor: page.older, at: '' }),
    },
    busy: () => answered === asked && (scrolled() || performance.now() - bar.lastTyped() < TYPING),
    tools: [tools.element, compare, bulk],
    onSelect(keys) {
      drawBulk()
      drawCompare(keys)
    },
    fill: true,
    empty: { kind: 'empty', title: t('runs.empty'), text: t('runs.empty.text') },
  })
  const views = createViewsMenu(signal, environment, {
    current: () => ({ query: filterToQuery(filter).toString(), columns: table.columns() }),
    open(view) {
      table.showColumns(view.columns)
      apply(filterFromQuery(new URLSearchParams(view.query)), { redraw: true })
    },
  })
  const narrowed = () => filterRequest(filter, nowShown())
  const exporting = [
    {
      label: t('runs.export'),
      icon: 'bi-filetype-csv',
      run: () =>
        openExport(signal, {
          name: 'runs',
          title: t('runs.export.title'),
          formats: ['csv', 'ndjson', 'parquet'],
          about: t(isFiltered(filter) ? 'runs.export.filtered' : 'runs.export.all'),
          start: (format, path) => exportRuns(narrowed(), format, path),
        }),
    },
    ...archiveActions(signal, narrowed),
  ]
  frame.actions(html`${menu(t('archive.export.menu'), exporting, { words: true })}${views.element}`)
  const scrolled = () => (table.element.querySelector('.ops-table-scroll')?.scrollTop ?? 0) > 0

  const read = latest(
    signal,
    async () => {
      const serial = asked
      return { serial, page: await listRuns(pageRequest(filter, place, size, nowShown())) }
    },
    {
      done(answer) {
        if (answer.serial === asked) show(answer.page)
      },
      failed: refused,
    },
  )
  const count = latest(
    signal,
    async () => {
      const of = filter
      return { of, words: countWords(await countRuns(filterRequest(filter, nowShown()))) }
    },
    {
      done({ of, words }) {
        if (of !== filter) return
        note = words
        if (answered === asked) draw()
      },
      failed() {
        note = ''
        if (answered === asked) draw()
      },
    },
  )

  const atTop = () => place.cursor === '' && place.at === ''
  /** Whether nothing on this page can change any more. */
  const settled = () => answered === asked && !atTop() && rows.every(({ run }) => isFinal(run.state))

  function show(next: RunPage): void {
    const now = parseTime(next.asOf) ?? nowShown()
    const fresh = answered !== asked
    const top = atTop()
    rows = fresh || top ? rowsOf(next.runs, now, rows) : refreshRows(rows, next.runs, now)
    if (fresh || top) page = next
    draw()
    answered = asked
    readAt(now, settled() ? Number.POSITIVE_INFINITY : EVERY)
    if (fresh) table.element.querySelector('.ops-table-scroll')?.scrollTo(0, 0)
    // Paging towards newer runs ends at the newest, which are live.
    if (fresh && !top && next.newer === '') go(TOP)
  }

  function draw(): void {
    if (!page) return
    table.update(rows, { hasPrevious: page.newer !== '', hasNext: page.older !== '', note })
    if (rows.length === 0) table.face(emptyFace())
  }

  function refused(failure: Failure): void {
    const field = fieldOf(failure)
    if (field) bar.refuse(field, failureText(failure))
    if (answered === asked) {
      readFailed(failure)
      return
    }
    if (field) {
      table.face({ kind: 'failed', title: t('runs.filters.refused'), text: failureText(failure) })
      readAt(nowShown(), Number.POSITIVE_INFINITY) // an answer, if not the wished one
    } else if (failure.reason === 'list.bad_cursor') {
      const action = { label: t('runs.newest'), run: () => go(TOP) }
      table.face({ kind: 'failed', title: failureText(failure), action })
    } else {
      readFailed(failure)
      table.face(failureFace(failure, read))
    }
  }

  function emptyFace(): FaceContent {
    const filtered = isFiltered(filter)
    if (!atTop()) {
      const action = { label: t('runs.newest'), run: () => go(TOP) }
      return { kind: 'empty', title: t('runs.noMatch'), text: t('runs.noMatch.older'), action }
    }
    if (!filtered) return { kind: 'empty', title: t('runs.empty'), text: t('runs.empty.text') }
    const action = { label: t('runs.filters.clear'), run: () => apply(NO_FILTER, { redraw: true }) }
    return { kind: 'empty', title: t('runs.noMatch'), action }
  }

  function apply(next: RunFilter, options: { redraw?: boolean } = {}): void {
    filter = next
    note = t('runs.count.counting')
    if (options.redraw) bar.show(filter)
    go(TOP)
    count()
  }

  function go(to: RunPlace): void {
    place = to
    asked++
    replaceQuery(filterToQuery(filter, place))
    tools.show(place.at)
    render(
      drawChips(activeChips(filter, jobName), (next) => apply(next, { redraw: true })),
      chips,
    )
    if (!page) table.face(loadingFace())
    read()
  }

  let jobs: readonly { value: string; label: string }[] = []
  const jobName = (id: string) => jobs.find((j) => j.value === id)?.label ?? `#${id}`
  const offerJobs = latest(signal, listJobs, {
    done(list) {
      jobs = list.jobs.map((j) => ({ value: j.id, label: j.name }))
      bar.offerJobs(jobs)
      render(
        drawChips(activeChips(filter, jobName), (next) => apply(next, { redraw: true })),
        chips,
      )
    },
    failed: () => bar.offerJobs([], t('runs.filter.job.unread')),
  })

  onChange('runs', signal, () => !settled() && read())
  onChange('activity', signal, count)
  drawBulk()
  go(place)
  count()
  offerJobs()
}
