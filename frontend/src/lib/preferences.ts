/** What an operator chose for their own eyes. Kept on this machine, never per environment. */
export interface Preferences {
  language: Language
  theme: Theme
  zone: Zone
}
export type Language = 'ja' | 'en'
export type Theme = 'system' | 'light' | 'dark' | 'contrast'
export type Zone = 'local' | 'utc'

const LANGUAGES: readonly Language[] = ['ja', 'en']
const THEMES: readonly Theme[] = ['system', 'light', 'dark', 'contrast']
const ZONES: readonly Zone[] = ['local', 'utc']
const KEY = 'opsdeck.preferences'

const listeners = new Set<(changed: ReadonlySet<keyof Preferences>) => void>()
let current: Preferences = read()

function oneOf<T extends string>(known: readonly T[], value: unknown, otherwise: T): T {
  return known.find((k) => k === value) ?? otherwise
}

function read(): Preferences {
  let saved: Partial<Record<keyof Preferences, unknown>> = {}
  try {
    saved = JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}
  } catch {
    // Damaged or blocked storage means defaults, not a dead window.
  }
  const system = navigator.language.startsWith('ja') ? 'ja' : 'en'
  return {
    language: oneOf(LANGUAGES, saved.language, system),
    theme: oneOf(THEMES, saved.theme, 'system'),
    zone: oneOf(ZONES, saved.zone, 'local'),
  }
}

/** The preferences as they are now. */
export function preferences(): Readonly<Preferences> {
  return current
}

/** Changes some preferences, keeps them, and tells listeners which ones changed. */
export function setPreferences(patch: Partial<Preferences>): void {
  const changed = new Set<keyof Preferences>()
  for (const key of ['language', 'theme', 'zone'] as const) {
    if (patch[key] !== undefined && patch[key] !== current[key]) changed.add(key)
  }
  if (changed.size === 0) return
  current = { ...current, ...patch }
  try {
    localStorage.setItem(KEY, JSON.stringify(current))
  } catch {
    // The choice holds until the window closes.
  }
  for (const listener of [...listeners]) listener(changed)
}

/** Calls fn after each change until the signal aborts. */
export function onPreferences(signal: AbortSignal, fn: (changed: ReadonlySet<keyof Preferences>) => void): void {
  if (signal.aborted) return
  listeners.add(fn)
  signal.addEventListener('abort', () => listeners.delete(fn), { once: true })
}
