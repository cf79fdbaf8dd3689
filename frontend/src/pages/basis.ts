import { nothing, type TemplateResult } from 'lit-html'
import { session } from '../api/session.ts'
import { basisMark } from '../ui/basis.ts'

/** Marks how what stands here is known at the moment of the archive that is shown; nothing in a live environment. */
export function knownBy(what: 'fleet' | 'jobs' | 'terms'): TemplateResult | typeof nothing {
  const archive = session().environment?.archive
  return archive ? basisMark('', archive[what]) : nothing
}
