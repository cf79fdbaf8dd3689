/** Asks whether unsaved work may be left; true when it may. */
export type LeaveGuard = () => Promise<boolean>

let guard: LeaveGuard | undefined
let asking = false

/** Guards what is typed on this page until the signal aborts or the returned function lifts it. */
export function guardLeaving(signal: AbortSignal, ask: LeaveGuard): () => void {
  guard = ask
  const lift = () => {
    if (guard === ask) guard = undefined
  }
  signal.addEventListener('abort', lift, { once: true })
  return lift
}

/** Whether somebody has to be asked before this page is left. */
export function isGuarded(): boolean {
  return guard !== undefined
}

/** Asks, once at a time; a second wish to leave while the question stands is a no. */
export async function mayLeave(): Promise<boolean> {
  if (!guard) return true
  if (asking) return false
  asking = true
  try {
    return await guard()
  } finally {
    asking = false
  }
}
