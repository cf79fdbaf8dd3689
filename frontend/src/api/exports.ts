import { Export as AuditExport } from '../../wailsjs/go/desktop/Audit'
import { Choose, Step, Stop, Suggest } from '../../wailsjs/go/desktop/Exports'
import { Export as RunsExport } from '../../wailsjs/go/desktop/Runs'
import type { desktop } from '../../wailsjs/go/models'
import type { AuditFilterRequest } from './audit.ts'
import { call } from './bridge.ts'
import type { RunFilterRequest } from './runs.ts'

export type ExportState = Readonly<desktop.ExportState>
export type ExportFormat = 'csv' | 'ndjson' | 'parquet' | 'log'
/** What a file may be named for. */
export type FileFormat = ExportFormat | 'opsdeck'

/** An operator may take a while to choose a file. */
const CHOOSING = 600_000

/** A name for a file, in the folder of downloads. */
export async function suggestFile(name: string, format: FileFormat): Promise<string> {
  return (await call(() => Suggest({ name, format, title: '' }))).path
}

/** A name for a list's file, and how many rows such a file takes at most; 0 = all. */
export async function suggestList(name: string, format: ExportFormat): Promise<{ path: string; limit: number }> {
  return call(() => Suggest({ name, format, title: '' }))
}

/** Lets the operator pick a file in the system's own dialog; "" = none. */
export async function chooseFile(name: string, format: FileFormat, title: string): Promise<string> {
  return (await call(() => Choose({ name, format, title }), CHOOSING)).path
}

/** Begins a file with the entries of the audit that match. */
export async function exportAudit(
  filter: AuditFilterRequest,
  format: ExportFormat,
  path: string,
): Promise<ExportState> {
  return call(() => AuditExport({ filter, format, path }))
}

/** Begins a file with the runs that match. */
export async function exportRuns(filter: RunFilterRequest, format: ExportFormat, path: string): Promise<ExportState> {
  return call(() => RunsExport({ filter, format, path } as desktop.ExportRunsRequest))
}

/** Writes on for a while. */
export async function stepExport(token: string): Promise<ExportState> {
  return call(() => Step({ token }))
}

/** Gives an export up; nothing of its file stays. */
export async function stopExport(token: string): Promise<void> {
  return call(() => Stop({ token }))
}
