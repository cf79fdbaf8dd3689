import type { JobDraft } from '../../api/jobs.ts'
import { sameDraft, scheduleKey } from './draft.ts'

/** The parts of a definition that can be taken from one version or the other. */
export const PARTS = [
  'name',
  'enabled',
  'type',
  'command',
  'schedule',
  'args',
  'timeoutSeconds',
  'maxRetries',
  'backoffSeconds',
  'policy',
] as const
export type Part = (typeof PARTS)[number]
export type Side = 'theirs' | 'yours'

/** A part in which the versions differ. */
export interface Difference {
  part: Part
  /** Which side changed it, or both to different values: then somebody has to choose. */
  by: Side | 'both'
}

/** What differs between what was read, what somebody else saved since, and what stands in the form. */
export function differences(base: JobDraft, theirs: JobDraft, yours: JobDraft): Difference[] {
  return PARTS.flatMap((part): Difference[] => {
    const [b, t, y] = [base, theirs, yours].map((draft) => keyOf(draft, part))
    if (t === y) return []
    if (t === b) return [{ part, by: 'yours' }]
    return [{ part, by: y === b ? 'theirs' : 'both' }]
  })
}

/** The form with the chosen side of each difference. */
export function merged(theirs: JobDraft, yours: JobDraft, chosen: Readonly<Partial<Record<Part, Side>>>): JobDraft {
  const draft: Record<string, unknown> = { ...yours }
  for (const part of PARTS) {
    if (chosen[part] === 'theirs') draft[part] = theirs[part]
  }
  const result = draft as unknown as JobDraft
  // What is stored now is theirs: what the form leaves alone has to stay as it stands there.
  return { ...result, schedule: { ...result.schedule, stored: theirs.schedule.stored } }
}

/** The choices that need no asking: where only one side changed something, that side. */
export function obvious(found: readonly Difference[]): Partial<Record<Part, Side>> {
  const chosen: Partial<Record<Part, Side>> = {}
  for (const { part, by } of found) if (by !== 'both') chosen[part] = by
  return chosen
}

/** A part as text, to compare by. */
function keyOf(draft: JobDraft, part: Part): string {
  return part === 'schedule' ? scheduleKey({ ...draft, type: '' }) : String(draft[part])
}

/** Whether nothing is left to decide: both versions are the same. */
export function agree(theirs: JobDraft, yours: JobDraft): boolean {
  return sameDraft(theirs, yours)
}
