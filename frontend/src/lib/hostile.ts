/**
 * Text from outside (names, errors, arguments, logs) may hold characters that reorder, hide or control what an operator
 * reads. They are shown as visible tokens instead; nothing is removed.
 */

/** One character made visible: the text that stands for it, its code point, and letters for fonts that lack the sign. */
export interface Token {
  readonly token: string
  readonly name: string
  readonly letters?: string
}

/** A stretch of harmless text, or a token. */
export type Piece = string | Token

const C0 = (
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI ' +
  'DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'
).split(' ')

const NAMES: Readonly<Record<number, string>> = {
  173: 'SHY',
  847: 'CGJ',
  1564: 'ALM',
  6158: 'MVS',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8232: 'LS',
  8233: 'PS',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  65279: 'BOM',
}

/**
 * C0 and C1 controls, soft hyphen, joiners, bidi controls, line separators, invisible operators, variation selector
 * supplements, tag characters, byte order mark and lone surrogates.
 */
const SUSPECT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]|\u034f|[\u17b4\u17b5]|[\u180b-\u180d]|[\u{e0100}-\u{e01ef}]/gu

function tokenOf(code: number): Token {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  const letters = code === 0x7f ? 'DEL' : C0[code]
  if (letters) return { token: code === 0x7f ? '␡' : String.fromCharCode(0x2400 + code), name, letters }
  return { token: `⟨${NAMES[code] ?? name}⟩`, name }
}

/** Splits text into harmless stretches and visible tokens. Characters in `keep` (say '\n\t') stay as they are. */
export function pieces(text: string, keep = ''): Piece[] {
  const out: Piece[] = []
  let from = 0
  for (const match of text.matchAll(SUSPECT)) {
    if (keep.includes(match[0])) continue
    if (match.index > from) out.push(text.slice(from, match.index))
    out.push(tokenOf(match[0].codePointAt(0) ?? 0))
    from = match.index + match[0].length
  }
  if (from < text.length) out.push(text.slice(from))
  return out
}

/**
 * The same as one string, for places that take no elements: titles, chart labels, sentences. Controls stand in letters
 * there, because many fonts lack their signs and nothing can be drawn over them.
 */
export function visible(text: string, keep = ''): string {
  return text.replace(SUSPECT, (c) => {
    if (keep.includes(c)) return c
    const { token, letters } = tokenOf(c.codePointAt(0) ?? 0)
    return letters ? `⟨${letters}⟩` : token
  })
}

/** The first `max` UTF-16 units of text, never ending inside a surrogate pair, and whether something was cut. */
export function cut(text: string, max: number): { text: string; rest: number } {
  if (text.length <= max) return { text, rest: 0 }
  const last = text.charCodeAt(max - 1)
  const end = last >= 0xd800 && last <= 0xdbff ? max - 1 : max
  return { text: text.slice(0, end), rest: text.length - end }
}
