import { html, nothing, render } from 'lit-html'
import { type Expectation, type JobExpectation, readExpected } from '../api/windows.ts'
import { fromField, toField } from '../lib/clocks.ts'
import { type Failure, failureText } from '../lib/failure.ts'
import { count, duration, offsetAt, parseTime, percent } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, pathTo, replaceQuery } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { failureFace, loadingFace } from '../ui/face.ts'
import { pageFrame, panel } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import { createTable } from '../ui/table.ts'
import { amiss, type FindingRow, findingColumns, jobColumns } from './expected/columns.ts'
import { AMISS, type Verdict, verdictBadge, verdictName } from './expected/verdicts.ts'
import { changesView } from './job/changes.ts'
import { RANGES } from './runs/filter.ts'

type RangeName = keyof typeof RANGES

/** How often it is read while the window ends now, in milliseconds, as the backend's clock has it. */
const EVERY = 30_000

/** The window as the address names it: the last hours, or between two instants. */
interface Window {
  range: RangeName | 'custom'
  from: string
  before: string
}

/** What should have run by the definitions, and what did. */
export const expectedPage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('expected.title'), { lead: t('expected.lead') })
  let asked = windowOf(query)
  let chosen: { job: string; verdict: Verdict | '' } = { job: query.get('job') ?? '', verdict: verdictOf(query) }
  let shown: Expectation | undefined
  let failure: Failure | undefined
  const [tools, summary, jobsHost, findingsHost] = [0, 1, 2, 3].map(() => document.createElement('div'))
  if (!tools || !summary || !jobsHost || !findingsHost) return

  const choose = (job: string, verdict: Verdict | '') => {
    chosen = { job, verdict }
    keep()
    draw()
    findingsHost.scrollIntoView({ block: 'nearest' })
  }
  const jobs = createTable<JobExpectation>(jobsHost, signal, {
    id: 'ops-expected-jobs',
    label: t('expected.jobs'),
    columns: jobColumns(choose),
    key: (job) => job.id,
    open: (job) => choose(job.id, ''),
    rowClass: (job) => (job.enabled || amiss(job) > 0 ? '' : 'ops-row-quiet'),
    order: ['missed', 'desc'],
    pageLength: 25,
    empty: { kind: 'empty', title: t('jobs.empty') },
  })
  const findings = createTable<FindingRow>(findingsHost, signal, {
    id: 'ops-expected-findings',
    label: t('expected.findings'),
    columns: findingColumns(),
    key: (row) => row.key,
    open: ({ finding }) => finding.runId !== '' && navigate(pathTo(routes.run, { id: finding.runId })),
    order: ['at', 'desc'],
    pageLength: 25,
    empty: { kind: 'empty', title: t('expected.findings.none') },
  })

  const refresh = latest(
    signal,
    async () => {
      const of = asked
      return { of, answer: await readExpected(...ends(of)) }
    },
    {
      done({ of, answer }) {
        if (of !== asked) return
        shown = answer
        failure = undefined
        readAt(parseTime(answer.asOf) ?? nowShown(), asked.range === 'custom' ? Number.POSITIVE_INFINITY : EVERY)
        draw()
      },
      failed(why) {
        failure = why
        if (why.code === 'invalid') readAt(nowShown(), Number.POSITIVE_INFINITY)
        else readFailed(why)
        draw()
      },
    },
  )

  function look(next: Window): void {
    asked = next
    shown = undefined
    keep()
    draw()
    refresh()
  }

  function keep(): void {
    const entries = {
      ...(asked.range === 'custom' ? { from: asked.from, before: asked.before } : { range: asked.range }),
      job: chosen.job,
      verdict: chosen.verdict,
    }
    replaceQuery(new URLSearchParams(Object.entries(entries).filter(([, value]) => value !== '')))
  }

  function drawTools(): void {
    const zone = offsetAt(nowShown())
    const at = (which: 'from' | 'before') => (event: Event) =>
      look({ ...asked, range: 'custom', [which]: fromField((event.target as HTMLInputElement).value) })
    const field = (which: 'from' | 'before', label: string) => html`<div class="ops-field">
      <label for=${`expected-${which}`}>${label} (${zone})</label>
      <input
        type="datetime-local"
        class="form-control form-control-sm"
        id=${`expected-${which}`}
        .value=${toField(asked[which])}
        @change=${at(which)}
      />
    </div>`
    render(
      html`<form class="ops-filter-row ops-filters" aria-label=${t('expected.window')} @submit=${(e: Event) => e.preventDefault()}>
        <div class="ops-field">
          <label for="expected-range">${t('expected.window')}</label>
          <select class="form-select form-select-sm" id="expected-range" @change=${onRange}>
            ${[...(Object.keys(RANGES) as RangeName[]), 'custom' as const].map(
              (name) =>
                html`<option value=${name} .selected=${name === asked.range}>${t(`runs.filter.range.${name}`)}</option>`,
            )}
          </select>
        </div>
        ${asked.range === 'custom' ? html`${field('from', t('runs.filter.from'))}${field('before', t('runs.filter.before'))}` : nothing}
      </form>`,
      tools as HTMLElement,
    )
  }

  function onRange(event: Event): void {
    const range = (event.target as HTMLSelectElement).value as Window['range']
    const [from, before] = ends(asked)
    look(
      range === 'custom'
        ? { range, from: from.toISOString(), before: before.toISOString() }
        : { range, from: '', before: '' },
    )
  }

  function draw(): void {
    drawTools()
    if (!shown) {
      const cover = failure ? refused(failure) : loadingFace()
      jobs.face(cover)
      findings.face(failure ? null : loadingFace())
      if (failure) findings.update([])
    } else {
      jobs.update(shown.jobs)
      findings.update(rowsOf(shown, chosen))
    }
    render(shown ? summaryView(shown) : nothing, summary as HTMLElement)
    render(
      html`${tools}${summary}
        ${panel(t('expected.jobs'), html`<div class="ops-panel-flush">${jobsHost}</div>`)}
        ${panel(t('expected.findings'), html`<div class="ops-panel-flush">${findingsHost}</div>`, chosenView())}
        ${
          shown && (shown.changes.list.length > 0 || shown.changes.unreadable)
            ? panel(t('expected.changes'), changesView(shown.changes, parseTime(shown.asOf) ?? nowShown(), jobName))
            : nothing
        }`,
      frame.body,
    )
  }

  function refused(why: Failure) {
    if (why.code !== 'invalid') return failureFace(why, refresh)
    return { kind: 'failed' as const, title: t('expected.refused'), text: failureText(why) }
  }

  const jobName = (id: string) => shown?.jobs.find((j) => j.id === id)?.name ?? `#${visible(id)}`

  function chosenView() {
    const said = [
      chosen.job === '' ? '' : visible(jobName(chosen.job)),
      chosen.verdict === '' ? '' : verdictName(chosen.verdict),
    ].filter((text) => text !== '')
    if (said.length === 0)
      return shown && shown.left > 0
        ? html`<span class="ops-warn">${t('expected.left', { n: shown.left })}</span>`
        : nothing
    return html`<span class="ops-chip"
      ><bdi>${said.join(' · ')}</bdi
      ><button
        type="button"
        class="btn-close"
        aria-label=${t('expected.all')}
        @click=${() => choose('', '')}
      ></button
    ></span>`
  }

  function summaryView(e: Expectation) {
    const total = (verdict: string) =>
      e.jobs.reduce((sum, job) => sum + ((Object.hasOwn(job.counts, verdict) ? job.counts[verdict] : 0) ?? 0), 0)
    const due = e.jobs.reduce((sum, job) => sum + job.due, 0)
    // Events have no due times: what they made is not a share of those.
    const onTime = e.jobs.reduce((sum, job) => sum + (job.type === 'time' ? (job.counts['on_time'] ?? 0) : 0), 0)
    const uncertain = e.jobs.reduce((sum, job) => sum + job.uncertain, 0)
    const figure = (name: unknown, value: unknown) =>
      html`<div class="ops-figure"><dt>${name}</dt><dd>${value}</dd></div>`
    return html`<dl class="ops-figures">
        ${figure(t('expected.due'), count(due))}
        ${figure(t('expected.verdict.on_time'), html`${count(total('on_time'))} <small class="ops-soft">${due > 0 ? percent(onTime / due, 1) : ''}</small>`)}
        ${AMISS.map((verdict) =>
          figure(
            verdictBadge(verdict),
            total(verdict) === 0
              ? html`<span class="ops-none">0</span>`
              : html`<button type="button" class="btn btn-link ops-number" @click=${() => choose('', verdict)}>
                  ${count(total(verdict))}
                </button>`,
          ),
        )}
      </dl>
      <ul class="ops-notes">
        ${note(t('expected.late.note', { limit: duration(e.lateAfterMs) }))}
        ${e.inUtc ? note(t('expected.inUtc')) : nothing}
        ${uncertain > 0 ? note(t('expected.uncertain.note', { n: uncertain })) : nothing}
        ${e.changes.unreadable ? note(t('expected.unaudited')) : nothing}
      </ul>`
  }

  const note = (text: string) => html`<li><i class="bi bi-info-circle" aria-hidden="true"></i><span>${text}</span></li>`

  draw()
  onChange('activity', signal, () => asked.range !== 'custom' && refresh())
  refresh()
}

