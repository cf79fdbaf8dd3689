import { planCancelCurrent, planDetach, planDrain, planUndock, planUndrain } from '../../api/operations.ts'
import { may } from '../../api/session.ts'
import type { Worker } from '../../api/workers.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import type { Action } from '../../ui/menu.ts'
import { operate } from '../operate.ts'

/** What an operator may do with a worker as it is now. Go looks again before anything happens. */
export function workerActions(signal: AbortSignal, worker: Worker, done: () => void): Action[] {
  if (!may('operate')) return []
  const { id } = worker
  const shown = visible(cut(id, 80).text)
  const lives = !worker.silent && !worker.lost
  const flagged = worker.detached || worker.detachFlag
  const actions: (Action | false)[] = [
    lives &&
      !worker.detached && {
        label: t('operate.detach'),
        icon: 'bi-scissors',
        danger: true,
        run: () =>
          operate(signal, {
            title: t('operate.detach.title', { worker: shown }),
            verb: t('operate.detach'),
            plan: () => planDetach(id),
            done,
          }),
      },
    flagged && {
      label: t('operate.undock'),
      icon: 'bi-arrow-counterclockwise',
      run: () =>
        operate(signal, {
          title: t('operate.undock.title', { worker: shown }),
          verb: t('operate.undock'),
          plan: () => planUndock(id),
          done,
        }),
    },
    lives &&
      !worker.draining && {
        label: t('operate.drain'),
        icon: 'bi-funnel',
        run: () =>
          operate(signal, {
            title: t('operate.drain.title', { worker: shown }),
            verb: t('operate.drain'),
            plan: () => planDrain(id),
            done,
          }),
      },
    // A worker that publishes nothing may drain without anybody seeing it.
    lives &&
      (worker.draining || !worker.reports) && {
        label: t('operate.undrain'),
        icon: 'bi-play',
        run: () =>
          operate(signal, {
            title: t('operate.undrain.title', { worker: shown }),
            verb: t('operate.undrain'),
            plan: () => planUndrain(id),
            done,
          }),
      },
    lives &&
      worker.currentRunId !== '' && {
        label: t('operate.cancelCurrent'),
        icon: 'bi-stop-circle',
        danger: true,
        run: () =>
          operate(signal, {
            title: t('operate.cancelCurrent.title', { worker: shown }),
            verb: t('operate.cancelCurrent'),
            plan: () => planCancelCurrent(id),
            done,
          }),
      },
  ]
  return actions.filter((a) => a !== false)
}
