import { html, nothing, type TemplateResult } from 'lit-html'
import type { Candidate } from '../../api/comparison.ts'
import { type Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { environment } from '../../ui/badge.ts'
import { face } from '../../ui/face.ts'
import { panel } from '../../ui/page.ts'

export interface Choosing {
  readonly candidates: readonly Candidate[]
  readonly busy: boolean
  readonly failure?: Failure
}

/** Lets the operator choose what to compare with. */
export function chooseView(state: Choosing, open: (candidate: Pick<Candidate, 'id' | 'name'>) => void): TemplateResult {
  if (state.candidates.length === 0) {
    return html`${face({ kind: 'empty', title: t('sides.none'), text: t('sides.noneText') })}`
  }
  return panel(
    t('sides.choose'),
    html`<p>${t('sides.chooseAbout')}</p>
      ${
        state.failure
          ? html`<div class="ops-callout ops-callout-bad" role="alert">
              <i class="bi bi-exclamation-octagon-fill" aria-hidden="true"></i><div>${failureText(state.failure)}</div>
            </div>`
          : nothing
      }
      <ul class="ops-plain-list ops-sides-candidates">
        ${state.candidates.map((candidate) => candidateView(candidate, state.busy, open))}
      </ul>
      ${state.busy ? html`<p role="status">${t('sides.opening')}</p>` : nothing}`,
  )
}

function candidateView(
  { id, name, kind }: Candidate,
  busy: boolean,
  open: (candidate: Pick<Candidate, 'id' | 'name'>) => void,
): TemplateResult {
  return html`<li class="ops-sides-candidate">
    ${environment(kind, name)}
    <button type="button" class="btn btn-sm btn-primary" ?disabled=${busy} @click=${() => open({ id, name })}>
      ${t('sides.compareWith', { name: visible(name) })}
    </button>
  </li>`
}
