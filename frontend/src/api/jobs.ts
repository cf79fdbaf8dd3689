import { Check, CheckArgs, Get, List } from '../../wailsjs/go/desktop/Jobs'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { call, wireFailure } from './bridge.ts'

export type Schedule = Readonly<desktop.Schedule>
export type JobChange = Readonly<desktop.JobChange>
export type JobChanges = Readonly<desktop.JobChanges>
export type JobHistory = Readonly<desktop.JobHistory>
export type Reading = Readonly<desktop.Reading>
export type JobDraft = Readonly<desktop.JobDraft>
export type ScheduleDraft = Readonly<desktop.ScheduleDraft>

/** A job definition; `scheduleFailure` says why it never fires. */
export interface Job extends Readonly<Omit<desktop.Job, 'scheduleError'>> {
  readonly scheduleFailure?: Failure
}

export interface JobList {
  readonly jobs: readonly Job[]
  readonly asOf: string
}

/** One job with its history; `scheduleFailure` says why it never fires. */
export interface JobDetail extends Readonly<Omit<desktop.JobDetail, 'scheduleError'>> {
  readonly scheduleFailure?: Failure
}

/** What is wrong with a field of a draft, and where in it: lines and columns count from 1, 0 is the whole field. */
export interface FieldProblem {
  readonly field: string
  readonly line: number
  readonly column: number
  readonly failure: Failure
}

/** What a draft means, or what is wrong with it. */
export interface JobCheck extends Readonly<Omit<desktop.JobCheck, 'errors'>> {
  readonly problems: readonly FieldProblem[]
}

/** Every job, by name. */
export async function listJobs(): Promise<JobList> {
  const { jobs, asOf } = await call(List)
  return { asOf, jobs: jobs.map(withFailure) }
}

/** One job with what became of its runs and what was changed about it. */
export async function getJob(id: string): Promise<JobDetail> {
  return withFailure(await call(() => Get({ id })))
}

/** Reads a draft as saving it would, and says when the job would be due. */
export async function checkJob(draft: JobDraft): Promise<JobCheck> {
  const { errors, ...check } = await call(() => Check(draft as desktop.JobDraft))
  return { ...check, problems: errors.flatMap(problem) }
}

/** What is wrong with the arguments of a run; undefined if nothing is. */
export async function checkArgs(args: string): Promise<FieldProblem | undefined> {
  const { errors } = await call(() => CheckArgs({ args }))
  return errors.flatMap(problem)[0]
}

function problem({ field, line, column, error }: desktop.FieldError): FieldProblem[] {
  const failure = wireFailure(error)
  return failure ? [{ field, line, column, failure }] : []
}

function withFailure<T extends { scheduleError?: desktop.WireError }>({
  scheduleError,
  ...rest
}: T): Omit<T, 'scheduleError'> & { scheduleFailure?: Failure } {
  const scheduleFailure = wireFailure(scheduleError)
  return scheduleFailure ? { ...rest, scheduleFailure } : rest
}
