/** A seal of the audit that this window has seen, by its number and digest. */
export interface Pin {
  readonly seal: string
  readonly digest: string
}

const PREFIX = 'opsdeck.seal.'

/** The newest seal that was seen of an environment, on this machine. */
export function pinnedSeal(environment: string): Pin | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + environment) ?? 'null')
    if (typeof value !== 'object' || value === null || !('seal' in value) || !('digest' in value)) return undefined
    const { seal, digest } = value
    return typeof seal === 'string' && typeof digest === 'string' && /^\d+$/.test(seal) ? { seal, digest } : undefined
  } catch {
    return undefined
  }
}

/** Remembers a seal, unless a newer one was seen. */
export function pinSeal(environment: string, pin: Pin): void {
  if (pin.seal === '' || BigInt(pin.seal) < BigInt(pinnedSeal(environment)?.seal ?? 0)) return
  try {
    localStorage.setItem(PREFIX + environment, JSON.stringify(pin))
  } catch {
    // A full or blocked store costs the memory, not the audit.
  }
}

/** What a database's newest seal says against the one that was seen before: nothing, or that something was taken back. */
export function judgeSeal(pin: Pin | undefined, now: Pin): 'seal.missing' | 'seal.changed' | undefined {
  if (!pin) return undefined
  if (now.seal === '' || BigInt(now.seal) < BigInt(pin.seal)) return 'seal.missing'
  return now.seal === pin.seal && now.digest !== pin.digest ? 'seal.changed' : undefined
}
