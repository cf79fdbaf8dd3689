import { html, type TemplateResult } from 'lit-html'
import { wireFailure } from '../api/bridge.ts'
import { failureText } from '../lib/failure.ts'
import { duration } from '../lib/format.ts'
import { visible } from '../lib/hostile.ts'
import type { Replica } from '../lib/live.ts'
import { t } from '../text/text.ts'

/** Whom lists are asked of, and how far behind the primary that is. */
export function replicaItem({ address, used, lagMs, error }: Replica): TemplateResult {
  const failure = wireFailure(error)
  const title = failure ? failureText(failure) : t('frame.replicaTitle', { address: visible(address) })
  return html`<span class="ops-header-item ops-header-replica ${used ? '' : 'ops-warn'}" title=${title}
    ><i class="bi bi-layers" aria-hidden="true"></i
    ><span>${used ? t('frame.replica', { lag: duration(lagMs) }) : t('frame.replicaUnused')}</span></span
  >`
}
