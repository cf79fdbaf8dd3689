import { planCancel, planReassign, planRerun } from '../../api/operations.ts'
import type { Run } from '../../api/runs.ts'
import { may } from '../../api/session.ts'
import { t } from '../../text/text.ts'
import type { Action } from '../../ui/menu.ts'
import { operate } from '../operate.ts'
import { isFinal } from '../runs/measures.ts'

/** What an operator may do with a run as it is now. Go looks again before anything happens. */
export function runActions(signal: AbortSignal, run: Run, done: () => void): Action[] {
  if (!may('operate')) return []
  const { id } = run
  if (isFinal(run.state)) {
    return [
      {
        label: t('operate.rerun'),
        icon: 'bi-arrow-clockwise',
        run: () =>
          operate(signal, {
            title: t('operate.rerun.title', { run: id }),
            verb: t('operate.rerun'),
            plan: () => planRerun(id),
            done,
          }),
      },
    ]
  }
  const cancel: Action = {
    label: t('operate.cancel'),
    icon: 'bi-stop-circle',
    danger: true,
    run: () =>
      operate(signal, {
        title: t('operate.cancel.title', { run: id }),
        verb: t('operate.cancel'),
        plan: () => planCancel(id),
        done,
      }),
  }
  if (run.state === 'PENDING') return [cancel]
  const reassign: Action = {
    label: t('operate.reassign'),
    icon: 'bi-shuffle',
    run: () =>
      operate(signal, {
        title: t('operate.reassign.title', { run: id }),
        verb: t('operate.reassign'),
        plan: () => planReassign(id),
        done,
      }),
  }
  return [cancel, reassign]
}
