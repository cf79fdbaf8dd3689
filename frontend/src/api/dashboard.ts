import { Activity as askActivity, Cluster as askCluster, Terms as askTerms } from '../../wailsjs/go/desktop/Dashboard'
import { Beliefs as askBeliefs } from '../../wailsjs/go/desktop/Workers'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { call, wireFailure } from './bridge.ts'

export type Cluster = Readonly<desktop.Cluster>
export type Leadership = Readonly<desktop.Leadership>
export type Activity = Readonly<desktop.Activity>
export type Percentiles = Readonly<desktop.Percentiles>
export type TermHistory = Readonly<desktop.TermHistory>
export type DueRun = Readonly<desktop.DueRun>

/** What one worker takes leader and epoch to be, or why it did not answer. */
export interface Belief extends Readonly<Omit<desktop.Belief, 'error'>> {
  readonly failure?: Failure
}

export interface Beliefs {
  readonly leadership: Leadership
  readonly workers: readonly Belief[]
  readonly asOf: string
}

/** Who leads and what the workers do, now. */
export async function readCluster(): Promise<Cluster> {
  return call(askCluster)
}

/** The last 24 hours of runs, and what is due next. */
export async function readActivity(): Promise<Activity> {
  return call(askActivity)
}

/** Who led when in the last day. */
export async function readTerms(): Promise<TermHistory> {
  return call(askTerms)
}

/** What every participant believes; asks each worker. */
export async function readBeliefs(): Promise<Beliefs> {
  const { leadership, workers, asOf } = await call(askBeliefs)
  return {
    leadership,
    asOf,
    workers: workers.map(({ error, ...belief }) => {
      const failure = wireFailure(error)
      // In an archive nobody was asked: what is known is what they were seen to believe.
      return failure && failure.reason !== 'archive.not_live' ? { ...belief, failure } : belief
    }),
  }
}
