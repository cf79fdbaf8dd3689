import { html, nothing, render } from 'lit-html'
import {
  type Candidate,
  type ComparedItem,
  type Comparison,
  closeOther,
  listCandidates,
  openOther,
  readComparison,
} from '../api/comparison.ts'
import { may, onSession } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { count, parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { handover } from '../lib/handover.ts'
import { latest } from '../lib/latest.ts'
import type { Page } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { environment } from '../ui/badge.ts'
import { face, failureFace, loadingFace } from '../ui/face.ts'
import { pageFrame } from '../ui/page.ts'
import { createTable, type Table } from '../ui/table.ts'
import { chooseView } from './environments/choose.ts'
import { itemColumns, itemKey } from './environments/columns.ts'
import { showItem } from './environments/detail.ts'
import { reviewPromotion } from './environments/review.ts'
import { type ItemState, STATES, stateMark } from './environments/words.ts'
import { secretsFor } from './profile/open.ts'

/** What is shown at first: everything that needs a look. */
const SHOWN: readonly ItemState[] = ['different', 'there', 'here', 'unknown']

/** The states that are shown, from a page whose other environment is open to the next one, which goes on with it. */
const handed = handover<Set<ItemState>>(closeOther)

/**
 * The shown environment beside another one, job by job and setting by setting. The other one is open only as long as this
 * screen is, and is only read; what is brought over goes into the shown one.
 */
export const environmentsPage: Page = (host, signal) => {
  const frame = pageFrame(host, t('sides.title'), { lead: t('sides.lead'), fill: true })
  const choosing = document.createElement('div')
  let candidates: readonly Candidate[] | undefined
  let failure: Failure | undefined
  let busy = false

  const draw = () =>
    render(
      candidates
        ? chooseView({ candidates, busy, ...(failure ? { failure } : {}) }, (candidate) => void open(candidate))
        : face(failure ? failureFace(failure, list) : loadingFace()),
      choosing,
    )

  const list = latest(signal, listCandidates, {
    done(next) {
      candidates = next
      failure = undefined
      readAt(new Date(), Number.POSITIVE_INFINITY)
      draw()
    },
    failed(why) {
      failure = why
      readFailed(why)
      draw()
    },
  })

  async function open(candidate: Pick<Candidate, 'id' | 'name'>): Promise<void> {
    busy = true
    failure = undefined
    draw()
    try {
      const secrets = await secretsFor(signal, candidate)
      if (!secrets) return stay()
      await openOther(candidate.id, secrets)
      if (signal.aborted) return closeOther()
      choosing.remove()
      compare(frame, signal, new Set(SHOWN))
    } catch (thrown) {
      failure = Failure.of(thrown)
    }
    stay()
  }

  function stay(): void {
    busy = false
    draw()
  }

  const shown = handed.take()
  if (shown) return compare(frame, signal, shown)
  frame.body.append(choosing)
  draw()
  list()
}

/** Shows the comparison of what is open. */
function compare(frame: ReturnType<typeof pageFrame>, signal: AbortSignal, shown: Set<ItemState>): void {
  signal.addEventListener('abort', () => handed.give(shown), { once: true })
  let comparison: Comparison | undefined
  const notes = document.createElement('div')
  notes.className = 'ops-notes'
  const tools = document.createElement('div')
  tools.className = 'ops-sides-tools'
  frame.body.append(notes)
  const table: Table<ComparedItem> = createTable<ComparedItem>(frame.body, signal, {
    id: 'ops-sides',
    label: t('sides.table'),
    columns: itemColumns(),
    key: itemKey,
    open: (item) => comparison && showItem(signal, comparison, item, take),
    order: ['state', 'asc'],
    pageLength: 100,
    tools: [tools],
    onSelect: () => drawTools(),
    fill: true,
    empty: { kind: 'empty', title: t('sides.same'), text: t('sides.sameText') },
  })

  const read = latest(signal, readComparison, {
    done: take,
    failed(why) {
      readFailed(why)
      if (!comparison) table.face(failureFace(why, read))
    },
  })

  function take(next: Comparison): void {
    comparison = next
    readAt(parseTime(next.asOf) ?? new Date(), Number.POSITIVE_INFINITY)
    table.face(null)
    drawRows()
    drawNotes(next)
    drawTools()
  }

  function drawRows(): void {
    table.update((comparison?.items ?? []).filter((item) => shown.has(item.state as ItemState)))
  }

  const chosen = () => {
    const keys = table.selected()
    return (comparison?.items ?? []).filter((item) => keys.has(itemKey(item)) && item.kept === '')
  }

  function drawNotes({ here, there, problem }: Comparison): void {
    render(
      html`<p class="ops-sides-way">${environment(here.kind, here.name)}
          <i class="bi bi-arrow-left-right" role="img" aria-label=${t('sides.with')}></i>
          ${environment(there.kind, there.name)}</p>
        ${problem ? html`<p class="ops-warn" role="alert">${failureText(new Failure(problem.code, problem.reason, problem.message, problem.args ?? {}))}</p>` : nothing}`,
      notes,
    )
  }

  function drawTools(): void {
    if (!comparison) return
    const now = comparison
    const of = (state: ItemState) => now.items.filter((item) => item.state === state).length
    const ready = chosen()
    const toggle = (state: ItemState) => {
      if (!shown.delete(state)) shown.add(state)
      drawRows()
      drawTools()
    }
    render(
      html`<div class="ops-sides-filter" role="group" aria-label=${t('sides.filter')}>
          ${STATES.map(
            (state) => html`<button
              type="button"
              class="btn btn-sm btn-outline-secondary ${shown.has(state) ? 'active' : ''}"
              aria-pressed=${String(shown.has(state))}
              @click=${() => toggle(state)}
            >
              ${stateMark(state)} ${count(of(state))}
            </button>`,
          )}
        </div>
        ${
          may('admin')
            ? html`<button
                type="button"
                class="btn btn-sm btn-primary"
                ?disabled=${ready.length === 0}
                @click=${() => reviewPromotion(signal, now, ready, read)}
              >
                <i class="bi bi-box-arrow-in-down-left" aria-hidden="true"></i> ${ready.length === 0 ? t('sides.promote.some') : t('sides.promote', { n: ready.length })}
              </button>`
            : html`<span class="ops-soft">${t('sides.promote.right')}</span>`
        }`,
      tools,
    )
  }

  frame.actions(html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => read()}>
    <i class="bi bi-arrow-clockwise" aria-hidden="true"></i> ${t('sides.again')}
  </button>`)
  onSession(signal, () => drawTools())
  table.face(loadingFace())
  read()
}
