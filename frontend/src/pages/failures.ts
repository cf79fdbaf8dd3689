import { html, nothing, render } from 'lit-html'
import { type FailureList, listFailures } from '../api/failures.ts'
import { count, parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, replaceQuery } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { failureFace, loadingFace } from '../ui/face.ts'
import { pageFrame } from '../ui/page.ts'
import { createTable } from '../ui/table.ts'
import { time } from '../ui/text.ts'
import { type CauseRow, causeColumns, causeLink } from './failures/columns.ts'

/** How often the failures are read, in milliseconds, as the backend's clock has it. */
const EVERY = 30_000
const HOUR = 3_600_000
/** The windows that can be looked at, in milliseconds. */
const WINDOWS = { '1h': HOUR, '6h': 6 * HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR, '30d': 720 * HOUR } as const
type WindowName = keyof typeof WINDOWS

/** Failed runs by what they have in common, the most frequent first. */
export const failuresPage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('failures.title'), { lead: t('failures.lead'), fill: true })
  let chosen: WindowName = nameOf(query.get('window') ?? '')
  let asked: WindowName | undefined
  const tools = document.createElement('div')
  tools.className = 'ops-failure-tools'
  const notes = document.createElement('div')
  notes.className = 'ops-notes'
  frame.body.append(notes)
  const table = createTable<CauseRow>(frame.body, signal, {
    id: 'ops-failures',
    label: t('failures.table'),
    columns: causeColumns(),
    key: ({ group }) => `${group.state} ${group.cause}`,
    open: ({ group }) => navigate(causeLink(group)),
    order: ['runs', 'desc'],
    tools: [tools],
    fill: true,
    empty: { kind: 'empty', title: t('failures.none'), text: t('failures.none.text') },
  })
  const refresh = latest(
    signal,
    async () => {
      const window = chosen
      return { window, list: await listFailures(WINDOWS[window]) }
    },
    {
      done({ window, list }) {
        if (window !== chosen) return
        asked = window
        const now = parseTime(list.asOf) ?? nowShown()
        readAt(now, EVERY)
        table.update(list.groups.map((group) => ({ group, list, now })))
        drawNotes(list)
      },
      failed(failure) {
        readFailed(failure)
        if (asked !== chosen) table.face(failureFace(failure, refresh))
      },
    },
  )

  function drawNotes(list: FailureList): void {
    const causes = list.groups.length + list.others
    render(
      html`<p class="ops-failure-sum mb-0">
          <strong>${t('failures.sum', { n: list.runs })}</strong>
          ${t('failures.causes', { n: causes })}
          ${list.others > 0 ? t('failures.others', { n: list.others, runs: count(list.otherRuns) }) : nothing}
        </p>
        ${
          list.capped
            ? html`<div class="ops-callout ops-callout-warn mt-2">
                <i class="bi bi-scissors" aria-hidden="true"></i>
                <p class="mb-0">${t('failures.capped', { n: count(list.runs) })} ${time(list.oldest)}</p>
              </div>`
            : nothing
        }`,
      notes,
    )
  }

  function choose(event: Event): void {
    chosen = nameOf((event.target as HTMLSelectElement).value)
    replaceQuery(new URLSearchParams({ window: chosen }))
    table.face(loadingFace())
    refresh()
  }

  render(
    html`<label class="ops-table-length"
      >${t('failures.window')}
      <select class="form-select form-select-sm" @change=${choose}>
        ${(Object.keys(WINDOWS) as WindowName[]).map(
          (name) => html`<option value=${name} ?selected=${name === chosen}>${t(`failures.window.${name}`)}</option>`,
        )}
      </select></label
    >`,
    tools,
  )
  table.face(loadingFace())
  onChange('activity', signal, refresh)
  refresh()
}

function nameOf(text: string): WindowName {
  return Object.hasOwn(WINDOWS, text) ? (text as WindowName) : '24h'
}
