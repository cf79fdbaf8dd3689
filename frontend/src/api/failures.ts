import { ByCause } from '../../wailsjs/go/desktop/Failures'
import type { desktop } from '../../wailsjs/go/models'
import { call } from './bridge.ts'

export type FailureList = Readonly<desktop.FailureList>
export type FailureGroup = Readonly<desktop.FailureGroup>

/** The failures of the last milliseconds, by cause. */
export async function listFailures(windowMs: number): Promise<FailureList> {
  return call(() => ByCause({ windowMs }))
}
