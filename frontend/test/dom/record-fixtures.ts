import type { AuditEntry } from '../../src/api/audit.ts'
import type { ClusterEvent } from '../../src/api/events.ts'
import type { FailureGroup, FailureList } from '../../src/api/failures.ts'
import type { Reload, Setting, SettingList } from '../../src/api/settings.ts'
import { NOW } from './fixtures.ts'

export function aSetting(of: Partial<Setting> = {}): Setting {
  return {
    key: 'SCHEDULER_ASSIGN_AHEAD_SECONDS',
    known: true,
    group: 'assignment',
    type: 'integer',
    default: '60',
    min: '1',
    max: '',
    choices: [],
    restart: false,
    django: false,
    design: false,
    secret: false,
    editable: true,
    stored: true,
    hidden: false,
    readable: true,
    value: '90',
    updated: '2026-11-23T10:00:00Z',
    ...of,
  }
}

export function aReload(of: Partial<Reload> = {}): Reload {
  return {
    id: '4',
    requestedBy: 'admin',
    requestedAt: '2026-11-23T11:59:50Z',
    status: 'APPLIED',
    appliedAt: '2026-11-23T11:59:51Z',
    leaderId: 'w-1',
    leaderEpoch: '9',
    ok: 2,
    total: 3,
    unreadable: false,
    targets: [],
    ...of,
  }
}

export const aList = (of: Partial<SettingList> = {}): SettingList => ({
  settings: [],
  reloads: [aReload()],
  leader: 'w-1',
  asOf: NOW,
  ...of,
})

export function anEntry(of: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: '7',
    actor: 'admin',
    action: 'setting.set',
    target: 'SCHEDULER_X',
    at: NOW,
    detail: '{"value": 1}',
    size: 12,
    written: '',
    chain: '',
    ...of,
  }
}

export function anEvent(of: Partial<ClusterEvent> = {}): ClusterEvent {
  return {
    id: '5',
    type: 'order.placed',
    payload: '{"order": "A-1"}',
    size: 16,
    dedupeKey: 'A-1',
    createdAt: NOW,
    processedAt: '2026-11-23T12:00:02Z',
    runs: [{ id: '9', jobId: '3', jobName: 'follow up', state: 'SUCCEEDED' }],
    ...of,
  }
}

export function aGroup(of: Partial<FailureGroup> = {}): FailureGroup {
  return {
    cause: 'no disk left for order {n} at {path}',
    state: 'FAILED',
    runs: 6,
    first: '2026-11-23T10:00:00Z',
    last: '2026-11-23T11:00:00Z',
    firstMade: '2026-11-23T09:59:00.123456Z',
    lastMade: '2026-11-23T10:59:00.123456Z',
    lastRunId: '8',
    lastError: 'exit_code=1\nno disk left for order 7 at /x',
    exitCode: 1,
    jobs: [{ id: '3', name: 'billing', runs: 6 }],
    perBucket: [0, 2, 4],
    searchText: 'no disk left for order',
    ...of,
  }
}

export const aFailureList = (groups: FailureGroup[]): FailureList => ({
  from: NOW,
  to: NOW,
  bucketMs: 1,
  groups,
  runs: 12,
  capped: false,
  oldest: NOW,
  others: 0,
  otherRuns: 0,
  asOf: NOW,
})
