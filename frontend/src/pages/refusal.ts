import type { Outcome } from '../api/operations.ts'
import { t } from '../text/text.ts'
import { reasonText } from '../ui/operation/outcome.ts'

/** A field of a form, and what the database has against what stands in it. */
export interface FieldRefusal {
  readonly field: string
  readonly text: string
}

/** Reasons by which the gate refuses one field without naming it, with that field. */
const WHOLE: Readonly<Record<string, string>> = {
  'args.masked': 'default_args_json',
  'schedule.invalid': 'schedule',
  'setting.invalid': 'value',
  'setting.masked': 'value',
}

/** The field that a refusal of the gate is about; `fields` gives a form's name for a column. Undefined where it is about none. */
export function refusedField(
  outcome: Pick<Outcome, 'result' | 'reason' | 'args'>,
  fields: Readonly<Record<string, string>>,
): FieldRefusal | undefined {
  if (outcome.result !== 'refused') return undefined
  const named = outcome.args['field']
  const column = named ?? WHOLE[outcome.reason] ?? ''
  const field = Object.hasOwn(fields, column) ? fields[column] : undefined
  if (field === undefined) return undefined
  return { field, text: named === undefined ? reasonText(outcome) : t('operation.fieldRefused') }
}
