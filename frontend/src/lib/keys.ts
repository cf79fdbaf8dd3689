/** A key, two in a row, or one with Ctrl (Command on a Mac): "?", "g r", "Ctrl+K". */
export interface Shortcut {
  readonly keys: string
  run(): void
}

/** What the key is called here that is held with another. */
export function heldKey(): string {
  return /^Mac/.test(navigator.platform) ? '⌘' : 'Ctrl+'
}

/** How long the second key of a pair may take, in milliseconds. */
const PAUSE = 1500

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}

/** Runs shortcuts while no dialog is open; those without Ctrl only while nobody types. */
export function startShortcuts(signal: AbortSignal, shortcuts: readonly Shortcut[]): void {
  let first = ''
  let since = 0
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.altKey || event.defaultPrevented || document.querySelector('.modal.show')) return
      if (event.ctrlKey || event.metaKey) {
        const held = shortcuts.find((s) => s.keys === `Ctrl+${event.key.toUpperCase()}`)
        if (held) event.preventDefault()
        held?.run()
        return
      }
      if (typing(event.composedPath()[0] ?? event.target)) return
      const pair = first !== '' && event.timeStamp - since < PAUSE ? `${first} ${event.key}` : event.key
      const found = shortcuts.find((s) => s.keys === pair) ?? shortcuts.find((s) => s.keys === event.key)
      const begins = !found && shortcuts.some((s) => s.keys.startsWith(`${event.key} `))
      first = begins ? event.key : ''
      since = event.timeStamp
      if (!found) return
      event.preventDefault()
      found.run()
    },
    { signal },
  )
}
