import { Actions, Chain, Get, List, Verify } from '../../wailsjs/go/desktop/Audit'
import type { desktop } from '../../wailsjs/go/models'
import { call } from './bridge.ts'

export type AuditEntry = Readonly<desktop.AuditEntry>
export type AuditPage = Readonly<desktop.AuditPage>
export type AuditChain = Readonly<desktop.AuditChain>
export type AuditVerdict = Readonly<desktop.AuditVerdict>
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

/** Longer than Go's own bound of a verification. */
const VERIFY = 70_000

/** How the audit is guarded. */
export async function readChain(): Promise<AuditChain> {
  return call(Chain)
}

/** Has the database check the audit from a seal on that was seen before; from its beginning on without one. */
export async function verifyAudit(seen?: { seal: string; digest: string }): Promise<AuditVerdict> {
  return call(() => Verify(seen ?? { seal: '', digest: '' }), VERIFY)
}
