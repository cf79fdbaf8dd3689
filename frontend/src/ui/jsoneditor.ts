import type { Engine } from './jsoneditor/engine.ts'

/** Something wrong at a place: lines and columns count from 1, columns in characters. */
export interface Problem {
  line: number
  column: number
  message: string
}

export interface JsonEditorOptions {
  /** Of the field that a label points at. */
  id: string
  /** The accessible name. */
  label: string
  value: string
  onInput(text: string): void
  /** Ids of elements that describe it, as of its error. */
  describedBy?: string
}

/** A field for JSON: numbered lines, colours, brackets that match, problems at their line. */
export interface JsonEditor {
  readonly element: HTMLElement
  value(): string
  set(text: string): void
  /** Marks a problem in the text, or none. */
  mark(problem: Problem | undefined): void
  focus(): void
}

/**
 * It begins as a plain text area, which takes input at once and stays where the real editor can't work: its style sheets
 * are constructed ones in a shadow root, because the content security policy allows no style elements.
 */
export function createJsonEditor(signal: AbortSignal, options: JsonEditorOptions): JsonEditor {
  const element = document.createElement('div')
  element.className = 'ops-json-editor'
  const area = document.createElement('textarea')
  area.className = 'form-control ops-mono'
  area.id = options.id
  area.rows = 8
  area.spellcheck = false
  area.autocomplete = 'off'
  area.wrap = 'off'
  area.setAttribute('aria-label', options.label)
  if (options.describedBy) area.setAttribute('aria-describedby', options.describedBy)
  area.value = options.value
  area.addEventListener('input', () => options.onInput(area.value))
  element.append(area)
  let engine: Engine | undefined
  let problem: Problem | undefined

  if (constructable()) {
    void import('./jsoneditor/engine.ts').then(({ startEngine }) => {
      if (signal.aborted) return
      const focused = document.activeElement === area
      const host = document.createElement('div')
      host.className = 'ops-json-host'
      element.replaceChildren(host)
      engine = startEngine(host, { ...options, value: area.value })
      engine.mark(problem)
      if (focused) engine.focus()
    })
  }
  signal.addEventListener('abort', () => engine?.destroy(), { once: true })

  return {
    element,
    value: () => engine?.value() ?? area.value,
    set(text) {
      if (engine) engine.set(text)
      else area.value = text
    },
    mark(next) {
      problem = next
      element.toggleAttribute('data-invalid', next !== undefined)
      area.classList.toggle('is-invalid', next !== undefined)
      area.setAttribute('aria-invalid', String(next !== undefined))
      engine?.mark(next)
    },
    focus() {
      if (engine) engine.focus()
      else area.focus()
    },
  }
}

function constructable(): boolean {
  return (
    'adoptedStyleSheets' in Document.prototype &&
    typeof CSSStyleSheet === 'function' &&
    'replaceSync' in CSSStyleSheet.prototype
  )
}
