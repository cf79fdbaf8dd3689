/** How a stretch of a log looks: colours as palette names, so that the theme decides what "red" is. */
export interface Style {
  readonly fg?: string
  readonly bg?: string
  readonly bold?: true
  readonly dim?: true
  readonly italic?: true
  readonly underline?: true
  readonly strike?: true
  readonly inverse?: true
}

export interface Span {
  readonly text: string
  readonly style: Style
}

/** The style at the start of a log. */
export const PLAIN: Style = Object.freeze({})

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

/**
 * Escape sequences: CSI; strings (OSC, DCS, SOS, PM, APC) up to their terminator or the end of the line; two-character
 * escapes; and the eight-bit CSI. Only SGR, a CSI that ends in "m", has an effect; all of them are dropped.
 */
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of control characters
  /(?:\u001b\[|\u009b)([0-?]*)[ -/]*([@-~]?)|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g

/** Whether a line holds anything for parseLine to do. */
export function hasEscape(line: string): boolean {
  return line.includes('\u001b') || line.includes('\u009b')
}

/** The line without any escape sequence. */
export function stripEscapes(line: string): string {
  return line.replace(ESCAPE, '')
}

/** Splits a line into styled stretches, and gives the style that the next line starts with. */
export function parseLine(line: string, start: Style): { spans: Span[]; end: Style } {
  const spans: Span[] = []
  let style = start
  let from = 0
  const push = (to: number) => {
    if (to > from) spans.push({ text: line.slice(from, to), style })
  }
  for (const match of line.matchAll(ESCAPE)) {
    push(match.index)
    from = match.index + match[0].length
    if (match[2] === 'm') style = applySgr(style, match[1] ?? '')
  }
  push(line.length)
  return { spans, end: style }
}

type Draft = { -readonly [K in keyof Style]: Style[K] | undefined }

function applySgr(style: Style, parameters: string): Style {
  const codes = parameters.split(';')
  let next: Draft = { ...style }
  for (let i = 0; i < codes.length; i++) {
    const [code = 0, ...sub] = (codes[i] ?? '').split(':').map(number)
    if (code === 0) next = {}
    else if (code === 38 || code === 48 || code === 58) {
      // The colour stands behind colons, where a colour space may come first, or in the codes that follow.
      const colon = sub[0] === 2 && sub.length > 4 ? [2, ...sub.slice(2)] : sub
      const { colour, used } = extendedColour(sub.length > 0 ? colon : codes.slice(i + 1).map(number))
      if (colour && code !== 58) next[code === 38 ? 'fg' : 'bg'] = colour
      if (sub.length === 0) i += used
    } else if (code === 4) next.underline = sub[0] === 0 ? undefined : true
    else simple(next, code)
  }
  return Object.freeze(Object.fromEntries(Object.entries(next).filter(([, v]) => v !== undefined))) as Style
}

const number = (text: string): number => (text === '' ? 0 : Number(text))

function simple(style: Draft, code: number): void {
  if (code === 1) style.bold = true
  else if (code === 2) style.dim = true
  else if (code === 3) style.italic = true
  else if (code === 7) style.inverse = true
  else if (code === 9) style.strike = true
  else if (code === 22) style.bold = style.dim = undefined
  else if (code === 23) style.italic = undefined
  else if (code === 21) style.underline = true
  else if (code === 24) style.underline = undefined
  else if (code === 27) style.inverse = undefined
  else if (code === 29) style.strike = undefined
  else if (code === 39) style.fg = undefined
  else if (code === 49) style.bg = undefined
  else if (code >= 30 && code <= 37) style.fg = COLOURS[code - 30]
  else if (code >= 40 && code <= 47) style.bg = COLOURS[code - 40]
  else if (code >= 90 && code <= 97) style.fg = `bright-${COLOURS[code - 90]}`
  else if (code >= 100 && code <= 107) style.bg = `bright-${COLOURS[code - 100]}`
}

/**
 * The colour after 38 or 48, brought to the sixteen names: an exact shade from a log can't be trusted to be readable on
 * every theme. `used` is how many codes it took.
 */
function extendedColour(codes: readonly number[]): { colour?: string; used: number } {
  if (codes[0] === 5) {
    const n = codes[1] ?? 0
    if (n < 8) return { colour: COLOURS[n] ?? 'white', used: 2 }
    if (n < 16) return { colour: `bright-${COLOURS[n - 8]}`, used: 2 }
    if (n >= 232) return { colour: n < 244 ? 'bright-black' : 'white', used: 2 }
    const cube = n - 16
    return { colour: nearest(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51), used: 2 }
  }
  if (codes[0] === 2) return { colour: nearest(codes[1] ?? 0, codes[2] ?? 0, codes[3] ?? 0), used: 4 }
  return { used: codes.length }
}

function nearest(r: number, g: number, b: number): string {
  const strongest = Math.max(r, g, b)
  if (strongest < 48) return 'bright-black'
  const bit = (v: number) => (v > strongest * 0.6 ? 1 : 0)
  const name = COLOURS[bit(r) | (bit(g) << 1) | (bit(b) << 2)] ?? 'white'
  return strongest > 200 ? `bright-${name}` : name
}
