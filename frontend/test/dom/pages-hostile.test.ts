import { html, render } from 'lit-html'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { openRuns } from '../../src/pages/dashboard/activity.ts'
import { beliefColumns, beliefRows, claimants } from '../../src/pages/dashboard/beliefs.ts'
import { dueRuns } from '../../src/pages/dashboard/due.ts'
import { leaderCard } from '../../src/pages/dashboard/leader.ts'
import { failures, late } from '../../src/pages/dashboard/trouble.ts'
import { changesView } from '../../src/pages/job/changes.ts'
import { jobFacts } from '../../src/pages/job/facts.ts'
import { dueView } from '../../src/pages/job/schedule.ts'
import { jobColumns } from '../../src/pages/jobs/columns.ts'
import { attemptsView } from '../../src/pages/run/attempts.ts'
import { confirmingNote, runFacts } from '../../src/pages/run/facts.ts'
import { timelineView } from '../../src/pages/run/timelineview.ts'
import { activeChips, drawChips } from '../../src/pages/runs/chips.ts'
import { runColumns } from '../../src/pages/runs/columns.ts'
import { NO_FILTER } from '../../src/pages/runs/filter.ts'
import { type Column, createTable } from '../../src/ui/table.ts'
import { aBelief, aCluster, aJob, aJobDetail, aLeadership, anActivity, anAttempt, aRun, NOW } from './fixtures.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'
import { stage } from './stage.ts'

const on = stage()
const now = new Date(NOW)

/** Puts rows through the real table with every column shown. */
function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  createTable<Row>(on.host, on.life.signal, {
    id: `hostile-${columns[0]?.key}`,
    label: 'rows',
    columns: columns.map((c) => ({ ...c, hidden: false })),
    key: (row) => String(rows.indexOf(row)),
    empty: { kind: 'empty', title: 'none' },
  }).update(rows)
}

function unhurt(text: string): void {
  expect(intruders(on.host)).toEqual([])
  expect(Reflect.get(globalThis, 'owned')).toBeUndefined()
  for (const link of on.host.querySelectorAll('a')) expect(link.getAttribute('href')).toMatch(/^#\/ops\//)
  expect(on.host.textContent?.length).toBeGreaterThan(text.length > 0 ? 1 : 0)
}

describe.each(HOSTILE)('the text %j', (text) => {
  const run = () =>
    aRun({
      id: text,
      jobId: text,
      jobName: text,
      command: text,
      state: text,
      workerId: text,
      leaderEpoch: text,
      errorSummary: text,
      logRef: text,
      idempotencyKey: text,
      scheduledFor: text,
      confirming: true,
      confirmingSince: text,
      confirmingDeadlineAt: text,
    })
  const activity = () =>
    anActivity({
      open: [{ state: text, runs: 1 }],
      failures: [run()],
      late: [run()],
      nextDue: [{ jobId: text, jobName: text, at: NOW }],
    })

  it('stays a text in the list of runs', () => {
    table(runColumns(), [{ run: run(), now }])
    unhurt(text)
  })

  it('stays a text in the list of jobs', () => {
    const failure = new Failure('invalid', 'schedule.unknown_kind', text, { kind: text, known: text })
    const shape = { ...aJob().scheduleShape, kind: 'event', timezone: text, eventTypes: [text] }
    const job = { id: text, name: text, type: text, command: text, schedule: text, concurrencyPolicy: text }
    table(
      jobColumns(
        () => undefined,
        () => [],
      ),
      [
        { job: aJob({ ...job, scheduleShape: shape, lastRunId: text, lastRunState: text }), now },
        { job: aJob({ ...job, scheduleFailure: failure, next: [text] }), now },
      ],
    )
    unhurt(text)
  })

  it('stays a text among the beliefs', () => {
    const failure = new Failure('unavailable', text, text, { [text]: text })
    const workers = [
      aBelief({ workerId: text, nodeId: text, role: text, leader: text, epoch: text, claims: true, failure }),
    ]
    const beliefs = { leadership: aLeadership({ leaderId: text, epoch: text }), workers, asOf: NOW }
    table(beliefColumns(), beliefRows(beliefs))
    unhurt(text)
    render(claimants({ ...beliefs, leadership: aLeadership() }), on.host)
    expect(intruders(on.host)).toEqual([])
  })

  it.each([
    [
      'on the dashboard',
      () => {
        const leadership = aLeadership({
          leaderId: text,
          epoch: text,
          subLeaderId: text,
          nodeSubLeaders: [{ nodeId: text, workerId: text }],
        })
        const a = activity()
        return html`${leaderCard(aCluster({ leadership, leaderNode: text }), document.createElement('i'))}
        ${openRuns(a)}${failures(a)}${late(a)}${dueRuns(a)}`
      },
    ],
    [
      'on the screen of a run',
      () => {
        const attempt = anAttempt({ workerId: text, leaderEpoch: text, outcome: text, note: text, startedAt: text })
        return html`${confirmingNote(run(), now)}${timelineView(run(), now)}${runFacts(run())}
        ${attemptsView({ run: run(), attempts: [attempt], args: text, asOf: NOW }, now)}`
      },
    ],
    [
      'on the screen of a job',
      () => {
        const shape = { ...aJobDetail().scheduleShape, timezone: text }
        const job = aJobDetail({
          name: text,
          type: text,
          command: text,
          policy: text,
          args: text,
          schedule: text,
          scheduleShape: shape,
        })
        const reading = { notes: [{ kind: text, at: text }], others: [text], leads: true, inUtc: [text] }
        const scheduleFailure = new Failure('invalid', 'schedule.unknown_kind', text, { kind: text, known: text })
        const change = {
          id: '1',
          at: text,
          actor: text,
          action: text,
          target: text,
          reason: text,
          fields: [{ field: text, before: text, after: text }],
        }
        return html`${dueView({ ...job, reading }, now)}${dueView({ ...job, scheduleFailure }, now)}
        ${jobFacts({ ...job, reading })}${changesView({ list: [change], more: true, unreadable: false }, now)}`
      },
    ],
    [
      'as a chip',
      () => {
        const filter = {
          ...NO_FILTER,
          states: [text],
          jobId: text,
          workerId: text,
          epoch: text,
          errorText: text,
          logText: text,
        }
        return drawChips(
          activeChips(filter, () => text),
          () => undefined,
        )
      },
    ],
  ])('stays a text %s', (_, view) => {
    render(view(), on.host)
    unhurt(text)
  })
})

it('a megabyte in a field costs a line, not the screen', () => {
  const text = 'x'.repeat(1_000_000)
  table(runColumns(), [{ run: aRun({ errorSummary: text, jobName: text, logRef: text, workerId: text }), now }])
  expect(on.host.textContent?.length).toBeLessThan(5000)
})
