import { html, nothing, type TemplateResult } from 'lit-html'
import { type BulkSelection, planBulk } from '../../api/operations.ts'
import { may } from '../../api/session.ts'
import { t } from '../../text/text.ts'
import { type Action, menu } from '../../ui/menu.ts'
import { operateMany } from '../operate.ts'

const KINDS = [
  { kind: 'cancel', icon: 'bi-stop-circle', danger: true },
  { kind: 'reassign', icon: 'bi-shuffle' },
  { kind: 'rerun', icon: 'bi-arrow-clockwise' },
] as const

/** What can be done with many runs at once. What is meant is asked for when the operator acts. */
export function bulkActions(signal: AbortSignal, of: () => BulkSelection, done: () => void): Action[] {
  return KINDS.map(({ kind, ...look }) => ({
    ...look,
    label: t(`operate.bulk.${kind}`),
    run: () =>
      operateMany(signal, {
        title: t(`operate.bulk.${kind}.title`),
        verb: t(`operate.bulk.${kind}.verb`),
        plan: () => planBulk(kind, of()),
        over: done,
      }),
  }))
}

/** The controls above the list: for the rows that are marked, and for everything that matches. */
export function bulkTools(
  signal: AbortSignal,
  chosen: () => ReadonlySet<string>,
  filter: () => BulkSelection['filter'],
  done: () => void,
): TemplateResult | typeof nothing {
  if (!may('operate')) return nothing
  const ids = [...chosen()]
  return html`${
    ids.length === 0
      ? nothing
      : html`<span class="ops-bulk">${menu(
          t('operate.bulk.chosen', { n: ids.length }),
          bulkActions(signal, () => ({ ids: [...chosen()], filter: filter() }), done),
          { words: true },
        )}</span>`
  }<span class="ops-bulk">${menu(
    t('operate.bulk.all'),
    bulkActions(signal, () => ({ ids: [], filter: filter() }), done),
    { words: true },
  )}</span>`
}
