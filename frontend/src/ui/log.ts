import { html, render } from 'lit-html'
import { count } from '../lib/format.ts'
import { Lines } from '../lib/lines.ts'
import { t } from '../text/text.ts'
import { createLogView } from './log/view.ts'

export interface LogOptions {
  label: string
  /** Writes to the clipboard; the page's own clipboard access is refused. */
  copy(text: string): void
  /** Whether the end is kept in sight from the start. */
  follow?: boolean
}

export interface Log {
  readonly element: HTMLElement
  append(text: string): void
  clear(): void
  /** What is known of the log as a whole, such as "still running". */
  note(text: string): void
}

/** Rows searched between two frames: some milliseconds of work. */
const SLICE = 5000
/** The most that is copied at once, in characters. */
const COPY_LIMIT = 5_000_000

/** Puts a log viewer into the host; it is gone when the signal aborts. */
export function createLog(host: HTMLElement, signal: AbortSignal, options: LogOptions): Log {
  const element = document.createElement('div')
  element.className = 'ops-log'
  const bar = document.createElement('div')
  bar.className = 'ops-log-bar'
  let lines = new Lines()
  let follow = options.follow ?? false
  let note = ''
  let message = ''
  let search = new AbortController()
  let viewLife = new AbortController()
  let view = mount()
  element.append(bar, view.element)
  host.append(element)
  signal.addEventListener('abort', () => {
    search.abort()
    viewLife.abort()
    element.remove()
  })
  drawBar()

  function mount() {
    return createLogView(lines, viewLife.signal, options.label, (atEnd) => {
      if (follow === atEnd) return
      follow = atEnd && follow
      drawBar()
    })
  }

  /**
   * Looks for rows slice by slice, so that 100 MB can be searched without a frozen window. `again` is where to begin anew
   * after the last row.
   */
  async function look(next: (row: number) => ReturnType<Lines['find']>, from: number, again?: number): Promise<void> {
    search.abort()
    search = new AbortController()
    const { signal: cancelled } = search
    let row = from
    let wrapped = again === undefined
    for (;;) {
      const result = next(row)
      if (result.row !== undefined) {
        follow = false
        view.show(result.row)
        return say(wrapped && again !== undefined ? t('log.wrapped') : '')
      }
      if (result.done && wrapped) return say(t('log.notFound'))
      row = result.done ? (again ?? 0) : result.reached
      wrapped ||= result.done
      say(t('log.searching', { n: count(row + 1) }))
      await new Promise((resolve) => setTimeout(resolve))
      if (cancelled.aborted || signal.aborted) return
    }
  }

  function find(step: 1 | -1): void {
    if (view.wanted === '') return
    const from = view.current === undefined ? view.top() : view.current + step
    // Past the last row it begins again at the first.
    void look((row) => lines.find(view.wanted, row, step, SLICE), from, step > 0 ? 0 : lines.length - 1)
  }

  function onSearch(event: Event): void {
    search.abort()
    view.wanted = (event.target as HTMLInputElement).value.toLowerCase()
    view.current = undefined
    say('')
    view.draw()
    if (view.wanted !== '') find(1)
  }

  function setFollow(on: boolean): void {
    follow = on
    if (on) view.toEnd()
    drawBar()
  }

  function say(text: string): void {
    message = text
    drawBar()
  }

  function copy(): void {
    const marked = document.getSelection()
    const within = marked && !marked.isCollapsed && view.element.contains(marked.anchorNode)
    const rowOf = (node: Node | null) => {
      const at = (node instanceof Element ? node : node?.parentElement)?.closest<HTMLElement>('[data-row]')
      return at ? Number(at.dataset['row']) : undefined
    }
    const ends = within ? [rowOf(marked.anchorNode), rowOf(marked.focusNode)].filter((r) => r !== undefined) : []
    const first = ends.length === 2 ? Math.min(...ends) : 0
    const last = ends.length === 2 ? Math.max(...ends) : lines.length - 1
    const parts: string[] = []
    let size = 0
    for (let row = first; row <= last && size < COPY_LIMIT; row++) {
      const text = (row > first && !lines.continues(row) ? '\n' : '') + lines.text(row)
      parts.push(text)
      size += text.length
    }
    options.copy(parts.join(''))
    say(size < COPY_LIMIT ? t('log.copied') : t('log.copiedPart'))
  }

  function onSearchKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return
    event.preventDefault()
    find(event.shiftKey ? -1 : 1)
  }

  function drawBar(): void {
    const button = (icon: string, label: string, run: () => void) => html`<button
      type="button"
      class="btn btn-sm btn-outline-secondary"
      aria-label=${label}
      title=${label}
      @click=${run}
    >
      <i class="bi ${icon}" aria-hidden="true"></i>
    </button>`
    render(
      html`<div class="ops-search">
          <i class="bi bi-search" aria-hidden="true"></i>
          <input
            type="search"
            class="form-control form-control-sm"
            data-ops-search
            spellcheck="false"
            autocomplete="off"
            aria-label=${t('log.search')}
            placeholder=${t('log.search')}
            @input=${onSearch}
            @keydown=${onSearchKey}
          />
        </div>
        <span class="btn-group" role="group" aria-label=${t('log.finds')}
          >${button('bi-chevron-up', t('log.previous'), () => find(-1))}${button('bi-chevron-down', t('log.next'), () =>
            find(1),
          )}</span
        >
        <button
          type="button"
          class="btn btn-sm btn-outline-secondary"
          @click=${() => void look((row) => lines.findError(row, SLICE), 0)}
        >
          <i class="bi bi-bug" aria-hidden="true"></i> ${t('log.firstError')}
        </button>
        <label class="form-check form-switch ops-log-follow">
          <input
            type="checkbox"
            role="switch"
            class="form-check-input"
            .checked=${follow}
            @change=${(e: Event) => setFollow((e.target as HTMLInputElement).checked)}
          />
          ${t('log.follow')}
        </label>
        ${button('bi-clipboard', t('log.copy'), copy)}
        <span class="ops-log-note" role="status">${message || note || t('log.lines', { n: lines.length })}</span>`,
      bar,
    )
  }

  return {
    element,
    append(text) {
      lines.append(text)
      if (follow) view.toEnd()
      view.draw()
      if (message === '' && note === '') drawBar()
    },
    clear() {
      search.abort()
      viewLife.abort()
      viewLife = new AbortController()
      lines = new Lines()
      const old = view
      view = mount()
      view.wanted = old.wanted
      old.element.replaceWith(view.element)
      say('')
    },
    note(text) {
      note = text
      drawBar()
    },
  }
}
