import { Close, Find, FirstError, Line, Open, Rows, Save, State, Text } from '../../wailsjs/go/desktop/Logs'
import type { desktop } from '../../wailsjs/go/models'
import { call } from './bridge.ts'
import type { ExportState } from './exports.ts'

export type LogState = Readonly<desktop.LogState>
export type LogRow = Readonly<desktop.LogRow>
export type LogFind = Readonly<desktop.LogFind>
export type LogText = Readonly<desktop.LogText>

/** Begins to read the log of an attempt. Whoever opens a log closes it. */
export async function openLog(runId: string, attempt: number): Promise<LogState> {
  return call(() => Open({ runId, attempt }))
}

/** How far a log is; with `readOn` what may have come since is read too, with `again` also after a failure. */
export async function logState(token: string, readOn: boolean, again: boolean): Promise<LogState> {
  return call(() => State({ token, readOn, again }))
}

/** Rows from one on; fewer than were asked for if they are long. */
export async function logRows(token: string, from: number, count: number): Promise<readonly LogRow[]> {
  return call(() => Rows({ token, from, count }))
}

/** The next find of a text from a row on, and how many there are so far. */
export async function findInLog(token: string, text: string, row: number, back: boolean): Promise<LogFind> {
  return call(() => Find({ token, text, row, back }))
}

/** The row in which a line begins. */
export async function logLine(token: string, line: number): Promise<number> {
  return (await call(() => Line({ token, line }))).row
}

/** The first row that looks like an error. */
export async function firstLogError(token: string): Promise<number | undefined> {
  const { found, row } = await call(() => FirstError({ token }))
  return found ? row : undefined
}

/** Rows as plain text for the clipboard. */
export async function logText(token: string, from: number, count: number): Promise<LogText> {
  return call(() => Text({ token, from, count }))
}

/** Begins to write what has been read into a file. */
export async function saveLog(token: string, path: string): Promise<ExportState> {
  return call(() => Save({ token, path }))
}

export async function closeLog(token: string): Promise<void> {
  return call(() => Close({ token }))
}
