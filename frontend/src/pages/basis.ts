import { html, nothing, type TemplateResult } from 'lit-html'
import type { Run } from '../api/runs.ts'
import { session } from '../api/session.ts'
import { t } from '../text/text.ts'
import { runState } from '../ui/badge.ts'
import { basisMark } from '../ui/basis.ts'
import type { FaceContent } from '../ui/face.ts'

/** Marks how what stands here is known at the moment of the archive that is shown; nothing in a live environment. */
export function knownBy(what: 'fleet' | 'jobs' | 'terms'): TemplateResult | typeof nothing {
  const archive = session().environment?.archive
  return archive ? basisMark('', archive[what]) : nothing
}

/**
 * Stands where nobody looked at the workers at the moment of the archive that is shown, and `found` of them are concluded from other
 * things: nothing found is not nothing there.
 */
export function fleetUnknown(found: number): FaceContent | undefined {
  const kind = session().environment?.archive?.fleet.kind
  if (kind !== 'unknown' && !(kind === 'inferred' && found === 0)) return undefined
  return { kind: 'empty', title: t('archive.fleetUnknown'), text: t('archive.fleetUnknownText') }
}

/**
 * The state of a run. Before the end of an archive, that of one that was orphaned later is inferred from its last times: an attempt
 * before them may have been under way, whose times orphaning has erased.
 */
export function stateThen({ state, attempt }: Pick<Run, 'state' | 'attempt'>): TemplateResult {
  const archive = session().environment?.archive
  const past = archive !== undefined && Date.parse(archive.moment) < Date.parse(archive.to)
  const erased = past && attempt > 0 && ['PENDING', 'ASSIGNED'].includes(state)
  return html`${runState(state)}${erased ? html` ${basisMark('', { kind: 'inferred', looked: '' }, t('archive.basis.orphaned'))}` : nothing}`
}
