import { html } from 'lit-html'
import { type ComparedItem, type Comparison, planPromotion, startPromotion } from '../../api/comparison.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { environment } from '../../ui/badge.ts'
import { openModal } from '../../ui/modal.ts'
import { operateMany } from '../operate.ts'
import { itemKey } from './columns.ts'
import { diffTable } from './diff.ts'
import { kindName } from './words.ts'

/** Shows everything that would change here, then asks as every operation does. `over` is called when it has ended. */
export function reviewPromotion(
  signal: AbortSignal,
  comparison: Comparison,
  items: readonly ComparedItem[],
  over: () => void,
): void {
  const { here, there } = comparison
  const title = t('sides.promote.title', { here: visible(here.name), there: visible(there.name) })
  const next = () => {
    modal.close()
    operateMany(signal, {
      title,
      verb: t('sides.promote.verb'),
      plan: () => planPromotion(items),
      start: startPromotion,
      over,
    })
  }
  const modal = openModal(signal, {
    title,
    size: 'xl',
    close: t('action.cancel'),
    body: html`<p class="ops-sides-way">${environment(there.kind, there.name)}
        <i class="bi bi-arrow-right" role="img" aria-label=${t('sides.promote.into')}></i>
        ${environment(here.kind, here.name)}</p>
      <p>${t('sides.promote.about', { here: visible(here.name) })}</p>
      ${items.map(
        (item) => html`<section class="ops-sides-item" data-ops-item=${itemKey(item)}>
          <h3 class="h6">${kindName(item.kind)}: ${visible(item.name)}
            <span class="ops-soft">${item.state === 'there' ? t('sides.promote.new') : ''}</span></h3>
          ${diffTable(item, changes(item), [
            t('sides.promote.before', { here: visible(here.name) }),
            t('sides.promote.after', { there: visible(there.name) }),
          ])}
        </section>`,
      )}`,
    footer: html`<button type="button" class="btn btn-primary" @click=${next}>${t('sides.promote.continue')}</button>`,
  })
}

/** The fields that would change: neither what is expected to differ nor what can't be compared. */
const changes = (item: ComparedItem) => item.fields.filter((f) => f.state === 'different')
