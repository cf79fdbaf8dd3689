import { Check, List } from '../../wailsjs/go/desktop/Settings'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { call, wireFailure } from './bridge.ts'

export type Reload = Readonly<desktop.Reload>
export type ReloadTarget = Readonly<desktop.ReloadTarget>

/** One key of the scheduler's settings; `failure` says why processes can't use the stored value. */
export interface Setting extends Readonly<Omit<desktop.Setting, 'problem'>> {
  readonly failure?: Failure
}

export interface SettingList {
  readonly settings: readonly Setting[]
  /** Newest first. */
  readonly reloads: readonly Reload[]
  /** Who would apply; "" = nobody, undefined = unknown. */
  readonly leader: string | undefined
  /** Why nobody knows who changed what. */
  readonly changesFailure?: Failure
  readonly asOf: string
}

/** Every setting, and the latest requests to apply them. */
export async function listSettings(): Promise<SettingList> {
  const { settings, reloads, leader, leaderError, changesError, asOf } = await call(List)
  const changesFailure = wireFailure(changesError)
  return {
    settings: settings.map(({ problem, ...setting }) => {
      const failure = wireFailure(problem)
      return failure ? { ...setting, failure } : setting
    }),
    reloads,
    leader: leaderError ? undefined : leader,
    asOf,
    ...(changesFailure ? { changesFailure } : {}),
  }
}

/** What was typed for a key as JSON text; fails with what is wrong with it. */
export async function checkSetting(key: string, input: string): Promise<string> {
  return (await call(() => Check({ key, input }))).value
}
