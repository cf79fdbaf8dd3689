import { html, nothing, render } from 'lit-html'
import { type ComparedItem, type Comparison, expectDifference } from '../../api/comparison.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { openModal } from '../../ui/modal.ts'
import { notifyError } from '../../ui/notify.ts'
import { routes } from '../../ui/routes.ts'
import { itemKey } from './columns.ts'
import { diffTable } from './diff.ts'
import { keptText, kindName, stateMark } from './words.ts'

/** An item field by field. Differences can be marked as expected here; `changed` gets the comparison that follows. */
export function showItem(
  signal: AbortSignal,
  comparison: Comparison,
  item: ComparedItem,
  changed: (next: Comparison) => void,
): void {
  const body = document.createElement('div')
  let shown = item
  const sides = [
    t('sides.hereIn', { name: visible(comparison.here.name) }),
    t('sides.thereIn', { name: visible(comparison.there.name) }),
  ] as const
  const modal = openModal(signal, {
    title: `${kindName(item.kind)}: ${visible(item.name)}`,
    body: html`${body}`,
    size: 'xl',
  })

  async function expect(field: ComparedItem['fields'][number], keep: boolean): Promise<void> {
    try {
      const next = await expectDifference(shown, field, keep)
      const found = next.items.find((i) => itemKey(i) === itemKey(item))
      changed(next)
      if (!found) return modal.close()
      shown = found
      draw()
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
  }

  function draw(): void {
    render(
      html`<p>${stateMark(shown.state)}
          ${shown.kept === '' || shown.kept === 'equal' ? nothing : html`<span class="ops-soft">${keptText(shown.kept)}</span>`}
          ${
            shown.hereId === ''
              ? nothing
              : html`<a href=${pathTo(routes.job, { id: shown.hereId })} @click=${() => modal.close()}>${t('sides.openJob')}</a>`
          }
        </p>
        ${
          shown.fields.length === 0
            ? nothing
            : diffTable(shown, shown.fields, sides, { expect: (field, keep) => void expect(field, keep) })
        }`,
      body,
    )
  }
  draw()
}
