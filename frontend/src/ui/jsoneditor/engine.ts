import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { JsonEditorOptions, Problem } from '../jsoneditor.ts'

/** The running editor. */
export interface Engine {
  value(): string
  set(text: string): void
  mark(problem: Problem | undefined): void
  focus(): void
  destroy(): void
}

/** Everything is coloured by tokens, which reach into the shadow root as custom properties do. */
const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--ops-surface)', color: 'var(--ops-fg)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--bs-font-monospace)', lineHeight: '1.5', maxHeight: '24rem', overflow: 'auto' },
  '.cm-content': { minHeight: '9rem', caretColor: 'var(--ops-fg)' },
  '.cm-cursor': { borderLeftColor: 'var(--ops-fg)' },
  '.cm-gutters': {
    backgroundColor: 'var(--ops-surface)',
    color: 'var(--ops-muted)',
    borderRight: '1px solid var(--ops-border)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--ops-surface-hover)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--ops-mark)', color: 'var(--ops-on-mark)' },
  '&.cm-focused .cm-nonmatchingBracket': { color: 'var(--ops-danger)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--ops-accent) 25%, transparent)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--ops-border)',
    backgroundColor: 'var(--ops-surface)',
    color: 'var(--ops-fg)',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--ops-danger)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--ops-danger)',
    textUnderlineOffset: '0.2em',
  },
  '.cm-lint-marker-error': { content: '"!"', color: 'var(--ops-danger)', fontWeight: '700', textAlign: 'center' },
})

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ops-accent)' },
  { tag: tags.string, color: 'var(--ops-success)' },
  { tag: tags.number, color: 'var(--ops-ansi-magenta)' },
  { tag: [tags.bool, tags.null], color: 'var(--ops-warning)' },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: 'var(--ops-muted)' },
])

export function startEngine(host: HTMLElement, options: JsonEditorOptions): Engine {
  const root = host.attachShadow({ mode: 'open' })
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.value,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('  '),
        bracketMatching(),
        highlightActiveLine(),
        json(),
        syntaxHighlighting(colours),
        theme,
        // Tab leaves the field, as everywhere.
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({
          id: options.id,
          'aria-label': options.label,
          autocorrect: 'off',
          autocapitalize: 'off',
          spellcheck: 'false',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onInput(update.state.doc.toString())
        }),
      ],
    }),
  })

  function diagnostic(problem: Problem): Diagnostic {
    const { doc } = view.state
    const line = doc.line(Math.min(Math.max(1, problem.line || 1), doc.lines))
    // Columns count characters, the document counts UTF-16 units.
    const before = [...line.text].slice(0, Math.max(0, problem.column - 1)).join('').length
    const from = Math.min(line.from + before, line.to)
    const whole = problem.line === 0
    return {
      from: whole ? 0 : from,
      to: whole ? doc.length : Math.min(from + 1, doc.length),
      severity: 'error',
      message: problem.message,
    }
  }

  return {
    value: () => view.state.doc.toString(),
    set(text) {
      if (text === view.state.doc.toString()) return
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
    },
    mark(problem) {
      view.dispatch(setDiagnostics(view.state, problem ? [diagnostic(problem)] : []))
      view.contentDOM.setAttribute('aria-invalid', String(problem !== undefined))
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}
