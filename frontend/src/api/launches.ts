import { Link, Pending, Taken } from '../../wailsjs/go/desktop/Launches'
import type { Failure } from '../lib/failure.ts'
import { ask, call, wireFailure } from './bridge.ts'

/** What the desktop asked the program to show: one of a link, an archive, and what is wrong with a link. */
export interface Launch {
  readonly seq: number
  readonly link?: FollowedLink
  readonly archive?: string
  readonly failure?: Failure
}

/** A link that somebody followed, to a screen of an environment or of an archive. */
export type FollowedLink = EnvironmentLink | ArchiveLink

export interface EnvironmentLink {
  readonly kind: 'environment'
  readonly profile: string
  /** That it is of; "" = not told. */
  readonly moment: string
  readonly route: string
}

export interface ArchiveLink {
  readonly kind: 'archive'
  /** What the archive is known by, wherever its file lies. */
  readonly content: string
  /** The name that the file had; "" = not told. */
  readonly file: string
  /** The environment that the archive was made from; "" = not told. */
  readonly live: string
  readonly moment: string
  readonly route: string
}

/** The latest that was asked for and not dealt with. */
export async function pendingLaunch(): Promise<Launch | undefined> {
  const { seq, profile, content, file, live, moment, route, archive, error } = await call(Pending)
  if (seq === 0) return undefined
  const failure = wireFailure(error)
  const link: FollowedLink | undefined =
    content !== ''
      ? { kind: 'archive', content, file, live, moment, route }
      : profile !== ''
        ? { kind: 'environment', profile, moment, route }
        : undefined
  return {
    seq,
    ...(link ? { link } : {}),
    ...(archive === '' ? {} : { archive }),
    ...(failure ? { failure } : {}),
  }
}

/** Says that it was dealt with. */
export function launchTaken(seq: number): void {
  void call(() => Taken({ seq })).catch(() => undefined)
}

/** A link to a screen of what is shown, as of the moment that it shows. */
export async function linkTo(route: string): Promise<string> {
  return (await ask(() => Link({ route }))).link
}
