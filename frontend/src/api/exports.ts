import { Export as AuditExport } from '../../wailsjs/go/desktop/Audit'
import { Choose, Step, Stop, Suggest } from '../../wailsjs/go/desktop/Exports'
import type { desktop } from '../../wailsjs/go/models'
import type { AuditFilterRequest } from './audit.ts'
import { call } from './bridge.ts'

export type ExportState = Readonly<desktop.ExportState>
export type ExportFormat = 'csv' | 'ndjson'

/** An operator may take a while to choose a file. */
const CHOOSING = 600_000

/** A name for a file, in the folder of downloads. */
export async function suggestFile(name: string, format: ExportFormat): Promise<string> {
  return (await call(() => Suggest({ name, format, title: '' }))).path
}

/** Lets the operator pick a file in the system's own dialog; "" = none. */
export async function chooseFile(name: string, format: ExportFormat, title: string): Promise<string> {
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

/** Writes on for a while. */
export async function stepExport(token: string): Promise<ExportState> {
  return call(() => Step({ token }))
}

/** Gives an export up; nothing of its file stays. */
export async function stopExport(token: string): Promise<void> {
  return call(() => Stop({ token }))
}
