import { onPreferences, preferences } from './preferences.ts'

/** The theme in force, after "system" has been resolved. */
export type ActiveTheme = 'light' | 'dark' | 'contrast'

const listeners = new Set<() => void>()

const dark = () => matchMedia('(prefers-color-scheme: dark)')
const contrast = () => matchMedia('(prefers-contrast: more)')

/** The theme in force now. */
export function activeTheme(): ActiveTheme {
  const { theme } = preferences()
  if (theme !== 'system') return theme
  if (contrast().matches) return 'contrast'
  return dark().matches ? 'dark' : 'light'
}

function apply(): void {
  const theme = activeTheme()
  const root = document.documentElement
  root.dataset['opsTheme'] = theme
  // Bootstrap knows two; high contrast is drawn on the dark one.
  root.dataset['bsTheme'] = theme === 'light' ? 'light' : 'dark'
  for (const listener of [...listeners]) listener()
}

/** Applies the chosen theme, now and after each change of the choice or of the system. */
export function startTheme(signal: AbortSignal): void {
  apply()
  onPreferences(signal, (changed) => {
    if (changed.has('theme')) apply()
  })
  dark().addEventListener('change', apply, { signal })
  contrast().addEventListener('change', apply, { signal })
}

/** Calls fn after the colours have changed, for what can't follow CSS by itself. */
export function onTheme(signal: AbortSignal, fn: () => void): void {
  if (signal.aborted) return
  listeners.add(fn)
  signal.addEventListener('abort', () => listeners.delete(fn), { once: true })
}

/** The value of a token in the theme in force. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