/** The findings of the chosen job and verdict. */
export function rowsOf(e: Expectation, chosen: { job: string; verdict: string }): FindingRow[] {
  const names = new Map(e.jobs.map((job) => [job.id, job.name]))
  return e.findings
    .filter((f) => chosen.job === '' || f.jobId === chosen.job)
    .filter((f) => chosen.verdict === '' || f.verdict === chosen.verdict)
    .map((finding) => ({
      key: `${finding.jobId} ${finding.at} ${finding.runId}`,
      finding,
      job: names.get(finding.jobId) ?? '',
    }))
}

function ends(w: Window): [Date, Date] {
  const now = nowShown()
  if (w.range !== 'custom') return [new Date(now.getTime() - RANGES[w.range]), now]
  return [parseTime(w.from) ?? new Date(now.getTime() - RANGES['24h']), parseTime(w.before) ?? now]
}

function windowOf(query: URLSearchParams): Window {
  const [from, before] = [query.get('from') ?? '', query.get('before') ?? '']
  if (parseTime(from)) return { range: 'custom', from, before: parseTime(before) ? before : '' }
  const range = query.get('range') ?? ''
  return { range: Object.hasOwn(RANGES, range) ? (range as RangeName) : '24h', from: '', before: '' }
}

function verdictOf(query: URLSearchParams): Verdict | '' {
  return AMISS.find((v) => v === query.get('verdict')) ?? ''
}
