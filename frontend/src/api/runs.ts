import { Count, Get, List, Log } from '../../wailsjs/go/desktop/Runs'
import type { desktop } from '../../wailsjs/go/models'
import { call } from './bridge.ts'

export type Run = Readonly<desktop.Run>
export type RunPage = Readonly<desktop.RunPage>
export type RunCount = Readonly<desktop.RunCount>
export type RunDetail = Readonly<desktop.RunDetail>
export type Attempt = Readonly<desktop.Attempt>
export type LogPage = Readonly<desktop.LogPage>
export type LogChunk = Readonly<desktop.LogChunk>
export type ListRunsRequest = desktop.ListRunsRequest
export type RunFilterRequest = desktop.RunFilter

/** A page of runs, newest first. */
export async function listRuns(request: ListRunsRequest): Promise<RunPage> {
  return call(() => List(request))
}

/** How many runs match; it may take as long as the server allows, so nothing should wait for it. */
export async function countRuns(filter: RunFilterRequest): Promise<RunCount> {
  return call(() => Count(filter))
}

/** One run with its recorded attempts. */
export async function getRun(id: string): Promise<RunDetail> {
  return call(() => Get({ id }))
}

/** What follows place `after` in the log of an attempt; "" = from its start. */
export async function readLog(runId: string, attempt: number, after: string): Promise<LogPage> {
  return call(() => Log({ runId, attempt, after }))
}
