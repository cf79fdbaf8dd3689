import { html, type TemplateResult } from 'lit-html'
import type { ComparedField, ComparedItem } from '../../api/comparison.ts'
import { visible } from '../../lib/hostile.ts'
import { type PlainKey, t, tryText } from '../../text/text.ts'

/** What a comparison finds, from what needs a look to what needs none. */
export const STATES = ['different', 'there', 'here', 'unknown', 'expected', 'equal'] as const
export type ItemState = (typeof STATES)[number]

const LOOKS: Readonly<Record<ItemState, { icon: string; text: PlainKey }>> = {
  different: { icon: 'bi-asterisk', text: 'sides.state.different' },
  there: { icon: 'bi-arrow-down-left-square', text: 'sides.state.there' },
  here: { icon: 'bi-pin-angle', text: 'sides.state.here' },
  unknown: { icon: 'bi-eye-slash', text: 'sides.state.unknown' },
  expected: { icon: 'bi-check2-all', text: 'sides.state.expected' },
  equal: { icon: 'bi-check-lg', text: 'sides.state.equal' },
}

const stateOf = (state: string): ItemState => STATES.find((s) => s === state) ?? 'unknown'

/** A state as a shape and a word. */
export function stateMark(state: string): TemplateResult {
  const known = stateOf(state)
  return html`<span class="ops-side-state ops-side-${known}"
    ><i class="bi ${LOOKS[known].icon}" aria-hidden="true"></i>${t(LOOKS[known].text)}</span
  >`
}

export const stateWord = (state: string): string => t(LOOKS[stateOf(state)].text)

/** How much one state needs a look, the most first. */
export const stateRank = (state: string): number => STATES.indexOf(stateOf(state))

export function fieldName(item: Pick<ComparedItem, 'kind'>, field: string): string {
  return tryText(`sides.field.${item.kind}.${field}`, {}) ?? visible(field)
}

export const kindName = (kind: string): string => tryText(`sides.kind.${kind}`, {}) ?? visible(kind)

/** Why something can't be brought over, in a sentence. */
export const keptText = (kept: string): string => tryText(`sides.kept.${kept}`, {}) ?? visible(kept)

/** The fields of an item that are not the same on both sides. */
export function differing(item: ComparedItem): readonly ComparedField[] {
  return item.fields.filter((f) => f.state !== 'equal')
}
