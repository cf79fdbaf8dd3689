import { count } from '../../lib/format.ts'
import { t } from '../../text/text.ts'

/** What a search has found so far. */
export interface Find {
  readonly hit: boolean
  readonly row: number
  /** The how-manieth find it is. */
  readonly place: number
  readonly found: number
  readonly scanned: number
  readonly done: boolean
}

export interface FinderOptions {
  find(text: string, row: number, back: boolean): Promise<Find>
  rows(): number
  show(row: number): void
  say(text: string): void
  failed(thrown: unknown): void
}

/** Pauses between two looks at a search that goes on. */
const PAUSE = 150

/** Walks through the finds of a search that goes on in the background. */
export class Finder {
  readonly #options: FinderOptions
  #turn = 0

  constructor(options: FinderOptions) {
    this.#options = options
  }

  /** Gives up what is being looked for. */
  stop(): void {
    this.#turn++
  }

  /** Goes to the first find at `from` or beyond, and tells how many there are until all have been counted. */
  async go(text: string, from: number, back: boolean): Promise<void> {
    const { find, rows, show, say, failed } = this.#options
    const turn = ++this.#turn
    let row = from
    let shown = false
    let wrapped = false
    try {
      for (;;) {
        const found = await find(text, row, back)
        if (turn !== this.#turn) return
        // Towards the beginning a find counts only when everything between is known.
        if (found.hit && !shown && (!back || found.done || found.scanned > from)) {
          shown = true
          row = found.row
          show(found.row)
        }
        if (!found.hit && found.done && found.found > 0 && !wrapped) {
          wrapped = true
          row = back ? rows() - 1 : 0
          continue
        }
        say(this.#words(found, wrapped, rows()))
        if (found.done) return
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
        if (turn !== this.#turn) return
      }
    } catch (thrown) {
      if (turn === this.#turn) failed(thrown)
    }
  }

  #words(found: Find, wrapped: boolean, rows: number): string {
    const progress = found.done
      ? ''
      : ` ${t('log.searching', { n: `${Math.floor((found.scanned / Math.max(1, rows)) * 100)} %` })}`
    if (found.found === 0) return found.done ? t('log.notFound') : progress.trim()
    const place = found.hit
      ? t('log.place', { place: count(found.place), found: count(found.found) })
      : t('log.found', { n: found.found })
    return `${place}${progress}${wrapped ? ` · ${t('log.wrapped')}` : ''}`
  }
}
