import { Announce, News as Happened, List, Remove, Seen, Set as Watch } from '../../wailsjs/go/desktop/Watches'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { ask, call, wireFailure } from './bridge.ts'

/** One thing that is watched; without a job's choices where it is none. */
export type Watched = Readonly<desktop.WatchState>
/** Something that has happened to what is watched, in the environment that it names. */
export type NewsItem = Readonly<desktop.NewsItem>
export type News = Readonly<desktop.NewsState>
/** A notification outside of the window. */
export type Announcement = Readonly<desktop.AnnounceRequest>

export interface WatchList extends Readonly<Omit<desktop.WatchList, 'error'>> {
  /** Why the list can't be read. */
  readonly failure?: Failure
}

/** What is watched in the environment that is shown. */
export async function listWatches(): Promise<WatchList> {
  const { error, ...list } = await call(List)
  const failure = wireFailure(error)
  return failure ? { ...list, failure } : list
}

/** Watches something, or the same thing in another way. */
export async function setWatch(watch: Watched): Promise<void> {
  await call(() => Watch(watch))
}

/** Stops watching something. */
export async function removeWatch({ kind, id }: Pick<Watched, 'kind' | 'id'>): Promise<void> {
  await call(() => Remove({ kind, id }))
}

/** What has happened, whatever is shown. */
export async function readNews(): Promise<News> {
  return ask(Happened)
}

/** Says up to which number the operator has seen it. */
export function newsSeen(seq: number): void {
  void ask(() => Seen({ seq })).catch(() => undefined)
}

/** Shows a notification outside of the window; one that has been shown already isn't shown again. */
export function announce(announcement: Announcement): void {
  void ask(() => Announce(announcement)).catch(() => undefined)
}
