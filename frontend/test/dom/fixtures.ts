import type { Activity, Belief, Cluster, Leadership } from '../../src/api/dashboard.ts'
import type { Job, JobDetail } from '../../src/api/jobs.ts'
import type { Attempt, Run } from '../../src/api/runs.ts'

/** When the servers of these tests say that it is. */
export const NOW = '2026-11-23T12:00:00Z'

/** A run that succeeded, changed as a test needs it. */
export function aRun(of: Partial<Run> = {}): Run {
  return {
    id: '7',
    jobId: '3',
    jobName: 'billing',
    command: 'bill',
    state: 'SUCCEEDED',
    scheduledFor: '2026-11-23T11:00:00Z',
    assignedAt: '2026-11-23T11:00:01Z',
    startedAt: '2026-11-23T11:00:02Z',
    finishedAt: '2026-11-23T11:00:12Z',
    createdAt: '2026-11-23T10:59:00Z',
    updatedAt: '2026-11-23T11:00:12Z',
    workerId: 'w-1',
    attempt: 0,
    version: 4,
    leaderEpoch: '9',
    exitCode: 0,
    errorSummary: '',
    logRef: 'db:7/0',
    idempotencyKey: '',
    confirming: false,
    confirmingSince: '',
    confirmingDeadlineAt: '',
    ...of,
  }
}

export function anAttempt(of: Partial<Attempt> = {}): Attempt {
  return {
    number: 0,
    workerId: 'w-1',
    leaderEpoch: '9',
    startedAt: '2026-11-23T11:00:02Z',
    endedAt: '2026-11-23T11:00:12Z',
    outcome: 'SUCCEEDED',
    note: '',
    ...of,
  }
}

export function aJob(of: Partial<Job> = {}): Job {
  return {
    id: '3',
    name: 'billing',
    enabled: true,
    type: 'time',
    command: 'bill',
    schedule: '{"kind":"daily","time":"02:30"}',
    scheduleShape: { kind: 'daily', everyN: 0, hour: 2, minute: 30, weekday: 0, timezone: 'UTC', eventTypes: [] },
    next: ['2026-11-24T02:30:00Z'],
    timeoutSeconds: 60,
    maxRetries: 1,
    concurrencyPolicy: 'forbid',
    lastRunId: '7',
    lastRunState: 'SUCCEEDED',
    lastRunAt: '2026-11-23T02:30:00Z',
    succeeded: 48,
    ended: 50,
    ...of,
  }
}

export function aJobDetail(of: Partial<JobDetail> = {}): JobDetail {
  const schedule = '{"kind":"daily","time":"02:30"}'
  return {
    id: '3',
    name: 'billing',
    enabled: true,
    type: 'time',
    command: 'bill',
    args: '{}',
    argsMasked: false,
    schedule,
    scheduleShape: { kind: 'daily', everyN: 0, hour: 2, minute: 30, weekday: 0, timezone: 'UTC', eventTypes: [] },
    next: ['2026-11-24T02:30:00Z', '2026-11-25T02:30:00Z'],
    reading: { notes: [], others: [], leads: false, inUtc: [] },
    timeoutSeconds: 60,
    maxRetries: 1,
    backoffSeconds: 30,
    policy: 'forbid',
    createdAt: '2026-11-01T00:00:00Z',
    updatedAt: '2026-11-02T00:00:00.123456Z',
    draft: {
      name: 'billing',
      enabled: true,
      type: 'time',
      command: 'bill',
      args: '{}',
      schedule: {
        kind: 'daily',
        n: '',
        minute: '',
        time: '02:30',
        weekday: '',
        timezone: '',
        eventTypes: [],
        json: schedule,
        stored: schedule,
      },
      timeoutSeconds: '60',
      maxRetries: '1',
      backoffSeconds: '30',
      policy: 'forbid',
    },
    history: {
      runs: 5,
      capped: false,
      from: '2026-11-23T00:00:00Z',
      to: '2026-11-23T12:00:00Z',
      bucketMs: 3_600_000,
      series: [{ state: 'SUCCEEDED', runs: [1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0] }],
      durations: [{ bucket: 3, n: 3, p50Ms: 900, maxMs: 2000 }],
      succeeded: 4,
      ended: 5,
      duration: { n: 5, p50Ms: 900, p95Ms: 2000, p99Ms: 2000 },
      startDelay: { n: 5, p50Ms: 100, p95Ms: 300, p99Ms: 300 },
    },
    latest: [],
    changes: { list: [], more: false, unreadable: false },
    asOf: NOW,
    ...of,
  }
}

export function aLeadership(of: Partial<Leadership> = {}): Leadership {
  return {
    leaderId: 'w-1',
    lockMs: 8000,
    epoch: '9',
    lastSeen: '2026-11-23T11:59:59Z',
    subLeaderId: 'w-2',
    nodeSubLeaders: [{ nodeId: 'node-b', workerId: 'w-2' }],
    degrading: false,
    ...of,
  }
}

export function aCluster(of: Partial<Cluster> = {}): Cluster {
  return {
    leadership: aLeadership(),
    leaderNode: 'node-a',
    workers: { total: 3, running: 1, idle: 2, draining: 0, detached: 0, silent: 0 },
    asOf: NOW,
    ...of,
  }
}

export function aBelief(of: Partial<Belief> = {}): Belief {
  return {
    workerId: 'w-1',
    nodeId: 'node-a',
    role: 'worker',
    silent: false,
    leader: 'w-1',
    epoch: '9',
    claims: false,
    disagrees: false,
    clockOffsetMs: 1,
    roundTripMs: 2,
    ...of,
  }
}

export function anActivity(of: Partial<Activity> = {}): Activity {
  return {
    from: '2026-11-22T12:00:00Z',
    to: '2026-11-23T12:00:00Z',
    bucketMs: 1_800_000,
    series: [
      { state: 'SUCCEEDED', runs: [3, 4] },
      { state: 'FAILED', runs: [0, 1] },
    ],
    open: [{ state: 'PENDING', runs: 2 }],
    failures: [aRun({ id: '8', state: 'FAILED', errorSummary: 'no disk left' })],
    failedRuns: 12,
    late: [aRun({ id: '9', startedAt: '2026-11-23T11:05:00Z' })],
    lateRuns: 1,
    lateAfterMs: 60_000,
    duration: { n: 100, p50Ms: 800, p95Ms: 2000, p99Ms: 90_000 },
    startDelay: { n: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 },
    nextDue: [{ jobId: '3', jobName: 'billing', at: '2026-11-23T12:05:00Z' }],
    asOf: NOW,
    ...of,
  }
}
