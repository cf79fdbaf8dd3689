import { List } from '../../wailsjs/go/desktop/Jobs'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { call, wireFailure } from './bridge.ts'

export type Schedule = Readonly<desktop.Schedule>

/** A job definition; `scheduleFailure` says why it never fires. */
export interface Job extends Readonly<Omit<desktop.Job, 'scheduleError'>> {
  readonly scheduleFailure?: Failure
}

export interface JobList {
  readonly jobs: readonly Job[]
  readonly asOf: string
}

/** Every job, by name. */
export async function listJobs(): Promise<JobList> {
  const { jobs, asOf } = await call(List)
  return {
    asOf,
    jobs: jobs.map(({ scheduleError, ...job }) => {
      const scheduleFailure = wireFailure(scheduleError)
      return scheduleFailure ? { ...job, scheduleFailure } : job
    }),
  }
}
