import { once } from '../lib/format.ts'
import { preferences } from '../lib/preferences.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'

/** The English texts are the reference: Japanese must have the same keys, and the compiler says so. */
export type Key = keyof typeof en

type Placeholders<S> = S extends `${string}{${infer Inner}}${infer Rest}` ? NameOf<Inner> | Placeholders<Rest> : never
type NameOf<S> = S extends `${infer Name}:${string}` ? Name : S
type Values<K extends Key> = { [Name in Placeholders<(typeof en)[K]>]: string | number }
type Arguments<K extends Key> = Placeholders<(typeof en)[K]> extends never ? [] : [Values<K>]

/** Keys whose texts have no placeholders, for keys chosen at run time. */
export type PlainKey = { [K in Key]: Placeholders<(typeof en)[K]> extends never ? K : never }[Key]

const languages: Record<'ja' | 'en', Record<Key, string>> = { ja, en }

/** The text of a key in the operator's language, its {placeholders} filled. The compiler wants each of them given. */
export function t<K extends Key>(key: K, ...values: Arguments<K>): string {
  const texts: Record<Key, string> = languages[preferences().language]
  return fill(texts[key], values[0] ?? {})
}

/** Like t for a key that came from Go, such as an error's reason; undefined when no such text exists. */
export function tryText(key: string, values: Readonly<Record<string, string | number>>): string | undefined {
  const texts = languages[preferences().language]
  const text: string | undefined = Object.hasOwn(texts, key) ? texts[key as Key] : undefined
  return text === undefined ? undefined : fill(text, values)
}

/** The names that a key's text wants filled; none for a key that doesn't exist. */
export function placeholders(key: string): string[] {
  const text: string = Object.hasOwn(en, key) ? en[key as Key] : ''
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((m) => m[1] ?? ''))]
}

/** {name}, or {name:singular|plural}. */
const PLACEHOLDER = /\{(\w+)(?::([^|{}]+)\|([^|{}]+))?\}/g

const pluralRules = () => once('plural', (language) => new Intl.PluralRules(language))
const numbers = () => once('number', (language) => new Intl.NumberFormat(language))

/**
 * Fills placeholders, after choosing the plural form: "one||other" by {n}. A text with other counts chooses words by each:
 * "{rows} {rows:row|rows}". A missing value keeps its placeholder.
 */
function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  const [one = template, other] = template.split('||')
  const text = other !== undefined && isPlural(values['n']) ? other : one
  return text.replace(PLACEHOLDER, (whole, name: string, singular?: string, plural?: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) return whole
    if (singular !== undefined && plural !== undefined) return isPlural(value) ? plural : singular
    return typeof value === 'number' ? numbers().format(value) : value
  })
}

const isPlural = (value: string | number | undefined) => pluralRules().select(Number(value)) !== 'one'
