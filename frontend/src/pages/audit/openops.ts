import { html, nothing, render, type TemplateResult } from 'lit-html'
import { type OpenOperation, type OpenOperations, openOperations, reconcile } from '../../api/operations.ts'
import { may, session } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { duration } from '../../lib/format.ts'
import { latest } from '../../lib/latest.ts'
import { onChange } from '../../lib/live.ts'
import { t, tryText } from '../../text/text.ts'
import { notifyError, notifyInfo, notifySuccess } from '../../ui/notify.ts'
import { foreign } from '../../ui/text.ts'
import { actionCell } from './action.ts'
import { actorCell, targetCell } from './columns.ts'

/** Operations that were begun and never finished, as a crash leaves them; empty while there are none. */
export function createOpenNote(signal: AbortSignal): HTMLElement {
  const element = document.createElement('div')
  let shown: OpenOperations | undefined
  const busy = new Set<string>()
  const draw = () =>
    shown &&
    render(
      openView(shown, busy, (id) => void close(id)),
      element,
    )
  const read = latest(signal, openOperations, {
    done(next) {
      shown = next
      draw()
    },
    // The list below says what is wrong with the database.
    failed: () => undefined,
  })

  async function close(id: string): Promise<void> {
    busy.add(id)
    draw()
    try {
      const outcome = await reconcile(id)
      const words = tryText(`audit.result.${outcome.result === 'done' ? 'succeeded' : outcome.result}`, {}) ?? ''
      if (outcome.result === 'unknown') notifyInfo(t('audit.open.still'))
      else notifySuccess(t('audit.open.closed', { result: words }))
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
    busy.delete(id)
    if (!signal.aborted) read()
  }

  const look = () => session().environment?.gate === true && read()
  onChange('operations', signal, look)
  onChange('audit', signal, look)
  look()
  return element
}

/** One line each: what, by whom, since when, and the button that closes it by what the cluster shows. */
export function openView(
  open: OpenOperations,
  busy: ReadonlySet<string>,
  close: (id: string) => void,
): TemplateResult | typeof nothing {
  if (open.operations.length === 0) return nothing
  const line = (o: OpenOperation) => html`<li>
    ${actionCell(o.action)} ${targetCell(o)}
    <span class="ops-soft">${t('audit.open.by')}</span> ${actorCell(o.actor)}
    <span class="ops-soft">${t('audit.open.since', { span: duration(o.ageMs) })}</span>
    ${o.reason === '' ? nothing : html`<q class="ops-soft">${foreign(o.reason, { max: 120 })}</q>`}
    ${o.unknown ? html`<span class="ops-soft">${t('audit.open.unknown')}</span>` : nothing}
    ${
      o.going
        ? html`<span class="ops-soft">${t('audit.open.going')}</span>`
        : may('operate')
          ? html`<button
              type="button"
              class="btn btn-sm btn-outline-primary"
              ?disabled=${busy.has(o.id)}
              @click=${() => close(o.id)}
            >
              ${busy.has(o.id) ? t('operation.running') : t('audit.open.reconcile')}
            </button>`
          : nothing
    }
  </li>`
  return html`<section class="ops-callout ops-callout-warn" aria-labelledby="ops-open-title">
    <i class="bi bi-hourglass-split" aria-hidden="true"></i>
    <div>
      <h2 class="ops-open-title" id="ops-open-title">${t('audit.open', { n: open.operations.length })}</h2>
      <p class="mb-1">${t('audit.open.about')}</p>
      <ul class="ops-open-list">${open.operations.map(line)}</ul>
    </div>
  </section>`
}
