/**
 * What is remembered of a table. Choices of layout last; what was searched for and the page belong to the session and
 * are forgotten with it, so that nothing of one environment shows in another.
 */
export interface Memory {
  order?: [column: string, direction: 'asc' | 'desc']
  pageLength?: number
  /** Columns whose visibility the operator changed. */
  columns?: Record<string, boolean>
  search?: string
  page?: number
}

const PREFIX = 'opsdeck.table.'
const LASTING = ['order', 'pageLength', 'columns'] as const
const PASSING = ['search', 'page'] as const

function load(store: Storage, id: string): Memory {
  try {
    const value: unknown = JSON.parse(store.getItem(PREFIX + id) ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function save(store: Storage, id: string, memory: Memory, keys: readonly (keyof Memory)[]): void {
  try {
    const text = JSON.stringify(Object.fromEntries(keys.map((k) => [k, memory[k]])))
    if (store.getItem(PREFIX + id) !== text) store.setItem(PREFIX + id, text)
  } catch {
    // A full or blocked store costs the memory, not the table.
  }
}

/** Reads what is remembered of a table. */
export function recall(id: string): Memory {
  return { ...load(localStorage, id), ...load(sessionStorage, id) }
}

/** Remembers it. */
export function remember(id: string, memory: Memory): void {
  save(localStorage, id, memory, LASTING)
  save(sessionStorage, id, memory, PASSING)
}

/** Forgets what belongs to the environment that is being left. */
export function forgetSession(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
}
