import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { wireFailure } from './bridge.ts'

/** History in a file, which is shown instead of a cluster. */
export interface Archive extends Readonly<Omit<desktop.ArchiveState, 'trust' | 'fleet' | 'jobs' | 'terms'>> {
  /** What is known of workers and leadership at the moment. */
  readonly fleet: Basis
  /** What is known of definitions. */
  readonly jobs: Basis
  readonly terms: Basis
  readonly trust: Trust
}

/** What an answer about a moment stands on. */
export interface Basis {
  readonly kind: 'exact' | 'sampled' | 'inferred' | 'unknown'
  /** When that was seen which is shown; "" = nobody looked. */
  readonly looked: string
}

/** Whether an archive is what was exported, as far as that is checked. */
export interface Trust extends Readonly<Omit<desktop.TrustState, 'error' | 'phase'>> {
  readonly phase: 'checking' | 'checked' | 'failed'
  readonly failure?: Failure
}

/** A time of an archive at which something happened. */
export type Moment = Readonly<desktop.Moment>

/** Reads what Go says of an archive. */
export function archiveOf({ trust, fleet, jobs, terms, ...rest }: desktop.ArchiveState): Archive {
  const { error, phase, ...found } = trust
  const failure = wireFailure(error)
  const checked = phase === 'checked' || phase === 'failed' ? phase : 'checking'
  return {
    ...rest,
    fleet: basisOf(fleet),
    jobs: basisOf(jobs),
    terms: basisOf(terms),
    trust: { ...found, phase: checked, ...(failure ? { failure } : {}) },
  }
}

function basisOf({ kind, looked }: desktop.BasisState): Basis {
  return { kind: kind === 'exact' || kind === 'sampled' || kind === 'inferred' ? kind : 'unknown', looked }
}
