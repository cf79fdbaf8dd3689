import { Actions, Get, List } from '../../wailsjs/go/desktop/Audit'
import type { desktop } from '../../wailsjs/go/models'
import { call } from './bridge.ts'

export type AuditEntry = Readonly<desktop.AuditEntry>
export type AuditPage = Readonly<desktop.AuditPage>
export type AuditFilterRequest = desktop.AuditFilter

/** A page of the audit, newest first. */
export async function listAudit(filter: AuditFilterRequest, cursor: string, size: number): Promise<AuditPage> {
  return call(() => List({ filter, cursor, size }))
}

/** One entry with its whole detail. */
export async function getAuditEntry(id: string): Promise<AuditEntry> {
  return call(() => Get({ id }))
}

/** Every action that the audit has, by name. */
export async function listAuditActions(): Promise<readonly string[]> {
  return (await call(Actions)).actions
}
