/** What one page leaves for another. */
export interface Handover<T> {
  give(value: T): void
  take(): T | undefined
}

/**
 * Hands something over to the page that opens in the same turn, as when the language changes. What nobody takes by then is
 * dropped.
 */
export function handover<T>(dropped: (value: T) => void = () => undefined): Handover<T> {
  let kept: { value: T } | undefined
  return {
    give(value) {
      const mine = { value }
      kept = mine
      queueMicrotask(() => {
        if (kept !== mine) return
        kept = undefined
        dropped(value)
      })
    },
    take() {
      const value = kept?.value
      kept = undefined
      return value
    },
  }
}
