import { html, type TemplateResult } from 'lit-html'
import type { Environment } from '../../api/session.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { switcher } from './switcher.ts'

/** The header while an archive is shown. It has none of what a live environment's has, so that nobody takes one for the other. */
export function archiveHeader({ kind, name }: Environment): TemplateResult {
  const word = tryText(`environment.${kind}`, {}) ?? visible(kind)
  return html`<span class="ops-brand">Opsdeck</span>
    <span class="ops-environment ops-environment-archive"
      ><i class="bi bi-archive-fill" aria-hidden="true"></i><span class="ops-environment-kind">${t('archive.word')}</span
      ><span class="ops-environment-name">${visible(name)}</span><span>(${word})</span></span
    >
    ${switcher()}
    <span class="ops-header-space"></span>
    <span class="ops-pill" title=${t('archive.readOnly.title')}
      ><i class="bi bi-archive" aria-hidden="true"></i> ${t('archive.readOnly')}</span
    >`
}
