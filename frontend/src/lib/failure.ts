import { placeholders, tryText } from '../text/text.ts'
import { cut, visible } from './hostile.ts'

/** A call to Go that failed, as the screens know it. `reason` is the key of a translated sentence. */
export class Failure extends Error {
  readonly code: string
  readonly reason: string
  readonly values: Readonly<Record<string, string>>

  constructor(code: string, reason: string, message: string, values: Readonly<Record<string, string>> = {}) {
    super(message)
    this.name = 'Failure'
    this.code = code
    this.reason = reason
    this.values = values
  }

  /** Whatever was thrown as a Failure: a defect of ours unless it is one already. */
  static of(thrown: unknown): Failure {
    if (thrown instanceof Failure) return thrown
    return new Failure('internal', 'internal', thrown instanceof Error ? thrown.message : String(thrown))
  }
}

/**
 * The sentence for the operator: translated by its reason, else Go's own English one, as also where a value that the
 * translation names did not come along. Values are foreign text.
 */
export function failureText(failure: Failure): string {
  const values = Object.fromEntries(Object.entries(failure.values).map(([k, v]) => [k, valueText(k, v)]))
  const key = `error.${failure.reason}`
  const complete = placeholders(key).every((name) => Object.hasOwn(values, name))
  return (complete ? tryText(key, values) : undefined) ?? visible(cut(failure.message, 1000).text)
}

/** A run's state in words, everything else as it is. */
function valueText(name: string, value: string): string {
  const state = name === 'state' ? tryText(`run.state.${value}`, {}) : undefined
  return state ?? visible(cut(value, 300).text)
}
