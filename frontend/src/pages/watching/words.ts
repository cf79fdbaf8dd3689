import type { NewsItem, Watched } from '../../api/watches.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { pathTo } from '../../lib/router.ts'
import { t, tryText } from '../../text/text.ts'
import { routes } from '../../ui/routes.ts'

const short = (text: string) => visible(cut(text, 80).text)

/** What has happened, in a sentence. */
export function newsText(item: NewsItem): string {
  const run = { run: short(item.runId), job: short(item.jobName) }
  switch (item.what) {
    case 'run_failed':
      return item.state === 'TIMED_OUT' ? t('news.run.timedOut', run) : t('news.run.failed', run)
    case 'run_ended':
      return t('news.run.ended', { ...run, state: tryText(`run.state.${item.state}`, {}) ?? visible(item.state) })
    case 'run_late':
      return t('news.run.late', { ...run, n: item.minutes })
    case 'leader_changed':
      return item.was === ''
        ? t('news.leader.again', { worker: short(item.worker) })
        : t('news.leader.changed', { worker: short(item.worker), was: short(item.was) })
    case 'leader_lost':
      return t('news.leader.lost', { worker: short(item.worker) })
    case 'worker_silent':
      return t('news.worker.silent', { worker: short(item.worker) })
    case 'more_runs':
      return t('news.moreRuns')
    case 'blind':
      return t('news.blind', { n: item.minutes })
    case 'watching_ended':
      return t('news.ended', { n: item.minutes })
    default:
      return visible(item.what)
  }
}

/** The screen that shows more of it. */
export function newsRoute(item: NewsItem): string {
  if (item.runId !== '') return pathTo(routes.run, { id: item.runId }).slice(1)
  if (item.what === 'worker_silent') return pathTo(routes.worker, { id: item.worker }).slice(1)
  if (item.what === 'more_runs') return routes.runs
  if (item.what === 'watching_ended') return routes.watching
  return routes.dashboard
}

const ICONS: Readonly<Record<string, string>> = {
  run_failed: 'bi-x-octagon-fill ops-bad',
  run_ended: 'bi-check-circle-fill',
  run_late: 'bi-alarm-fill ops-warn',
  leader_changed: 'bi-star-fill',
  leader_lost: 'bi-exclamation-octagon-fill ops-bad',
  worker_silent: 'bi-volume-mute-fill ops-bad',
}

/** How it looks at a glance. */
export function newsIcon({ what }: NewsItem): string {
  return (Object.hasOwn(ICONS, what) ? ICONS[what] : undefined) ?? 'bi-info-circle-fill ops-warn'
}

/** The environment, its kind first: production must not be taken for staging. */
export function newsEnvironment({ kind, name }: NewsItem): string {
  const word = `[${tryText(`environment.${kind}`, {}) ?? t('environment.production')}]`
  return name.toLowerCase() === kind ? word : `${word} ${short(name)}`
}

/** What is told of a watched thing, in words. */
export function watchedWords({ kind, fails, ends, lateMinutes }: Watched): string {
  if (kind !== 'job') return tryText(`watching.what.${kind}`, {}) ?? visible(kind)
  const words = [
    ends ? t('watching.tell.ends') : fails ? t('watching.tell.fails') : '',
    lateMinutes > 0 ? t('watching.tell.late', { n: lateMinutes }) : '',
  ]
  return words.filter((word) => word !== '').join(t('watching.and'))
}
