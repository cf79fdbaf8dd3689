import { Get, List, Probe } from '../../wailsjs/go/desktop/Workers'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { call, wireFailure } from './bridge.ts'

export type Worker = Readonly<desktop.Worker>
export type Leadership = Readonly<desktop.Leadership>
export type WorkerList = Readonly<desktop.WorkerList>
export type WorkerDetail = Readonly<desktop.WorkerDetail>
/** A run as the worker's screen lists it. */
export type WorkerRun = Readonly<desktop.Run>

/** What a worker answered, or why it did not. */
export interface ProbeAnswer extends Readonly<Omit<desktop.Probe, 'error'>> {
  readonly failure?: Failure
}

/** Every worker, by node and id. */
export async function listWorkers(): Promise<WorkerList> {
  return call(List)
}

/** One worker with its recent and assigned runs. */
export async function getWorker(id: string): Promise<WorkerDetail> {
  return call(() => Get({ id }))
}

/** Asks a worker for Ping and GetStatus now. */
export async function probeWorker(id: string): Promise<ProbeAnswer> {
  const { error, ...answer } = await call(() => Probe({ id }))
  const failure = wireFailure(error)
  return failure ? { ...answer, failure } : answer
}
