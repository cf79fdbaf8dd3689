import { dropPlan, followTask, type Outcome, type Preview, perform, startBulk, stopBulk } from '../api/operations.ts'
import { openOperation } from '../ui/operation.ts'
import { openUnlock } from './unlock.ts'

export interface Intent {
  /** What is about to be done, such as "Detach worker w-1". */
  title: string
  /** The verb on the button. */
  verb: string
  plan(): Promise<Preview>
  /** How to correct what was refused for a field. */
  correct?(outcome: Outcome): (() => void) | undefined
  done?(outcome: Outcome): void
}

/** An operation that goes on as a task: a bulk operation, unless `start` begins another one. */
export interface LongIntent extends Omit<Intent, 'done' | 'correct'> {
  start?: typeof startBulk
  over(): void
}

/** The same for an operation that goes on as a task. */
export function operateMany(signal: AbortSignal, { start = startBulk, ...intent }: LongIntent): void {
  openOperation(signal, {
    ...intent,
    perform: start,
    unlock: (done) => openUnlock(signal, done),
    drop: dropPlan,
    task: { follow: followTask, stop: stopBulk, over: intent.over },
  })
}

/** Opens the dialog of an operation: it previews, asks why, performs, and shows what became of it. */
export function operate(signal: AbortSignal, intent: Intent): void {
  openOperation(signal, { ...intent, perform, drop: dropPlan, unlock: (done) => openUnlock(signal, done) })
}
