/** What a cache of rows asks: some rows from one on, or fewer. */
export type FetchRows<Row> = (from: number, count: number) => Promise<readonly Row[]>

/** Rows that are asked for at once. */
const PAGE = 200
/** Rows that are kept; of more, those farthest from what was looked at last are forgotten. */
const KEPT = 20_000

/** The rows around what is in sight of something that may have millions. */
export class RowCache<Row> {
  readonly #fetch: FetchRows<Row>
  readonly #arrived: () => void
  readonly #failed: (thrown: unknown) => void
  readonly #rows = new Map<number, Row>()
  #wanted: readonly [number, number] = [0, 0]
  #asking = false
  #age = 0
  #length = 0

  constructor(fetch: FetchRows<Row>, arrived: () => void, failed: (thrown: unknown) => void) {
    this.#fetch = fetch
    this.#arrived = arrived
    this.#failed = failed
  }

  get length(): number {
    return this.#length
  }

  /** There are `length` rows now. What was the last row may have grown. */
  grow(length: number): void {
    for (let row = Math.max(0, this.#length - 1); row < this.#length; row++) this.#rows.delete(row)
    this.#length = length
    this.#age++
  }

  get(row: number): Row | undefined {
    return this.#rows.get(row)
  }

  /** Sees to it that the rows of [from, to) come, if they aren't there. */
  want(from: number, to: number): void {
    this.#wanted = [Math.max(0, from), Math.min(this.#length, to)]
    if (!this.#asking) void this.#ask()
  }

  #missing(): number | undefined {
    const [from, to] = this.#wanted
    for (let row = from; row < to; row++) if (!this.#rows.has(row)) return row
    return undefined
  }

  async #ask(): Promise<void> {
    this.#asking = true
    try {
      for (let row = this.#missing(); row !== undefined; row = this.#missing()) {
        const age = this.#age
        const rows = await this.#fetch(row, Math.min(PAGE, this.#length - row))
        if (rows.length === 0) return
        rows.forEach((r, i) => {
          // The last row of a log that has grown meanwhile may be a part of what it is now.
          if (age === this.#age || i < rows.length - 1) this.#rows.set(row + i, r)
        })
        this.#forget()
        this.#arrived()
      }
    } catch (thrown) {
      this.#failed(thrown)
    } finally {
      this.#asking = false
    }
  }

  #forget(): void {
    if (this.#rows.size <= KEPT) return
    const middle = (this.#wanted[0] + this.#wanted[1]) / 2
    for (const row of this.#rows.keys()) if (Math.abs(row - middle) > KEPT / 4) this.#rows.delete(row)
  }
}
