/** How many milliseconds the units are that an operator may write. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads a length of time as operators write it: "90" (seconds), "1.5s", "250ms", "2m 30s", "1h". Undefined for anything
 * else; 0 for nothing.
 */
export function parseSpan(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  if (trimmed === '') return 0
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000
  if (!/^(\d+(\.\d+)?\s*(ms|[smhd])\s*)+$/.test(trimmed)) return undefined
  let millis = 0
  for (const [, size = '0', unit = 's'] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[smhd])/g)) {
    millis += Number(size) * (UNITS[unit] ?? 0)
  }
  return Number.isFinite(millis) ? millis : undefined
}

/** Writes a length of time so that parseSpan reads the same again; "" for 0. */
export function writeSpan(millis: number): string {
  let rest = millis
  const parts: string[] = []
  for (const unit of ['d', 'h', 'm'] as const) {
    const size = UNITS[unit] ?? 1
    const n = Math.floor(rest / size)
    if (n > 0) parts.push(`${n}${unit}`)
    rest -= n * size
  }
  if (rest >= 1000) {
    const n = Math.floor(rest / 1000)
    parts.push(`${n}s`)
    rest -= n * 1000
  }
  if (rest > 0) parts.push(`${Number(rest.toFixed(3))}ms`)
  return parts.join(' ')
}
