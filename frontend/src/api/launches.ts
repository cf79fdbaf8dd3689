import { Pending, Taken } from '../../wailsjs/go/desktop/Launches'
import type { Failure } from '../lib/failure.ts'
import { call, wireFailure } from './bridge.ts'

/** What the desktop asked the program to show: one of a link, an archive, and what is wrong with a link. */
export interface Launch {
  readonly seq: number
  readonly link?: { readonly profile: string; readonly route: string }
  readonly archive?: string
  readonly failure?: Failure
}

/** The latest that was asked for and not dealt with. */
export async function pendingLaunch(): Promise<Launch | undefined> {
  const { seq, profile, route, archive, error } = await call(Pending)
  if (seq === 0) return undefined
  const failure = wireFailure(error)
  return {
    seq,
    ...(profile === '' ? {} : { link: { profile, route } }),
    ...(archive === '' ? {} : { archive }),
    ...(failure ? { failure } : {}),
  }
}

/** Says that it was dealt with. */
export function launchTaken(seq: number): void {
  void call(() => Taken({ seq })).catch(() => undefined)
}
