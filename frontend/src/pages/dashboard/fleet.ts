import { html, nothing, type TemplateResult } from 'lit-html'
import type { Cluster } from '../../api/dashboard.ts'
import { count } from '../../lib/format.ts'
import { pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { routes } from '../../ui/routes.ts'

type Group = 'total' | 'running' | 'idle' | 'draining' | 'detached' | 'silent'

/** How each group looks; `bad` and `warn` ones are coloured only when there is somebody in them. */
const GROUPS: readonly { group: Group; icon: string; tone?: 'bad' | 'warn' }[] = [
  { group: 'total', icon: 'bi-cpu' },
  { group: 'running', icon: 'bi-play-fill' },
  { group: 'idle', icon: 'bi-pause' },
  { group: 'draining', icon: 'bi-funnel-fill', tone: 'warn' },
  { group: 'detached', icon: 'bi-scissors', tone: 'warn' },
  { group: 'silent', icon: 'bi-volume-mute-fill', tone: 'bad' },
]

/** Workers by what they do, each number a way to the list. */
export function fleetTiles(workers: Cluster['workers']): TemplateResult {
  return html`<ul class="ops-tiles">
      ${GROUPS.map(({ group, icon, tone }) => {
        const n = workers[group]
        return html`<li>
          <a class="ops-tile ${tone && n > 0 ? `ops-tile-${tone}` : ''} ${n === 0 ? 'ops-tile-zero' : ''}" href=${pathTo(routes.workers)}>
            <span class="ops-tile-number">${count(n)}</span>
            <span class="ops-tile-name"><i class="bi ${icon}" aria-hidden="true"></i> ${t(`dashboard.workers.${group}`)}</span>
          </a>
        </li>`
      })}
    </ul>
    ${
      workers.total - workers.silent <= 0
        ? html`<p class="ops-bad mb-0" role="alert">
            <i class="bi bi-exclamation-octagon-fill" aria-hidden="true"></i> ${t('dashboard.workers.none')}
          </p>`
        : nothing
    }`
}
