import { render } from 'lit-html'
import { RowCache } from '../lib/rowcache.ts'
import { t } from '../text/text.ts'
import { type LogBarState, logBar } from './log/bar.ts'
import { type Find, Finder } from './log/finder.ts'
import type { ShownRow } from './log/row.ts'
import { createLogView } from './log/view.ts'

/** Where a viewer gets its log from: row by row, because no page could hold all of them. */
export interface LogSource {
  rows(from: number, count: number): Promise<readonly ShownRow[]>
  find(text: string, row: number, back: boolean): Promise<Find>
  /** The row in which a line begins. */
  line(line: number): Promise<number>
  firstError(): Promise<number | undefined>
  text(from: number, count: number): Promise<{ text: string; cut: boolean }>
}

export interface LogOptions {
  label: string
  source: LogSource
  /** Writes to the clipboard; the page's own clipboard access is refused. */
  copy(text: string): void
  /** Asks where to, and writes the log into a file. */
  save?(): void
  failed(thrown: unknown): void
  /** Whether the end is kept in sight from the start. */
  follow?: boolean
}

export interface Log {
  readonly element: HTMLElement
  /** The log has so many rows and lines now. */
  grow(rows: number, lines: number): void
}

/** Puts a log viewer into the host; it is gone when the signal aborts. */
export function createLog(host: HTMLElement, signal: AbortSignal, options: LogOptions): Log {
  const { source, failed } = options
  const element = document.createElement('div')
  element.className = 'ops-log'
  const bar = document.createElement('div')
  bar.className = 'ops-log-bar'
  const rows = new RowCache<ShownRow>(
    (from, count) => source.rows(from, count),
    () => view.draw(),
    failed,
  )
  const state: LogBarState = { follow: options.follow ?? false, wrap: false, times: false, lines: 0, message: '' }
  const view = createLogView(rows, signal, options.label, (atEnd) => {
    if (state.follow && !atEnd) change({ follow: false })
  })
  const finder = new Finder({
    find: (text, row, back) => source.find(text, row, back),
    rows: () => rows.length,
    show: reveal,
    say: (message) => change({ message }),
    failed,
  })
  element.append(bar, view.element)
  host.append(element)
  signal.addEventListener('abort', () => {
    finder.stop()
    element.remove()
  })
  change({})

  function reveal(row: number): void {
    change({ follow: false })
    view.show(row)
  }

  function find(back: boolean): void {
    if (view.wanted === '') return
    const from = view.current === undefined ? view.top() : view.current + (back ? -1 : 1)
    void finder.go(view.wanted, from, back)
  }

  function search(text: string): void {
    finder.stop()
    view.wanted = text.toLowerCase()
    view.current = undefined
    change({ message: '' })
    find(false)
  }

  /** Goes to a row that Go looks for. */
  async function goTo(row: Promise<number | undefined>, none: string): Promise<void> {
    finder.stop()
    try {
      const found = await row
      if (signal.aborted) return
      change({ message: found === undefined ? none : '' })
      if (found !== undefined) reveal(found)
    } catch (thrown) {
      failed(thrown)
    }
  }

  async function copy(): Promise<void> {
    const [from, count] = marked() ?? [0, rows.length]
    try {
      const { text, cut } = await source.text(from, count)
      options.copy(text)
      change({ message: cut ? t('log.copiedPart') : t('log.copied') })
    } catch (thrown) {
      failed(thrown)
    }
  }

  /** The rows that are marked with the mouse. */
  function marked(): [number, number] | undefined {
    const selection = document.getSelection()
    if (!selection || selection.isCollapsed || !view.element.contains(selection.anchorNode)) return undefined
    const rowOf = (node: Node | null) => {
      const at = (node instanceof Element ? node : node?.parentElement)?.closest<HTMLElement>('[data-row]')
      return at ? Number(at.dataset['row']) : undefined
    }
    const ends = [rowOf(selection.anchorNode), rowOf(selection.focusNode)].filter((row) => row !== undefined)
    return ends.length === 2 ? [Math.min(...ends), Math.abs((ends[0] ?? 0) - (ends[1] ?? 0)) + 1] : undefined
  }

  function change(next: Partial<LogBarState>): void {
    Object.assign(state, next)
    if (next.follow) view.toEnd()
    view.wrap = state.wrap
    view.times = state.times
    view.draw()
    render(
      logBar(state, {
        search,
        find,
        firstError: () => void goTo(source.firstError(), t('log.noError')),
        goToLine: (line) => void goTo(source.line(line), ''),
        change,
        copy: () => void copy(),
        ...(options.save && { save: options.save }),
      }),
      bar,
    )
  }

  return {
    element,
    grow(count, lines) {
      rows.grow(count)
      if (state.follow) view.toEnd()
      change({ lines })
    },
  }
}
