import { Histories as Compare } from '../../wailsjs/go/desktop/Comparisons'
import type { desktop } from '../../wailsjs/go/models'
import { call } from './bridge.ts'

export type Histories = Readonly<desktop.Histories>
export type HistorySide = Readonly<desktop.HistorySide>
export type HistoryItem = Readonly<desktop.HistoryItem>
export type HistoryRunRow = Readonly<desktop.HistoryRunRow>
export type HistoryRuns = Readonly<desktop.HistoryRuns>
/** What of two histories is compared, and which page of it. */
export type HistoriesRequest = Readonly<desktop.HistoriesRequest>

/** Longer than Go's own bound of reading two histories. */
const TIMEOUT = 70_000

/** Compares two of what is open: archives, each as of the moment that it is looked at, or one with the live environment. */
export async function compareHistories(request: HistoriesRequest): Promise<Histories> {
  return call(() => Compare(request), TIMEOUT)
}
