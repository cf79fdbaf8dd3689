import { preferences } from './preferences.ts'

/** The parts of an instant in the operator's chosen zone, with the offset that every printed time carries. */
export interface PrintedTime {
  date: string // 2026-11-23
  time: string // 22:58:01
  millis: string // 123
  offset: string // +09:00, or UTC
}

/** Whether a date came from a wire string that stands for "none". */
export function parseTime(wire: string): Date | undefined {
  if (wire === '') return undefined
  const date = new Date(wire)
  return Number.isNaN(date.getTime()) ? undefined : date
}

const made = new Map<string, unknown>()

/** Making one of Intl's formats costs more than a hundred uses of it, so each is made once a language. */
export function once<T>(key: string, make: (language: string) => T): T {
  const { language } = preferences()
  const name = `${language} ${key}`
  const found = made.get(name) as T | undefined
  if (found !== undefined) return found
  const format = make(language)
  made.set(name, format)
  return format
}

/** Compares texts as the operator's language does, numbers inside them by size. */
export function compareTexts(a: string, b: string): number {
  return once('collator', (language) => new Intl.Collator(language, { numeric: true })).compare(a, b)
}

const pad = (n: number, width = 2) => String(n).padStart(width, '0')

/** The offset of the operator's zone at an instant, such as "+09:00" or "UTC". */
export function offsetAt(at: Date): string {
  return preferences().zone === 'utc' ? 'UTC' : localOffset(at)
}

/** The offset of this machine's zone at an instant. */
export function localOffset(at: Date): string {
  const minutes = -at.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '−' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

/** Prints an instant in the operator's zone. */
export function printTime(at: Date): PrintedTime {
  const shift = preferences().zone === 'utc' ? 0 : -at.getTimezoneOffset() * 60_000
  const iso = new Date(at.getTime() + shift).toISOString()
  return { date: iso.slice(0, 10), time: iso.slice(11, 19), millis: iso.slice(20, 23), offset: offsetAt(at) }
}

/** The time of day to the second, for columns whose date is known. */
export function clockTime(wire: string): string {
  const at = parseTime(wire)
  return at ? printTime(at).time : ''
}

/** Date, time and offset in one string, for titles, chart labels and accessible names. */
export function fullTime(at: Date): string {
  const p = printTime(at)
  return `${p.date} ${p.time}.${p.millis} ${p.offset}`
}

function unit(value: number, name: string, digits = 0): string {
  const format = (language: string) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: language === 'ja' ? 'short' : 'narrow',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
  return once(`${name} ${digits}`, format).format(value)
}

/** A length of time with at most two units: 350ms, 2.4s, 1m 05s, 3h 12m, 4d 6h. */
export function duration(millis: number): string {
  const sign = millis < 0 ? '−' : ''
  const ms = Math.abs(millis)
  if (ms < 1) return ms === 0 ? unit(0, 'second') : `${sign}${unit(ms, 'millisecond', 1)}`
  if (ms < 1000) return sign + unit(Math.round(ms), 'millisecond')
  if (ms < 59_950) return sign + unit(ms / 1000, 'second', 1)
  const s = Math.round(ms / 1000)
  if (s < 3600) return `${sign}${unit(Math.floor(s / 60), 'minute')} ${unit(s % 60, 'second')}`
  const m = Math.floor(s / 60)
  if (m < 1440) return `${sign}${unit(Math.floor(m / 60), 'hour')} ${unit(m % 60, 'minute')}`
  const h = Math.floor(m / 60)
  return `${sign}${unit(Math.floor(h / 24), 'day')} ${unit(h % 24, 'hour')}`
}

/** A length of time that is counted down on screen: in whole seconds, so that it doesn't flicker. */
export function countdown(millis: number): string {
  const seconds = Math.max(0, Math.round(millis / 1000))
  return seconds < 60 ? unit(seconds, 'second') : duration(seconds * 1000)
}

/** A latency: one decimal below 100 ms, because that is where it matters. */
export function latency(millis: number): string {
  return Math.abs(millis) < 100 ? unit(millis, 'millisecond', 1) : duration(millis)
}

/** A clock offset, always with its sign. */
export function signedLatency(millis: number): string {
  const size = latency(Math.abs(millis))
  if (size === latency(0)) return size
  return `${millis > 0 ? '+' : '−'}${size}`
}

/** How long ago an instant was, or how far ahead it is, in one unit; "now" for less than half a second. */
export function age(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000)
  const size = Math.abs(seconds)
  if (seconds === 0)
    return once('now', (language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' })).format(0, 'second')
  const format = once('age', (language) => new Intl.RelativeTimeFormat(language, { style: 'short' }))
  if (size < 60) return format.format(seconds, 'second')
  if (size < 3600) return format.format(Math.trunc(seconds / 60), 'minute')
  if (size < 86_400) return format.format(Math.trunc(seconds / 3600), 'hour')
  return format.format(Math.trunc(seconds / 86_400), 'day')
}

/** Bytes in binary units: 512 B, 12.3 MiB. */
export function bytes(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = n
  let i = 0
  while (value >= 1024 && i < units.length - 1) {
    value /= 1024
    i++
  }
  return `${decimal(value, i === 0 ? 0 : 1)} ${units[i]}`
}

/** A count with the language's separators. */
export function count(n: number): string {
  return decimal(n, 0)
}

/** A number with a fixed number of decimals. */
export function decimal(n: number, digits: number): string {
  return fixed(digits, 'decimal').format(n)
}

/** A share between 0 and 1 as a percentage. */
export function percent(share: number, digits = 0): string {
  return fixed(digits, 'percent').format(share)
}

function fixed(digits: number, style: 'decimal' | 'percent'): Intl.NumberFormat {
  const range = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return once(`${style} ${digits}`, (language) => new Intl.NumberFormat(language, { style, ...range }))
}
