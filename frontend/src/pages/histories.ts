import { html, nothing, render, type TemplateResult } from 'lit-html'
import {
  compareHistories,
  type Histories,
  type HistoryItem,
  type HistoryRunRow,
  type HistorySide,
} from '../api/histories.ts'
import { chooseArchive, type Open, openArchive, session, show } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { count, fullTime, parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { nowShown } from '../lib/moment.ts'
import { type Page, pathTo } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { environment } from '../ui/badge.ts'
import { basisMark } from '../ui/basis.ts'
import { face, failureFace, loadingFace } from '../ui/face.ts'
import { openModal } from '../ui/modal.ts'
import { notifyError } from '../ui/notify.ts'
import { pageFrame } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import { createTable, type KeysetPlace, type Table } from '../ui/table.ts'
import { diffTable } from './environments/diff.ts'
import { kindName, stateMark } from './environments/words.ts'
import { itemColumns, runColumns } from './histories/columns.ts'

const PARTS = ['runs', 'jobs', 'settings', 'workers'] as const
type Part = (typeof PARTS)[number]
/** How far back the runs of a live environment can be looked at, in hours. */
const HOURS = [1, 6, 24, 168] as const
/** How many rows a page has. */
const SIZE = 100

/** What was chosen, for as long as the window is open: moving the time machine opens the page anew. */
const chosen = { there: '', part: 'runs' as Part, all: false, hours: 24 }

/** What is shown beside another of what is open: two archives, or one and the live environment. */
export const historiesPage: Page = (host, signal) => {
  const frame = pageFrame(host, t('histories.title'), { lead: t('histories.lead'), fill: true })
  const here = session().open.find((one) => one.shown)
  const others = session().open.filter((one) => !one.shown && (one.archive || here?.archive === true))
  if (!here) return
  frame.actions(html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => void openAnother(here)}>
    <i class="bi bi-archive" aria-hidden="true"></i> ${t('histories.open')}
  </button>`)
  if (others.length === 0) {
    readAt(nowShown(), Number.POSITIVE_INFINITY)
    render(face({ kind: 'empty', title: t('histories.none'), text: t('histories.noneText') }), frame.body)
    return
  }
  if (!others.some(({ key }) => key === chosen.there)) chosen.there = others[0]?.key ?? ''
  compare(frame.body, signal, here, others)
}

/** Opens another archive beside what is shown, which stays shown. */
async function openAnother(here: Open): Promise<void> {
  try {
    const path = await chooseArchive(t('archive.open.title'), t('archive.open.kind'))
    if (path === '') return
    await openArchive(path)
    chosen.there = session().open.find((one) => one.shown)?.key ?? ''
    await show(here.key)
    location.hash = pathTo(routes.histories)
  } catch (thrown) {
    notifyError(failureText(Failure.of(thrown)))
  }
}

function compare(body: HTMLElement, signal: AbortSignal, here: Open, others: readonly Open[]): void {
  const sides = document.createElement('div')
  const tools = document.createElement('div')
  tools.className = 'ops-history-tools'
  const list = document.createElement('div')
  list.className = 'ops-page-fill'
  body.append(sides, tools, list)
  let found: Histories | undefined
  let offset = 0
  let life = new AbortController()
  let table: { update(found: Histories, place: KeysetPlace): void; face: Table<never>['face'] } | undefined
  signal.addEventListener('abort', () => life.abort())

  const read = latest(
    signal,
    () =>
      compareHistories({
        here: here.key,
        there: chosen.there,
        part: chosen.part,
        all: chosen.all,
        liveHours: chosen.hours,
        offset,
        size: SIZE,
      }),
    {
      done(next) {
        found = next
        readAt(nowShown(), Number.POSITIVE_INFINITY)
        table?.face(null)
        table?.update(next, placeOf(next))
        draw()
      },
      failed(why: Failure) {
        readFailed(why)
        table?.face(failureFace(why, read))
      },
    },
  )

  function placeOf({ total }: Histories): KeysetPlace {
    const until = Math.min(offset + SIZE, total)
    return {
      hasPrevious: offset > 0,
      hasNext: until < total,
      note:
        total === 0
          ? ''
          : t('histories.place', {
              from: count(Math.min(offset + 1, until)),
              until: count(until),
              total: count(total),
            }),
    }
  }

  function turn(to: number): void {
    offset = Math.max(0, to)
    read()
  }

  /** Something else is compared: rows of before don't stay. */
  function again(): void {
    offset = 0
    found = undefined
    begin()
    draw()
    read()
  }

  function begin(): void {
    life.abort()
    life = new AbortController()
    list.replaceChildren()
    const common = {
      label: t(`histories.part.${chosen.part}`),
      keyset: { first: () => turn(0), previous: () => turn(offset - SIZE), next: () => turn(offset + SIZE) },
      fill: true,
      empty: { kind: 'empty', title: t('histories.same'), text: t('histories.sameText') },
    } as const
    if (chosen.part === 'runs') {
      const runs = createTable<HistoryRunRow>(list, life.signal, {
        ...common,
        id: 'ops-history-runs',
        columns: runColumns(),
        key: (row) => `job ${row.name}`,
      })
      table = { update: (next, place) => runs.update(next.runs, place), face: runs.face }
    } else {
      const items = createTable<HistoryItem>(list, life.signal, {
        ...common,
        id: 'ops-history-items',
        columns: itemColumns(),
        key: (item) => `${item.kind} ${item.name}`,
        open: (item) => found && showItem(signal, found, item),
      })
      table = { update: (next, place) => items.update(next.items, place), face: items.face }
    }
    table.face(loadingFace())
  }

  function draw(): void {
    render(sidesView(found), sides)
    render(
      html`<div class="btn-group" role="group" aria-label=${t('histories.parts')}>
          ${PARTS.map(
            (part) => html`<button
              type="button"
              class="btn btn-sm btn-outline-secondary ${part === chosen.part ? 'active' : ''}"
              aria-pressed=${String(part === chosen.part)}
              @click=${() => {
                chosen.part = part
                again()
              }}
            >
              ${t(`histories.part.${part}`)}
            </button>`,
          )}
        </div>
        <label class="ops-history-all"
          ><input
            type="checkbox"
            class="form-check-input"
            .checked=${chosen.all}
            @change=${(event: Event) => {
              chosen.all = (event.target as HTMLInputElement).checked
              again()
            }}
          />
          ${t('histories.all')}</label
        >
        <span class="ops-history-counts" role="status">${found?.counts.filter(({ n }) => n > 0).map(({ state, n }) => html`<span>${stateMark(state)} ${count(n)}</span>`)}</span>`,
      tools,
    )
  }

  function sidesView(now: Histories | undefined): TemplateResult {
    const live = [here, ...others.filter(({ key }) => key === chosen.there)].some((one) => !one.archive)
    return html`<div class="ops-history-sides">
      ${side(here, now?.here)}
      <i class="bi bi-arrow-right" role="img" aria-label=${t('sides.with')}></i>
      <div class="ops-history-side">
        <select
          class="form-select form-select-sm"
          aria-label=${t('histories.there')}
          @change=${(event: Event) => {
            chosen.there = (event.target as HTMLSelectElement).value
            again()
          }}
        >
          ${others.map(
            (one) => html`<option value=${one.key} .selected=${one.key === chosen.there}>
              ${t(one.archive ? 'archive.switch.archive' : 'archive.switch.live', { name: visible(one.name) })}
            </option>`,
          )}
        </select>
        ${windowOf(now?.there)}
      </div>
      ${
        live && chosen.part === 'runs'
          ? html`<label class="ops-history-hours"
              >${t('histories.hours')}
              <select
                class="form-select form-select-sm"
                @change=${(event: Event) => {
                  chosen.hours = Number((event.target as HTMLSelectElement).value)
                  again()
                }}
              >
                ${HOURS.map((n) => html`<option value=${n} .selected=${n === chosen.hours}>${t('histories.lastHours', { n })}</option>`)}
              </select></label
            >`
          : nothing
      }
    </div>`
  }

  function side(one: Open, now: HistorySide | undefined): TemplateResult {
    return html`<div class="ops-history-side">
      <span>${one.archive ? html`<i class="bi bi-archive-fill" aria-hidden="true"></i> ` : nothing}${environment(one.kind, one.name)}</span>
      ${windowOf(now)}
    </div>`
  }

  begin()
  draw()
  read()
}

/** What of a side is compared: a stretch of its runs, or what is known of the rest at its moment. */
function windowOf(side: HistorySide | undefined): TemplateResult {
  const at = (wire: string) => {
    const time = parseTime(wire)
    return time ? fullTime(time).replace(/\.\d+/, '') : ''
  }
  if (!side) return html`<span class="ops-soft">…</span>`
  if (chosen.part === 'runs') return html`<span class="ops-soft">${at(side.from)} – ${at(side.to)}</span>`
  const known = chosen.part === 'workers' ? side.fleet : side.jobs
  return html`<span class="ops-soft">${t('archive.asOf', { time: at(side.to) })}</span>
    ${chosen.part === 'settings' || !side.archive ? nothing : basisMark('', { kind: known.kind as 'exact', looked: known.looked })}`
}

/** All that differs of one item, value by value. */
function showItem(signal: AbortSignal, { here, there }: Histories, item: HistoryItem): void {
  openModal(signal, {
    title: `${kindName(item.kind)}: ${visible(item.name)}`,
    body: html`<p>${stateMark(item.state)}</p>
      ${
        item.fields.length === 0
          ? nothing
          : diffTable(item, item.fields, [
              t('sides.hereIn', { name: visible(here.name) }),
              t('sides.thereIn', { name: visible(there.name) }),
            ])
      }`,
    size: 'xl',
  })
}
