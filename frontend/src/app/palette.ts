import { listJobs } from '../api/jobs.ts'
import { session } from '../api/session.ts'
import { listSettings, type Setting } from '../api/settings.ts'
import { listWorkers } from '../api/workers.ts'
import { navigate, pathTo } from '../lib/router.ts'
import { settingLink } from '../pages/audit/links.ts'
import { settingName } from '../pages/settings/words.ts'
import { t } from '../text/text.ts'
import { type Destination, openPalette } from '../ui/palette.ts'
import { routes } from '../ui/routes.ts'
import { navItems } from './nav.ts'

/** Opens the box that finds any screen, job, worker, or run by its id. Jobs and workers are read when it opens. */
export function findAnything(signal: AbortSignal): void {
  const places: Destination[] = navItems().map(({ pattern, icon, text }) => ({
    kind: t('palette.screen'),
    name: t(text),
    icon,
    address: pathTo(pattern),
  }))
  const palette = openPalette(signal, { find: (text) => findPlaces(places, text), go: navigate })
  if (!session().environment) return
  const add = (read: Promise<Destination[]>) =>
    read.then(
      (more) => {
        places.push(...more)
        palette.refresh()
      },
      // What can't be read can't be found; the screens say why.
      () => undefined,
    )
  void add(listJobs().then(({ jobs }) => jobs.map(jobPlace)))
  void add(listSettings().then(({ settings }) => settings.map(settingPlace)))
  void add(listWorkers().then(({ workers }) => workers.map(({ id }) => workerPlace(id))))
}

function jobPlace({ id, name }: { id: string; name: string }): Destination {
  return { kind: t('palette.job'), name, icon: 'bi-calendar-event', address: pathTo(routes.job, { id }) }
}

/** Found by what it is called and by its key. */
function settingPlace(setting: Pick<Setting, 'key' | 'help'>): Destination {
  const name = settingName(setting)
  return {
    kind: t('palette.setting'),
    name: name === setting.key ? name : `${name} · ${setting.key}`,
    icon: 'bi-sliders',
    address: settingLink(setting.key),
  }
}

function workerPlace(id: string): Destination {
  return { kind: t('palette.worker'), name: id, icon: 'bi-cpu', address: pathTo(routes.worker, { id }) }
}

/** The places whose name holds every word, those that begin with the text first; and the run of a number. */
export function findPlaces(places: readonly Destination[], text: string): Destination[] {
  const wanted = text.trim().toLocaleLowerCase()
  const words = wanted.split(/\s+/)
  const fitting = places.filter(({ name }) => words.every((w) => name.toLocaleLowerCase().includes(w)))
  const begins = ({ name }: Destination) => Number(!name.toLocaleLowerCase().startsWith(wanted))
  const id = wanted.replace(/^#/, '')
  const run = /^\d{1,19}$/.test(id)
    ? [{ kind: t('palette.run'), name: id, icon: 'bi-list-check', address: pathTo(routes.run, { id }) }]
    : []
  return [...fitting.sort((a, b) => begins(a) - begins(b)), ...run]
}
