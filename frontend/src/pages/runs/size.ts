/** How many runs a page may hold. */
export const SIZES = [50, 100] as const
export type Size = (typeof SIZES)[number]

const KEY = 'opsdeck.runs.size'

/** The page size that the operator chose, on this machine. */
export function recallSize(): Size {
  try {
    return SIZES.find((n) => String(n) === localStorage.getItem(KEY)) ?? SIZES[0]
  } catch {
    return SIZES[0]
  }
}

/** Remembers it. */
export function rememberSize(size: Size): void {
  try {
    localStorage.setItem(KEY, String(size))
  } catch {
    // A full or blocked store costs the memory, not the list.
  }
}
