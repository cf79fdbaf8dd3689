import { html, nothing, type TemplateResult } from 'lit-html'
import { parseTime, printTime } from '../lib/format.ts'
import { t } from '../text/text.ts'

/** What an answer about a moment of an archive stands on. */
export interface Basis {
  readonly kind: 'exact' | 'sampled' | 'inferred' | 'unknown'
  /** When that was seen which is shown; "" = nobody looked. */
  readonly looked: string
}

const ICONS: Readonly<Record<Basis['kind'], string>> = {
  exact: 'bi-check-circle',
  sampled: 'bi-camera',
  inferred: 'bi-diagram-2',
  unknown: 'bi-question-circle',
}

/** Marks how something is known at the moment of an archive: a shape, a word, and when somebody looked. */
export function basisMark(
  what: string,
  { kind, looked }: Basis,
  why = t(`archive.basis.${kind}.title`),
): TemplateResult {
  const at = parseTime(looked)
  return html`<span class="ops-basis ops-basis-${kind}" title=${why}
    ><i class="bi ${ICONS[kind]}" aria-hidden="true"></i>${what === '' ? nothing : html`<span>${what}</span>`}<b
      >${t(`archive.basis.${kind}`)}</b
    >${kind === 'sampled' && at ? html`<time datetime=${looked}>${printTime(at).time}</time>` : nothing}</span
  >`
}
