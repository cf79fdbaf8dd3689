import {
  ContinueArchive,
  DiscardArchive,
  PauseArchive,
  Signer,
  StartArchive,
  StopArchive,
  Tasks,
} from '../../wailsjs/go/desktop/Exports'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { ask, call, wireFailure } from './bridge.ts'
import type { RunFilterRequest } from './runs.ts'

/** What goes into an archive. */
export interface ArchiveOrder extends Readonly<Omit<desktop.ExportArchiveRequest, 'filter'>> {
  /** Its times are the archive's window. */
  readonly filter: RunFilterRequest
}

/** How far the export of an archive is. */
export interface ExportTask extends Readonly<Omit<desktop.ExportTask, 'error' | 'phase'>> {
  readonly phase: 'running' | 'paused' | 'stopped' | 'failed' | 'finished'
  readonly failure?: Failure
}

/** Who would sign an archive. */
export type ArchiveSigner = Readonly<desktop.Signer>

/** How long the keyring may take, in milliseconds: longer than Go waits for it. */
const KEYRING = 40_000

/** Begins an archive of the environment that is shown. */
export async function startArchive(order: ArchiveOrder): Promise<ExportTask> {
  return taskOf(await call(() => StartArchive(order as unknown as desktop.ExportArchiveRequest)))
}

/** The exports of this window, the newest first, whatever is shown. */
export async function readTasks(): Promise<readonly ExportTask[]> {
  return (await ask(Tasks)).tasks.map(taskOf)
}

/** Who would sign an archive of the environment that is shown. The keyring may ask for its password first. */
export async function readSigner(): Promise<ArchiveSigner> {
  return call(() => Signer(), KEYRING)
}

const DEEDS = { pause: PauseArchive, go: ContinueArchive, stop: StopArchive, discard: DiscardArchive } as const

/** Pauses, continues, stops or forgets an export. */
export async function changeTask(id: string, deed: keyof typeof DEEDS): Promise<void> {
  return ask(() => DEEDS[deed]({ id }))
}

function taskOf({ error, phase, ...rest }: desktop.ExportTask): ExportTask {
  const failure = wireFailure(error)
  const known = (['paused', 'stopped', 'failed', 'finished'] as const).find((p) => p === phase) ?? 'running'
  return { ...rest, phase: known, ...(failure ? { failure } : {}) }
}
