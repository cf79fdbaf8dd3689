import {
  BrowserOpenURL,
  ClipboardSetText,
  EventsOn,
  OnFileDrop,
  Quit,
  WindowSetTitle,
} from '../../wailsjs/runtime/runtime'
import { Failure } from '../lib/failure.ts'
import type { Changed } from '../lib/live.ts'

/** Longer than Go's own bound: only a call that never answers, such as one that panicked, meets this one. */
const TIMEOUT = 20_000

let underWay = 0
const waiting = new Set<() => void>()

/** Calls fn once, as soon as every call made so far has been answered and its answer drawn. */
export function whenAnswered(fn: () => void): void {
  waiting.add(fn)
  tellIfAnswered()
}

/** A page draws in the same turn as it gets its answer, so the next turn is late enough. */
function tellIfAnswered(): void {
  if (underWay > 0 || waiting.size === 0) return
  setTimeout(() => {
    if (underWay > 0) return
    const told = [...waiting]
    waiting.clear()
    for (const fn of told) fn()
  })
}

/** Counts what was shown. */
let epoch = 0
let switching = 0

/** Whatever was asked of the environment that is shown belongs to the past from now on. */
export function nothingShown(): void {
  epoch++
}

/** Runs what makes another environment be shown: what is asked meanwhile might be answered by either. */
export async function whileSwitching<T>(change: () => Promise<T>): Promise<T> {
  switching++
  nothingShown()
  try {
    return await change()
  } finally {
    switching--
    nothingShown()
    if (switching === 0) {
      for (const go of settling) go()
      settling.clear()
    }
  }
}

const settling = new Set<() => void>()

/**
 * Asks for something while nothing is being switched, and again if a switch began meanwhile: a page that is opened because of the
 * answer may then ask at once.
 */
export async function whileSettled<T>(method: () => Promise<T>): Promise<T> {
  for (;;) {
    if (switching > 0) await new Promise<void>((resolve) => settling.add(resolve))
    const answer = await method()
    if (switching === 0) return answer
  }
}

/**
 * Asks the environment that is shown. An answer that comes when another one is, or may be, is dropped: nothing of one
 * environment reaches a screen of another.
 */
export async function call<T>(method: () => Promise<T>, timeLimit = TIMEOUT): Promise<T> {
  const asked = switching > 0 ? -1 : epoch
  const checked = async () => {
    const answer = await method()
    if (switching > 0 || asked !== epoch) {
      throw new Failure('stale', 'session.switched', 'Another environment is shown by now.')
    }
    return answer
  }
  return ask(checked, timeLimit)
}

/** Makes a call to Go, whatever is shown: it answers, fails with a Failure, or times out. */
export async function ask<T>(method: () => Promise<T>, timeLimit = TIMEOUT): Promise<T> {
  underWay++
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure('unavailable', 'page.timeout', 'No answer in time.')), timeLimit)
  })
  try {
    return await Promise.race([method(), timeout])
  } catch (thrown) {
    throw failureOf(thrown)
  } finally {
    clearTimeout(timer)
    underWay--
    tellIfAnswered()
  }
}

/**
 * What Go rejects with: {code, reason, args, message} as JSON text, of which Wails makes an Error; a plain text where
 * Wails itself refused, as when arguments don't parse.
 */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const value = thrown instanceof Error ? thrown.message : thrown
  return wireFailure(typeof value === 'string' ? parse(value) : value) ?? Failure.of(thrown)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A WireError as a Failure; undefined for anything else. */
export function wireFailure(value: unknown): Failure | undefined {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value)) return undefined
  const { code, message } = value
  const reason = 'reason' in value ? String(value.reason) : ''
  const args = 'args' in value && typeof value.args === 'object' ? (value.args ?? {}) : {}
  const values = Object.fromEntries(Object.entries(args).map(([k, v]) => [k, String(v)]))
  return new Failure(String(code), reason, String(message), values)
}

/** Calls fn with every event of the backend's clock. */
export function onBackendChange(fn: (changed: Changed) => void): void {
  EventsOn('opsdeck:changed', (changed: Changed) => fn(changed))
}

/** Calls fn with every command that is chosen in the application's menu, until the signal aborts. */
export function onMenu(fn: (command: string) => void, signal: AbortSignal): void {
  if (signal.aborted) return
  const end = EventsOn('opsdeck:menu', (command: string) => fn(command))
  signal.addEventListener('abort', end, { once: true })
}

/** Calls fn with the progress of every bulk operation until the signal aborts. */
export function onTaskProgress<Task>(fn: (task: Task) => void, signal: AbortSignal): void {
  if (signal.aborted) return
  const end = EventsOn('opsdeck:task', (task: Task) => fn(task))
  signal.addEventListener('abort', end, { once: true })
}

/** Puts text on the clipboard; the page itself may not. */
export async function copyText(text: string): Promise<boolean> {
  return ClipboardSetText(text)
}

/** Names the window where the system lists its windows. */
export function setWindowTitle(title: string): void {
  document.title = title
  WindowSetTitle(title)
}

/** Ends the program. */
export function quitProgram(): void {
  Quit()
}

/** Opens an address in the operator's browser. Only for addresses that were checked and confirmed. */
export function openInBrowser(url: string): void {
  BrowserOpenURL(url)
}

/** Hands files that are dropped onto the window to Go, which opens them; only some systems need the page for that. */
export function passDropsOn(): void {
  OnFileDrop(() => undefined, false)
}
