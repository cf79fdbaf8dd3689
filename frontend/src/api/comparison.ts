import {
  Candidates,
  Close,
  Expect,
  Open,
  PlanPromotion,
  Read,
  StartPromotion,
} from '../../wailsjs/go/desktop/Comparisons'
import type { desktop } from '../../wailsjs/go/models'
import { call } from './bridge.ts'
import type { Preview, Task } from './operations.ts'
import type { TypedSecrets } from './profiles.ts'

export type Comparison = Readonly<desktop.Comparison>
export type ComparedItem = Readonly<desktop.ComparedItem>
export type ComparedField = Readonly<desktop.ComparedField>
export type ComparedSide = Readonly<desktop.ComparedSide>
export type Candidate = Pick<desktop.ProfileCard, 'id' | 'name' | 'kind'>

/** Longer than Go's own bound of opening and reading another environment. */
const TIMEOUT = 70_000

/** The environments that the shown one can be compared with. */
export async function listCandidates(): Promise<readonly Candidate[]> {
  return (await call(Candidates)).profiles
}

/** Opens another environment beside the shown one. */
export async function openOther(id: string, secrets: TypedSecrets): Promise<ComparedSide> {
  return call(() => Open({ id, secrets: JSON.stringify(secrets) }), TIMEOUT)
}

/** Closes it. */
export function closeOther(): void {
  void call(Close, TIMEOUT).catch(() => undefined)
}

/** Compares both as they are now. */
export async function readComparison(): Promise<Comparison> {
  return call(Read, TIMEOUT)
}

/** Keeps that the present difference of a field is expected, or that it isn't any more. */
export async function expectDifference(
  item: ComparedItem,
  { name: field, here, there }: ComparedField,
  keep: boolean,
): Promise<Comparison> {
  return call(() => Expect({ kind: item.kind, name: item.name, field, here, there, keep }), TIMEOUT)
}

/** Previews bringing items over into the shown environment, as they were read. */
export async function planPromotion(items: readonly ComparedItem[]): Promise<Preview> {
  return call(() => PlanPromotion({ items: items.map(({ kind, name, mark }) => ({ kind, name, mark })) }), TIMEOUT)
}

/** Begins a promotion, which goes on by itself. */
export async function startPromotion(token: string, reason: string, typedName: string): Promise<Task> {
  return call(() => StartPromotion({ token, reason, typedName }), TIMEOUT)
}
