/** A key or two in a row: "?", "/", "g r". */
export interface Shortcut {
  readonly keys: string
  run(): void
}

/** How long the second key of a pair may take, in milliseconds. */
const PAUSE = 1500

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}

/** Runs shortcuts while nobody types and no dialog is open. */
export function startShortcuts(signal: AbortSignal, shortcuts: readonly Shortcut[]): void {
  let first = ''
  let since = 0
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (typing(event.target) || document.querySelector('.modal.show')) return
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
