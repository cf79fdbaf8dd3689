import { dropPlan, type Outcome, type Preview, perform } from '../api/operations.ts'
import { openOperation } from '../ui/operation.ts'

export interface Intent {
  /** What is about to be done, such as "Detach worker w-1". */
  title: string
  /** The verb on the button. */
  verb: string
  plan(): Promise<Preview>
  done?(outcome: Outcome): void
}

/** Opens the dialog of an operation: it previews, asks why, performs, and shows what became of it. */
export function operate(signal: AbortSignal, intent: Intent): void {
  openOperation(signal, { ...intent, perform, drop: dropPlan })
}
