import { html, nothing, render } from 'lit-html'
import { session } from '../api/session.ts'
import { pathTo } from '../lib/router.ts'
import { type PlainKey, t } from '../text/text.ts'
import { routes } from '../ui/routes.ts'

/** A screen that the navigation leads to. */
export interface NavItem {
  pattern: string
  icon: string
  text: PlainKey
  /** Patterns of screens that belong to the same item. */
  also?: readonly string[]
}

const WELCOME: NavItem = {
  pattern: routes.welcome,
  icon: 'bi-hdd-network',
  text: 'nav.environment',
  also: [routes.newProfile, routes.profile],
}
const SCREENS: readonly NavItem[] = [
  { pattern: routes.dashboard, icon: 'bi-speedometer2', text: 'nav.dashboard' },
  { pattern: routes.runs, icon: 'bi-list-check', text: 'nav.runs', also: [routes.run, routes.compare] },
  { pattern: routes.timeline, icon: 'bi-bar-chart-steps', text: 'nav.timeline' },
  { pattern: routes.failures, icon: 'bi-bug', text: 'nav.failures' },
  {
    pattern: routes.jobs,
    icon: 'bi-calendar-event',
    text: 'nav.jobs',
    also: [routes.job, routes.newJob, routes.editJob],
  },
  { pattern: routes.expected, icon: 'bi-clipboard-check', text: 'nav.expected' },
  { pattern: routes.workers, icon: 'bi-cpu', text: 'nav.workers', also: [routes.worker] },
  { pattern: routes.events, icon: 'bi-lightning', text: 'nav.events' },
  { pattern: routes.settings, icon: 'bi-sliders', text: 'nav.settings' },
  { pattern: routes.audit, icon: 'bi-journal-text', text: 'nav.audit' },
]
const WATCHING: NavItem = { pattern: routes.watching, icon: 'bi-bell', text: 'nav.watching' }
const ENVIRONMENTS: NavItem = { pattern: routes.environments, icon: 'bi-layout-split', text: 'nav.environments' }
const HISTORIES: NavItem = { pattern: routes.histories, icon: 'bi-clock-history', text: 'nav.histories' }

/** The screens that can be gone to now; most of them need an environment to show. */
export function navItems(): readonly NavItem[] {
  const { environment, open } = session()
  if (!environment) return [WELCOME]
  const besides = environment.archive
    ? [HISTORIES]
    : open.some((one) => one.archive)
      ? [WATCHING, ENVIRONMENTS, HISTORIES]
      : [WATCHING, ENVIRONMENTS]
  return [WELCOME, ...SCREENS, ...besides]
}

/** Draws the navigation. */
export function drawNav(element: HTMLElement, pattern: string): void {
  element.setAttribute('aria-label', t('nav.label'))
  render(
    html`<ul class="ops-nav-list">
      ${navItems().map(
        (item) => html`<li>
          <a
            class="ops-nav-link"
            href=${pathTo(item.pattern)}
            title=${t(item.text)}
            aria-current=${item.pattern === pattern ? 'page' : item.also?.includes(pattern) ? 'true' : nothing}
            ><i class="bi ${item.icon}" aria-hidden="true"></i><span>${t(item.text)}</span></a
          >
        </li>`,
      )}
    </ul>`,
    element,
  )
}
