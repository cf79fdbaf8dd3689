import { PlanDegrade } from '../../wailsjs/go/desktop/Dashboard'
import {
  PlanCreate,
  PlanDelete,
  PlanDuplicate,
  PlanEnable,
  PlanRunNow,
  PlanUpdate,
} from '../../wailsjs/go/desktop/Jobs'
import {
  Task as AskTask,
  Drop,
  Lock,
  Open,
  Perform,
  PlanApplySettings,
  PlanIngestEvent,
  PlanResetSetting,
  PlanSetSetting,
  Reconcile,
  Reveal,
  StartBulk,
  StopBulk,
  Unlock,
} from '../../wailsjs/go/desktop/Operations'
import { PlanBulk, PlanCancel, PlanReassign, PlanRerun } from '../../wailsjs/go/desktop/Runs'
import { PlanCancelCurrent, PlanDetach, PlanDrain, PlanUndock, PlanUndrain } from '../../wailsjs/go/desktop/Workers'
import type { desktop } from '../../wailsjs/go/models'
import { call, onTaskProgress } from './bridge.ts'
import type { JobDraft } from './jobs.ts'
import type { RunFilterRequest } from './runs.ts'
import { readSession } from './session.ts'

/** What an operation would do, computed just now. Performing it takes the token, once. */
export type Preview = Readonly<desktop.Preview>
export type Touch = Readonly<desktop.Touch>
export type Note = Readonly<desktop.Note>
/** What became of it: what a worker accepted, what was written, what was observed. */
export type Outcome = Readonly<desktop.Outcome>
export type OpenOperation = Readonly<desktop.OpenOperation>
export type OpenOperations = Readonly<desktop.OpenOperations>

/** How far a bulk operation is. */
export type Task = Readonly<desktop.Task>

/** Which runs a bulk operation is about: those listed, or else all that match the filter. */
export interface BulkSelection {
  readonly ids: readonly string[]
  readonly filter: RunFilterRequest
}

/** Longer than Go's own bound of an operation. */
const TIMEOUT = 60_000

/** Carries out what was previewed. */
export async function perform(token: string, reason: string, typedName: string): Promise<Outcome> {
  return call(() => Perform({ token, reason, typedName }), TIMEOUT)
}

/** Lets operations be performed for a while. */
export async function unlock(minutes: number, reason: string): Promise<Outcome> {
  const outcome = await call(() => Unlock({ minutes, reason }))
  await readSession()
  return outcome
}

/** Makes the environment read-only again. */
export async function lock(): Promise<void> {
  await call(Lock)
  await readSession()
}

/** Forgets a preview that nobody wants any more. */
export function dropPlan(token: string): void {
  void call(() => Drop({ token })).catch(() => undefined)
}

/** A document in which the database masks secrets. */
export type Maskable = 'job_args' | 'run_args' | 'event' | 'audit'
/** The document as it is, where the outcome is done. */
export type Revealed = Readonly<desktop.Revealed>

/** Shows an administrator what is masked, once the audit has it. */
export async function reveal(of: Maskable, id: string, reason: string): Promise<Revealed> {
  return call(() => Reveal({ of, id, reason }))
}

/** What was begun and never finished. */
export async function openOperations(): Promise<OpenOperations> {
  return call(Open)
}

/** Closes one of them by what the cluster shows now. */
export async function reconcile(id: string): Promise<Outcome> {
  return call(() => Reconcile({ id }), TIMEOUT)
}

/** Freezes the chosen runs and previews an operation over those that allow it. */
export async function planBulk(kind: 'cancel' | 'reassign' | 'rerun', of: BulkSelection): Promise<Preview> {
  return call(() => PlanBulk({ kind, ids: [...of.ids], filter: of.filter }))
}

/** Begins a bulk operation, which goes on by itself. */
export async function startBulk(token: string, reason: string, typedName: string): Promise<Task> {
  return call(() => StartBulk({ token, reason, typedName }))
}

/** Ends it before its next run. */
export async function stopBulk(id: string): Promise<Task> {
  return call(() => StopBulk({ id }))
}

/** Calls fn with each step of a task; the first is asked for, because it may have been missed. */
export function followTask(begun: Task, fn: (task: Task) => void, signal: AbortSignal): void {
  let handled = -1
  const take = (task: Task) => {
    if (signal.aborted || task.id !== begun.id || (task.handled < handled && !task.over)) return
    handled = task.handled
    fn(task)
  }
  onTaskProgress(take, signal)
  void call(() => AskTask({ id: begun.id }))
    .then(take)
    .catch(() => undefined)
}

export const planDetach = (id: string): Promise<Preview> => call(() => PlanDetach({ id }))
export const planUndock = (id: string): Promise<Preview> => call(() => PlanUndock({ id }))
export const planDrain = (id: string): Promise<Preview> => call(() => PlanDrain({ id }))
export const planUndrain = (id: string): Promise<Preview> => call(() => PlanUndrain({ id }))
export const planCancelCurrent = (id: string): Promise<Preview> => call(() => PlanCancelCurrent({ id }))
export const planDegrade = (): Promise<Preview> => call(PlanDegrade)
export const planCancel = (id: string): Promise<Preview> => call(() => PlanCancel({ id }))
export const planReassign = (id: string): Promise<Preview> => call(() => PlanReassign({ id }))
export const planRerun = (id: string): Promise<Preview> => call(() => PlanRerun({ id }))
/** `args` is JSON text; "" = the job's own. */
export const planRunNow = (jobId: string, args: string): Promise<Preview> => call(() => PlanRunNow({ jobId, args }))
export const planEnable = (jobId: string, enable: boolean): Promise<Preview> =>
  call(() => PlanEnable({ jobId, enable }))
export const planDuplicate = (jobId: string, name: string): Promise<Preview> =>
  call(() => PlanDuplicate({ jobId, name }))
/** `seen` is the updatedAt of the definition that was edited. */
export const planUpdateJob = (jobId: string, seen: string, draft: JobDraft): Promise<Preview> =>
  call(() => PlanUpdate({ jobId, seen, draft: draft as desktop.JobDraft }))
export const planCreateJob = (draft: JobDraft): Promise<Preview> => call(() => PlanCreate(draft as desktop.JobDraft))
export const planDelete = (id: string): Promise<Preview> => call(() => PlanDelete({ id }))
/** `value` is JSON text: the bare value. */
export const planSetSetting = (key: string, value: string): Promise<Preview> =>
  call(() => PlanSetSetting({ key, value }))
export const planResetSetting = (id: string): Promise<Preview> => call(() => PlanResetSetting({ id }))
export const planApplySettings = (): Promise<Preview> => call(PlanApplySettings)
/** `payload` is JSON text; `dedupeKey` "" = none. */
export const planIngestEvent = (type: string, payload: string, dedupeKey: string): Promise<Preview> =>
  call(() => PlanIngestEvent({ type, payload, dedupeKey }))
