import { html, nothing, render, type TemplateResult } from 'lit-html'
import {
  listWatches,
  type News,
  newsSeen,
  readNews,
  removeWatch,
  type Watched,
  type WatchList,
} from '../api/watches.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { readAt } from '../lib/freshness.ts'
import { cut, visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import type { Page } from '../lib/router.ts'
import { t, tryText } from '../text/text.ts'
import { face, failureFace, loadingFace } from '../ui/face.ts'
import { notifyError } from '../ui/notify.ts'
import { pageFrame, panel } from '../ui/page.ts'
import { jobLink, runLink, workerLink } from '../ui/routes.ts'
import { none, time } from '../ui/text.ts'
import { watchButton } from './watching/button.ts'
import { watchJob } from './watching/dialog.ts'
import { newsIcon, newsRoute, newsText, watchedWords } from './watching/words.ts'

/** What is watched in this environment, and what there was to tell. */
export const watchingPage: Page = (host, signal) => {
  const frame = pageFrame(host, t('watching.title'), { lead: t('watching.lead') })
  const leader = watchButton(signal, { kind: 'leader', id: '' }, true)
  let list: WatchList | undefined
  let news: News = { items: [], seen: 0, told: 0 }
  let failure: Failure | undefined

  const refresh = latest(signal, listWatches, {
    done(next) {
      list = next
      failure = undefined
      readAt(nowShown(), Number.POSITIVE_INFINITY)
      draw()
    },
    failed(why) {
      failure = why
      draw()
    },
  })
  const hear = latest(signal, readNews, {
    done(next) {
      news = next
      if (next.items[0] && next.items[0].seq > next.seen) newsSeen(next.items[0].seq)
      draw()
    },
    failed: () => undefined, // the list above says what is wrong
  })

  async function stop(watch: Watched): Promise<void> {
    try {
      await removeWatch(watch)
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
  }

  function draw(): void {
    if (!list) {
      render(face(failure ? failureFace(failure, refresh) : loadingFace()), frame.body)
      return
    }
    if (!list.possible) {
      render(face({ kind: 'empty', title: t('watching.archive'), text: t('watching.archive.text') }), frame.body)
      return
    }
    render(
      html`${list.failure ? callout('bad', t('watching.unreadable'), failureText(list.failure)) : nothing}
        ${list.outside ? nothing : callout('warn', t('watching.inside'), t('watching.inside.text'))}
        ${panel(t('watching.list'), listView(list), list.watches.some(({ kind }) => kind === 'leader') ? nothing : leader.element)}
        ${panel(t('watching.news'), newsView(news, nowShown()))}`,
      frame.body,
    )
  }

  function listView({ watches, everySec, idleMinutes }: WatchList): TemplateResult {
    const table = html`<div class="ops-panel-flush ops-scroll" tabindex="0" role="region" aria-label=${t('watching.list')}>
      <table class="table table-sm ops-plain-table">
        <caption class="visually-hidden">${t('watching.list')}</caption>
        <thead>
          <tr>
            <th scope="col">${t('watching.column.kind')}</th>
            <th scope="col">${t('watching.column.what')}</th>
            <th scope="col">${t('watching.column.tell')}</th>
            <th scope="col"><span class="visually-hidden">${t('watching.column.do')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${watches.map(row)}
        </tbody>
      </table>
    </div>`
    return html`${watches.length === 0 ? html`<p>${t('watching.none')}</p>` : table}
      <p class="ops-soft ops-watch-note">${t('watching.pace', { n: everySec })}
        ${idleMinutes > 0 ? t('watching.idle', { n: idleMinutes }) : nothing}</p>`
  }

  function row(watch: Watched): TemplateResult {
    const name = visible(cut(watch.name === '' ? watch.id : watch.name, 80).text)
    return html`<tr>
      <td>${tryText(`watching.kind.${watch.kind}`, {}) ?? visible(watch.kind)}</td>
      <td>${link(watch)}</td>
      <td>${watchedWords(watch)}</td>
      <td class="ops-watch-do">
        ${
          watch.kind === 'job'
            ? html`<button
                type="button"
                class="btn btn-sm btn-outline-secondary"
                aria-label=${t('watching.change.of', { what: name })}
                @click=${() => watchJob(signal, watch, watch)}
              >
                ${t('watching.change')}
              </button>`
            : nothing
        }
        <button
          type="button"
          class="btn btn-sm btn-outline-secondary"
          aria-label=${t('watching.stop.of', { what: watch.kind === 'leader' ? t('watching.kind.leader') : name })}
          @click=${() => void stop(watch)}
        >
          ${t('watching.stop')}
        </button>
      </td>
    </tr>`
  }

  draw()
  onChange('watches', signal, refresh)
  onChange('news', signal, hear)
  refresh()
  hear()
}

function link({ kind, id, name }: Watched): TemplateResult {
  if (kind === 'job') return jobLink(id, name)
  if (kind === 'worker') return workerLink(id)
  if (kind === 'run') return html`${runLink(id)} ${visible(cut(name, 80).text)}`
  return none()
}

/** What has happened, newest first, each leading to its screen. */
function newsView({ items }: News, now: Date): TemplateResult {
  if (items.length === 0) return html`<p class="ops-soft mb-0">${t('watching.news.none')}</p>`
  return html`<ul class="ops-plain-list ops-news-list">
    ${items.map(
      (item) => html`<li>
        <i class="bi ${newsIcon(item)}" aria-hidden="true"></i>
        <a href="#${newsRoute(item)}">${newsText(item)}</a> ${time(item.at, { age: now })}
      </li>`,
    )}
  </ul>`
}

function callout(tone: 'bad' | 'warn', title: string, text: string): TemplateResult {
  return html`<div class="ops-callout ops-callout-${tone}" role="status">
    <i class="bi ${tone === 'bad' ? 'bi-exclamation-octagon-fill' : 'bi-bell-slash'}" aria-hidden="true"></i>
    <div>
      <strong>${title}</strong>
      <p>${text}</p>
    </div>
  </div>`
}
