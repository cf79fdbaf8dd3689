import { hasEscape, PLAIN, parseLine, type Span, type Style, stripEscapes } from './ansi.ts'
import { visible } from './hostile.ts'

/** A line longer than this is shown on several rows: one row of 100 MB would freeze the window. */
export const ROW_LENGTH = 2000

/** Words that tell an error apart in a log, in the languages that jobs write. */
const ERROR = /\b(error|fatal|panic|exception|traceback|critical|failed|failure)\b|エラー|失敗|例外|異常/i

/**
 * A growing log cut into rows, which are what a viewer shows and counts. Appending costs the length of what is appended;
 * escape sequences are parsed when a row is looked at. The last row may still grow.
 */
export class Lines {
  readonly #rows: string[] = []
  /** The row's number in the log as lines; a continued row has its predecessor's. Kept only where they differ. */
  readonly #continued = new Set<number>()
  /** The style a row starts with, where it isn't plain. */
  readonly #styles = new Map<number, Style>()
  #style: Style = PLAIN
  #open = false
  #continuedBefore: number[] = []

  /** How many rows there are. */
  get length(): number {
    return this.#rows.length
  }

  /** Adds text where the log ends. Lines end with \n or \r\n. */
  append(text: string): void {
    if (text === '') return
    let rest = text
    if (this.#open) {
      rest = this.#rows.pop() + rest
      const last = this.#rows.length
      this.#style = this.#styles.get(last) ?? PLAIN
      this.#styles.delete(last)
    }
    let from = 0
    for (;;) {
      const end = rest.indexOf('\n', from)
      if (end < 0) break
      this.#addLine(rest.slice(from, rest.charCodeAt(end - 1) === 13 && end > from ? end - 1 : end))
      from = end + 1
      this.#open = false
    }
    if (from < rest.length) {
      this.#addLine(rest.slice(from))
      this.#open = true
    }
  }

  #addLine(line: string): void {
    // A row that is being continued keeps its mark when it grows.
    let rest = line
    let first = !this.#continued.has(this.#rows.length)
    do {
      const at = rest.length > ROW_LENGTH ? breakAt(rest) : rest.length
      this.#addRow(rest.slice(0, at), !first)
      rest = rest.slice(at)
      first = false
    } while (rest !== '')
  }

  #addRow(row: string, continued: boolean): void {
    const index = this.#rows.length
    if (continued && !this.#continued.has(index)) {
      this.#continued.add(index)
      this.#continuedBefore.push(index)
    }
    if (this.#style !== PLAIN) this.#styles.set(index, this.#style)
    if (hasEscape(row)) this.#style = parseLine(row, this.#style).end
    if (Object.keys(this.#style).length === 0) this.#style = PLAIN
    this.#rows.push(row)
  }

  /** The row as it was written, escape sequences included. */
  raw(row: number): string {
    return this.#rows[row] ?? ''
  }

  /** The row's text without escape sequences. */
  text(row: number): string {
    const raw = this.raw(row)
    return hasEscape(raw) ? stripEscapes(raw) : raw
  }

  /** The row as styled stretches. */
  spans(row: number): Span[] {
    return parseLine(this.raw(row), this.#styles.get(row) ?? PLAIN).spans
  }

  /** The number of the line that a row belongs to, from 1, or undefined where it continues the row above. */
  lineNumber(row: number): number | undefined {
    if (this.#continued.has(row)) return undefined
    return row + 1 - countBelow(this.#continuedBefore, row)
  }

  /** Whether the row continues the one above. */
  continues(row: number): boolean {
    return this.#continued.has(row)
  }

  /**
   * The next row that holds the text, ignoring case, from `row` on in the direction, or undefined once `budget` rows
   * were looked at without a find; `reached` is where to go on. Visible tokens can be searched for as they are shown.
   */
  find(text: string, row: number, step: 1 | -1, budget: number): { row?: number; reached: number; done: boolean } {
    const wanted = text.toLowerCase()
    return this.#scan((r) => visible(this.text(r), '\t').toLowerCase().includes(wanted), row, step, budget)
  }

  /** The same for the first row that looks like an error. */
  findError(row: number, budget: number): { row?: number; reached: number; done: boolean } {
    return this.#scan((r) => ERROR.test(this.text(r)), row, 1, budget)
  }

  #scan(matches: (row: number) => boolean, row: number, step: 1 | -1, budget: number) {
    let r = row
    for (let n = 0; n < budget && r >= 0 && r < this.length; n++, r += step) {
      if (matches(r)) return { row: r, reached: r, done: true }
    }
    return { reached: r, done: r < 0 || r >= this.length }
  }
}

/** Where to break a long row: never inside a surrogate pair or an escape sequence. */
function breakAt(text: string): number {
  let at = ROW_LENGTH
  const start = text.lastIndexOf('\u001b', at)
  if (start > at - 64 && start > 0) at = start
  const before = text.charCodeAt(at - 1)
  return before >= 0xd800 && before <= 0xdbff ? at - 1 : at
}

/** How many of the ascending numbers are below n. */
function countBelow(ascending: readonly number[], n: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) < n) low = middle + 1
    else high = middle
  }
  return low
}
