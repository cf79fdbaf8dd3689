import { html, render } from 'lit-html'
import { describe, expect, it, vi } from 'vitest'
import type { Expectation, Finding, JobExpectation, Timeline } from '../../src/api/windows.ts'
import { amiss, findingColumns, jobColumns } from '../../src/pages/expected/columns.ts'
import { rowsOf } from '../../src/pages/expected.ts'
import { runsOf, sceneOf } from '../../src/pages/timeline/scene.ts'
import { type Column, createTable } from '../../src/ui/table.ts'
import { NOW } from './fixtures.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'
import { stage } from './stage.ts'

const on = stage()

function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  createTable<Row>(on.host, on.life.signal, {
    id: 'windows',
    label: 'rows',
    columns: columns.map((c) => ({ ...c, hidden: false })),
    key: (row) => String(rows.indexOf(row)),
    empty: { kind: 'empty', title: 'none' },
  }).update(rows)
}

const shape = { kind: 'daily', everyN: 0, hour: 2, minute: 30, weekday: 0, timezone: 'UTC', eventTypes: [] }
const aJob = (of: Partial<JobExpectation> = {}): JobExpectation => ({
  id: '3',
  name: 'billing',
  enabled: true,
  type: 'time',
  scheduleShape: shape,
  due: 4,
  counts: { on_time: 1, missed: 2, late: 1 },
  uncertain: 0,
  changedAt: '',
  ...of,
})
const aFinding = (of: Partial<Finding> = {}): Finding => ({
  jobId: '3',
  verdict: 'late',
  at: NOW,
  runId: '7',
  runState: 'SUCCEEDED',
  delayMs: 90_000,
  uncertain: false,
  ...of,
})
const anExpectation = (of: Partial<Expectation> = {}): Expectation => ({
  from: NOW,
  to: NOW,
  jobs: [aJob()],
  findings: [
    aFinding(),
    aFinding({ verdict: 'missed', runId: '', runState: '' }),
    aFinding({ jobId: '4', verdict: 'missed' }),
  ],
  left: 0,
  changes: { list: [], more: false, unreadable: false },
  inUtc: false,
  lateAfterMs: 60_000,
  asOf: NOW,
  ...of,
})
const aTimeline = (of: Partial<Timeline> = {}): Timeline => ({
  from: NOW,
  to: '2026-11-23T14:00:00Z',
  jobs: [{ id: '3', name: 'billing' }],
  workers: ['w-1'],
  states: ['SUCCEEDED', 'RUNNING'],
  runs: {
    id: ['8', '7'],
    job: [0, 0],
    worker: [0, 0],
    state: [1, 0],
    start: [60_000, -5000],
    end: [-1, 5000],
    late: [0, 0],
  },
  capped: false,
  cap: 10_000,
  predicted: [{ job: 0, at: '2026-11-23T13:00:00Z', expectedMs: 2000 }],
  unfit: 0,
  terms: [{ epoch: '4', workerId: 'w-1', since: '2026-11-23T11:00:00Z', until: '' }],
  recorded: true,
  asOf: NOW,
  ...of,
})

describe('expected and actual', () => {
  it('counts by job, and a number leads to its findings', () => {
    const choose = vi.fn()
    table(jobColumns(choose), [aJob()])
    const numbers = [...on.host.querySelectorAll<HTMLButtonElement>('.ops-number')]
    expect(numbers.map((b) => b.textContent?.trim())).toEqual(['1', '2'])
    numbers[1]?.click()
    expect(choose).toHaveBeenCalledWith('3', 'missed')
    expect(amiss(aJob())).toBe(3)
  })

  it('shows the findings of the chosen job and verdict', () => {
    const keys = (job: string, verdict: string) => rowsOf(anExpectation(), { job, verdict }).length
    expect([keys('', ''), keys('3', ''), keys('3', 'missed'), keys('', 'missed'), keys('9', '')]).toEqual([
      3, 2, 1, 2, 0,
    ])
    table(
      findingColumns(),
      rowsOf(anExpectation({ findings: [aFinding({ uncertain: true })] }), { job: '', verdict: '' }),
    )
    expect(on.host.textContent).toContain('uncertain')
    expect(on.host.querySelector('a[href="#/ops/runs/7/"]')).not.toBeNull()
  })
})

describe('the scene of a timeline', () => {
  it('has a lane for what is due, for each worker that ran, and for each that is there', () => {
    const timeline = aTimeline()
    const scene = sceneOf(timeline, [], runsOf(timeline))
    expect(scene.lanes.map((l) => [l.name, l.bars.length, l.soft ?? false])).toEqual([
      ['Due', 1, false],
      ['w-1', 2, true],
    ])
    const [running, over] = scene.lanes[1]?.bars ?? []
    expect(running).toMatchObject({ id: '8', to: -1, from: Date.parse(NOW) + 60_000 })
    expect(over?.label()).toBe('#7 billing\nSucceeded  10.0s\n2026-11-23 11:59:55.000 UTC')
    expect(scene.lanes[0]?.bars[0]?.label()).toContain('usually takes 2.0s')
    expect(scene.bands).toEqual([
      { from: Date.parse('2026-11-23T11:00:00Z'), to: Date.parse('2026-11-23T14:00:00Z'), label: 'Epoch 4 · w-1' },
    ])
  })
})

describe.each(HOSTILE)('the text %j', (text) => {
  it('stays a text among the jobs', () => {
    const job = aJob({
      id: text,
      name: text,
      type: text,
      scheduleShape: { ...shape, timezone: text },
      changedAt: text,
      counts: { [text]: 1, missed: 1 },
    })
    table(
      jobColumns(() => undefined),
      [job],
    )
    expect(intruders(on.host)).toEqual([])
  })

  it('stays a text among what went wrong, and on the timeline', () => {
    const job = aJob({ id: text, name: text })
    const finding = aFinding({ jobId: text, verdict: text, at: text, runId: text, runState: text })
    table(findingColumns(), rowsOf(anExpectation({ jobs: [job], findings: [finding] }), { job: '', verdict: '' }))
    expect(intruders(on.host)).toEqual([])
    const timeline = aTimeline({
      jobs: [{ id: text, name: text }],
      workers: [text],
      states: [text, text],
      terms: [{ epoch: text, workerId: text, since: text, until: text }],
    })
    const scene = sceneOf(timeline, [], runsOf(timeline))
    render(
      html`${scene.lanes.map((l) => html`<p>${l.name}${l.bars.map((b) => b.label())}</p>`)}${scene.bands.map((b) => b.label)}`,
      on.host,
    )
    expect(intruders(on.host)).toEqual([])
    expect(on.host.textContent).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
  })
})
