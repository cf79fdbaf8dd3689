import { Timeline as askTimeline, Expected } from '../../wailsjs/go/desktop/Windows'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { call, wireFailure } from './bridge.ts'

/** What every worker had in hand. Runs come as columns of equal length; see Go's RunColumns. */
export type Timeline = Readonly<desktop.Timeline>
export type Term = Readonly<desktop.Term>
export type Finding = Readonly<desktop.Finding>

/** What one job's definition wanted; `scheduleFailure` says why it never fires. */
export interface JobExpectation extends Readonly<Omit<desktop.JobExpectation, 'scheduleError'>> {
  readonly scheduleFailure?: Failure
}

export interface Expectation extends Readonly<Omit<desktop.Expectation, 'jobs'>> {
  readonly jobs: readonly JobExpectation[]
}

/** The runs of every worker between two instants, which may lie ahead. */
export async function readTimeline(from: Date, to: Date): Promise<Timeline> {
  return call(() => askTimeline({ from: from.toISOString(), to: to.toISOString() }))
}

/** What should have run between two instants, and what did. */
export async function readExpected(from: Date, to: Date): Promise<Expectation> {
  const { jobs, ...rest } = await call(() => Expected({ from: from.toISOString(), to: to.toISOString() }))
  return {
    ...rest,
    jobs: jobs.map(({ scheduleError, ...job }) => {
      const scheduleFailure = wireFailure(scheduleError)
      return scheduleFailure ? { ...job, scheduleFailure } : job
    }),
  }
}
