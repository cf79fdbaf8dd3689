import { pathTo } from '../../lib/router.ts'
import { routes } from '../../ui/routes.ts'

/** The address of the audit with part of a filter; `entry` opens one entry. */
export function auditLink(query: Readonly<Record<string, string>> = {}): string {
  return pathTo(routes.audit, {}, query)
}

/** The address of the list of settings with one of them open. */
export function settingLink(key: string): string {
  return pathTo(routes.settings, {}, { key })
}

/** The address of the list of events with one of them open. */
export function eventLink(id: string): string {
  return pathTo(routes.events, {}, { event: id })
}

const ID = /^\d{1,19}$/

/** The address of what an entry is about; undefined where there is no screen for it. The noun of its action says what it is. */
export function targetLink(action: string, target: string): string | undefined {
  const noun = action.split('.')[0] ?? ''
  if (target === '') return undefined
  switch (noun) {
    case 'job':
      return ID.test(target) ? pathTo(routes.job, { id: target }) : undefined
    case 'job_run':
      return ID.test(target) ? pathTo(routes.run, { id: target }) : undefined
    case 'worker':
      return pathTo(routes.worker, { id: target })
    case 'setting':
    case 'setting_help':
      return target.startsWith('SCHEDULER_') ? settingLink(target) : pathTo(routes.settings)
    case 'event':
      return ID.test(target) ? eventLink(target) : pathTo(routes.events)
    case 'leader':
      return pathTo(routes.dashboard)
    default:
      return undefined
  }
}
