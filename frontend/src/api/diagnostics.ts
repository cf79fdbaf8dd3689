import { LogFile, Save, Suggest } from '../../wailsjs/go/desktop/Diagnostics'
import { call } from './bridge.ts'

/** An operator may take a while to choose a file. */
const CHOOSING = 600_000

/** Where the log lies; "" = there is none. */
export async function logFile(): Promise<string> {
  return (await call(LogFile)).path
}

/** A path for the bundle, for where there is no dialog to choose one. */
export async function suggestBundle(): Promise<string> {
  return (await call(Suggest)).path
}

export interface BundleRequest {
  /** Hosts become numbers in every file. */
  readonly maskHosts: boolean
  /** Of the dialog that chooses a file. */
  readonly title: string
  /** "" = the operator is asked for a file. */
  readonly path: string
  readonly settings: Record<string, string>
}

/** Writes a bundle for whoever helps; "" = the operator chose no file. */
export async function saveBundle(request: BundleRequest): Promise<string> {
  return (await call(() => Save(request), CHOOSING)).path
}
