import type { Timeline } from '../../api/windows.ts'
import type { Worker } from '../../api/workers.ts'
import { compareTexts, duration, fullTime } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { nowShown } from '../../lib/moment.ts'
import { t } from '../../text/text.ts'
import { runStateName, runStateToken } from '../../ui/badge.ts'
import type { Band, Bar, Kind, Lane, TimelineModel } from '../../ui/timeline.ts'

/** How each state's bars look: the height and the pattern tell them apart without colours. */
const LOOKS: Readonly<Record<string, Omit<Kind, 'token'>>> = {
  SUCCEEDED: { height: 0.6 },
  RUNNING: { height: 1 },
  FAILED: { height: 1, pattern: 'stripes' },
  TIMED_OUT: { height: 0.75, pattern: 'stripes' },
  CANCELED: { height: 0.3 },
  ORPHANED: { height: 0.45 },
}

/** A run of the window, for the list. */
export interface ListedRun {
  readonly id: string
  readonly job: string
  readonly jobId: string
  readonly worker: string
  readonly state: string
  readonly from: number
  /** -1 = still running. */
  readonly to: number
}

export const short = (text: string) => visible(cut(text, 60).text)

/** The runs of a timeline as rows; the latest start first, as they come. */
export function runsOf(timeline: Timeline): ListedRun[] {
  const start = Date.parse(timeline.from)
  const { runs, jobs, workers, states } = timeline
  return runs.id.map((id, i) => {
    const end = runs.end[i] ?? -1
    const job = jobs[runs.job[i] ?? -1]
    return {
      id,
      job: job?.name ?? '',
      jobId: job?.id ?? '',
      worker: workers[runs.worker[i] ?? -1] ?? '',
      state: states[runs.state[i] ?? -1] ?? '',
      from: start + (runs.start[i] ?? 0),
      to: end < 0 ? -1 : start + end,
    }
  })
}

/** What the canvas draws: what is due in its part to come on top, then a lane for each worker. */
export function sceneOf(timeline: Timeline, live: readonly Worker[], runs: readonly ListedRun[]): TimelineModel {
  const kinds: Kind[] = timeline.states.map((state) => ({
    ...(Object.hasOwn(LOOKS, state) ? LOOKS[state] : { height: 0.6 }),
    height: (Object.hasOwn(LOOKS, state) ? LOOKS[state]?.height : undefined) ?? 0.6,
    token: runStateToken(state),
  }))
  const predicted = kinds.push({ token: '--ops-muted', height: 0.8, pattern: 'hollow' }) - 1
  const byWorker = new Map<string, Bar[]>()
  const place = new Map(timeline.states.map((state, i) => [state, i]))
  for (const run of runs) {
    const bars = byWorker.get(run.worker) ?? []
    bars.push({ id: run.id, from: run.from, to: run.to, kind: place.get(run.state) ?? 0, label: () => runLabel(run) })
    byWorker.set(run.worker, bars)
  }
  const alive = new Map(live.filter((w) => !w.lost).map((w) => [w.id, w]))
  const names = [...new Set([...byWorker.keys(), ...alive.keys()])].sort(compareTexts)
  const lanes: Lane[] = names.map((id) => ({
    name: id === '' ? t('timeline.nobody') : short(id),
    soft: !alive.has(id),
    bars: byWorker.get(id) ?? [],
  }))
  if (timeline.predicted.length > 0)
    lanes.unshift({ name: t('timeline.predicted'), bars: predictedBars(timeline, predicted) })
  return { kinds, lanes, bands: bandsOf(timeline) }
}

/** How long a run to come is drawn whose job has none to go by, in milliseconds. */
const GUESS = 1000

function predictedBars(timeline: Timeline, kind: number): Bar[] {
  return timeline.predicted.map(({ job, at, expectedMs }) => {
    const from = Date.parse(at)
    const name = timeline.jobs[job]?.name ?? ''
    return {
      id: '',
      from,
      to: from + (expectedMs > 0 ? expectedMs : GUESS),
      kind,
      label: () =>
        [
          short(name),
          t('timeline.due', { at: fullTime(new Date(from)).replace(/\.\d+/, '') }),
          ...(expectedMs > 0 ? [t('timeline.usually', { span: duration(expectedMs) })] : []),
        ].join('\n'),
    }
  })
}

function bandsOf(timeline: Timeline): Band[] {
  const end = Date.parse(timeline.to)
  return timeline.terms.map((term) => ({
    from: Date.parse(term.since),
    to: term.until === '' ? end : Date.parse(term.until),
    label: t('timeline.term', { epoch: visible(term.epoch), worker: short(term.workerId) }),
  }))
}

function runLabel(run: ListedRun): string {
  const end = run.to < 0 ? nowShown().getTime() : run.to
  return [
    `#${visible(run.id)} ${short(run.job)}`,
    `${runStateName(run.state)}  ${duration(end - run.from)}`,
    fullTime(new Date(run.from)),
  ].join('\n')
}
