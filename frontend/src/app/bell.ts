import { html, nothing, render, type TemplateResult } from 'lit-html'
import { session } from '../api/session.ts'
import { announce, type News, type NewsItem, newsSeen, readNews } from '../api/watches.ts'
import { count } from '../lib/format.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { pathTo } from '../lib/router.ts'
import { newsEnvironment, newsIcon, newsRoute, newsText } from '../pages/watching/words.ts'
import { t } from '../text/text.ts'
import { notifyInfo } from '../ui/notify.ts'
import { routes } from '../ui/routes.ts'
import { time } from '../ui/text.ts'

/** How many of the newest the bell lists; their screen has the others. */
const LISTED = 8
/** How many lines a notice has at most. */
const LINES = 4

export interface Bell {
  /** Stands in the header. */
  readonly element: HTMLElement
  draw(): void
}

/** Tells of what happens to what is watched: by a notice in the window and one of the system, and in a list behind a bell. */
export function createBell(signal: AbortSignal): Bell {
  const element = document.createElement('div')
  element.className = 'ops-bell dropdown'
  let news: News = { items: [], seen: 0, told: 0 }
  /** Up to which number this page has told of them; undefined while it has read nothing. */
  let told: number | undefined

  const read = latest(signal, readNews, {
    done(next) {
      news = next
      const since = told ?? next.told
      const fresh = next.items.filter(({ seq }) => seq > since)
      told = Math.max(since, next.items[0]?.seq ?? 0)
      if (fresh.length > 0) tell(fresh)
      draw()
    },
    failed: () => undefined, // it is asked again with the next news
  })

  function draw(): void {
    const environment = session().environment
    const unseen = news.items.filter(({ seq }) => seq > news.seen).length
    element.hidden = (!environment && news.items.length === 0) || environment?.archive !== undefined
    render(
      html`<button
          type="button"
          class="btn btn-sm ops-bell-button"
          data-bs-toggle="dropdown"
          aria-expanded="false"
          aria-label=${unseen > 0 ? t('bell.unseen', { n: unseen }) : t('bell.label')}
          title=${t('bell.label')}
        >
          <i class="bi ${unseen > 0 ? 'bi-bell-fill' : 'bi-bell'}" aria-hidden="true"></i
          >${unseen > 0 ? html`<span class="ops-bell-count" aria-hidden="true">${count(unseen)}</span>` : nothing}
        </button>
        <div class="dropdown-menu dropdown-menu-end ops-bell-menu">
          ${news.items.length === 0 ? html`<p class="ops-bell-none">${t('watching.news.none')}</p>` : nothing}
          ${news.items.slice(0, LISTED).map(line)}
          <a class="dropdown-item ops-bell-all" href=${pathTo(routes.watching)} ?hidden=${!environment}
            ><i class="bi bi-gear" aria-hidden="true"></i> ${t('bell.all')}</a
          >
        </div>`,
      element,
    )
  }

  function line(item: NewsItem): TemplateResult {
    const seen = item.seq <= news.seen
    return html`<a
      class="dropdown-item ops-bell-item ${seen ? '' : 'ops-bell-new'}"
      href=${session().environment ? `#${newsRoute(item)}` : pathTo(routes.welcome)}
      ><i class="bi ${newsIcon(item)}" aria-hidden="true"></i
      ><span
        ><span class="ops-bell-text">${newsText(item)}</span
        ><span class="ops-soft">${newsEnvironment(item)} · ${time(item.at, { age: nowShown() })}</span></span
      ></a
    >`
  }

  // Who has opened the list has seen what is in it. It is said when the list closes, so that what is new looks new until then.
  element.addEventListener('hidden.bs.dropdown', () => {
    const newest = news.items[0]
    if (newest && newest.seq > news.seen) newsSeen(newest.seq)
  })
  onChange('news', signal, read)
  draw()
  read()
  return { element, draw }
}

/** Tells of what one look, or several, have found: once, however much it is. */
function tell(fresh: readonly NewsItem[]): void {
  const [newest] = fresh
  if (!newest) return
  const lines = fresh.slice(0, fresh.length > LINES ? LINES - 1 : LINES).map(newsText)
  const rest = fresh.length - lines.length
  const body = [...lines, ...(rest > 0 ? [t('news.more', { n: rest })] : [])].join('\n')
  const title = newsEnvironment(newest)
  notifyInfo(`${title}\n${body}`)
  announce({
    seq: newest.seq,
    title,
    body,
    open: t('news.open'),
    urgent: fresh.some(({ what }) => what === 'leader_lost'),
    route: fresh.length === 1 ? newsRoute(newest) : routes.watching,
  })
}
