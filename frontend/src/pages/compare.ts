import { html, nothing, render, type TemplateResult } from 'lit-html'
import { getRun, type RunDetail } from '../api/runs.ts'
import { diffLines, excerpts } from '../lib/diff.ts'
import { type Failure, failureText } from '../lib/failure.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { cut, visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { nowShown } from '../lib/moment.ts'
import { type Page, pathTo } from '../lib/router.ts'
import { withoutStamps } from '../lib/timestamps.ts'
import { t } from '../text/text.ts'
import { face, failureFace, loadingFace } from '../ui/face.ts'
import { pageFrame, panel } from '../ui/page.ts'
import { routes, runLink } from '../ui/routes.ts'
import { foreign } from '../ui/text.ts'
import { type Head, LINE_LENGTH, LINES, logHead } from './compare/loghead.ts'
import { type ComparedRow, comparedRows, durationWords } from './compare/rows.ts'
import { loggedAttempts } from './run/attempts.ts'

/** How many equal lines stand around a difference. */
const AROUND = 3

/** What a comparison is made of: both runs, and the beginnings of their logs. */
interface Compared {
  readonly left: RunDetail
  readonly right: RunDetail
  readonly logs: readonly [Head, Head]
}

/** Two runs side by side: facts, arguments, durations, and where their logs part. */
export const comparePage: Page = (host, signal, { path }) => {
  const [id, other] = [path['id'] ?? '', path['other'] ?? '']
  const short = (text: string) => visible(cut(text, 24).text)
  const frame = pageFrame(host, t('compare.title', { left: short(id), right: short(other) }))
  frame.actions(html`<a class="btn btn-sm btn-outline-secondary" href=${pathTo(routes.compare, { id: other, other: id })}
    ><i class="bi bi-arrow-left-right" aria-hidden="true"></i> ${t('compare.swap')}</a
  >`)
  let compared: Compared | undefined
  let failure: Failure | undefined

  const read = latest(
    signal,
    async (): Promise<Compared> => {
      const [left, right] = await Promise.all([getRun(id), getRun(other)])
      return { left, right, logs: await Promise.all([head(signal, left), head(signal, right)]) }
    },
    {
      done(next) {
        compared = next
        failure = undefined
        readAt(new Date(next.left.asOf), Number.POSITIVE_INFINITY)
        draw()
      },
      failed(why) {
        failure = why
        if (why.code === 'not_found' || why.code === 'invalid') readAt(nowShown(), Number.POSITIVE_INFINITY)
        else readFailed(why)
        draw()
      },
    },
  )

  function draw(): void {
    if (!compared) {
      render(face(failure ? failureFace(failure, read) : loadingFace()), frame.body)
      return
    }
    const { left, right, logs } = compared
    const now = new Date(left.asOf)
    render(
      html`${panel(t('run.facts'), factsView(left, right, now), html`<span class="ops-soft">${durationWords(left, right, now) ?? nothing}</span>`)}
        ${panel(t('compare.log'), logView(left, right, logs))}`,
      frame.body,
    )
  }

  draw()
  read()
}

function factsView(left: RunDetail, right: RunDetail, now: Date): TemplateResult {
  return html`<div class="ops-panel-flush ops-scroll" tabindex="0" role="region" aria-label=${t('run.facts')}>
    <table class="table table-sm ops-plain-table ops-compare">
      <caption class="visually-hidden">${t('compare.table')}</caption>
      <thead>
        <tr>
          <th scope="col">${t('compare.fact')}</th>
          <th scope="col">${runLink(left.run.id)}</th>
          <th scope="col">${runLink(right.run.id)}</th>
        </tr>
      </thead>
      <tbody>
        ${comparedRows(left, right, now).map(factRow)}
      </tbody>
    </table>
  </div>`
}

function factRow({ name, left, right, differs }: ComparedRow): TemplateResult {
  return html`<tr class=${differs ? 'ops-differs' : ''}>
    <th scope="row">
      ${differs ? html`<i class="bi bi-asterisk" role="img" aria-label=${t('compare.differs')}></i> ` : nothing}${name}
    </th>
    <td class="ops-wrap">${left}</td>
    <td class="ops-wrap">${right}</td>
  </tr>`
}

/** The beginning of a run's newest log. */
function head(signal: AbortSignal, detail: RunDetail): Promise<Head> {
  const attempt = loggedAttempts(detail).at(-1)
  return attempt === undefined ? Promise.resolve({ lines: [], more: false }) : logHead(signal, detail.run.id, attempt)
}

/** What there is to know of the logs besides their lines. */
function notes(left: RunDetail, right: RunDetail, logs: readonly [Head, Head]): TemplateResult {
  const failed = [left, right].map(({ run }, i) => {
    const failure = logs[i]?.failure
    if (!failure) return nothing
    return html`<p class="ops-bad" role="alert">
      ${t('compare.log.failed', { run: run.id, reason: failureText(failure) })}
    </p>`
  })
  const more = logs.some((log) => log.more)
  return html`${failed}${more ? html`<p class="ops-soft">${t('compare.log.head', { n: LINES })}</p>` : nothing}`
}

function logView(left: RunDetail, right: RunDetail, logs: readonly [Head, Head]): TemplateResult {
  const about = notes(left, right, logs)
  if (logs.some((log) => log.lines.length === 0)) {
    return logs.some((log) => log.failure) ? about : html`<p class="ops-soft mb-0">${t('compare.log.none')}</p>`
  }
  const parts = excerpts(diffLines(logs[0].lines, logs[1].lines, withoutStamps), AROUND)
  if (parts.length === 0) return html`${about}<p class="ops-soft mb-0">${t('compare.log.same')}</p>`
  const sign = { both: ' ', left: '−', right: '+' } as const
  const whose = {
    both: '',
    left: t('compare.log.only', { run: left.run.id }),
    right: t('compare.log.only', { run: right.run.id }),
  }
  return html`${about}
    <p class="ops-soft">${t('compare.log.stamps')}</p>
    <div class="ops-diff" tabindex="0" role="region" aria-label=${t('compare.log')}>
      ${parts.map(
        (part) =>
          html`${
            part.skipped > 0
              ? html`<div class="ops-diff-skip">${t('compare.log.skipped', { n: part.skipped })}</div>`
              : nothing
          }${part.lines.map(
            ({ side, text }) => html`<div class="ops-diff-line ops-diff-${side}">
            <span class="ops-diff-sign" title=${whose[side]}>${sign[side]}</span>${foreign(text, { max: LINE_LENGTH })}
          </div>`,
          )}`,
      )}
    </div>`
}
