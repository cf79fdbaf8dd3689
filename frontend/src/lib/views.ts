/** A list as somebody wants to find it again: its filters, and the columns that were shown. */
export interface SavedView {
  readonly name: string
  /** The query of its address. */
  readonly query: string
  readonly columns: Readonly<Record<string, boolean>>
}

const PREFIX = 'opsdeck.views.'
/** More than this is a list to search, not a menu. */
export const MOST_VIEWS = 50
const LONGEST = 80

/** The views that were saved of a list in an environment, by name. */
export function savedViews(environment: string, list: string): SavedView[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(environment, list)) ?? '[]')
    return Array.isArray(stored) ? stored.flatMap(viewOf).slice(0, MOST_VIEWS) : []
  } catch {
    // A damaged or blocked store has no views; saving one makes it whole again.
    return []
  }
}

/** Saves a view, in place of one of the same name. False where there is no room for it. */
export function saveView(environment: string, list: string, view: SavedView): boolean {
  const others = savedViews(environment, list).filter((v) => v.name !== view.name)
  if (others.length >= MOST_VIEWS) return false
  const all = [...others, { ...view, name: view.name.slice(0, LONGEST) }].sort((a, b) => a.name.localeCompare(b.name))
  return store(environment, list, all)
}

/** Forgets a view. */
export function removeView(environment: string, list: string, name: string): void {
  store(
    environment,
    list,
    savedViews(environment, list).filter((v) => v.name !== name),
  )
}

function store(environment: string, list: string, views: readonly SavedView[]): boolean {
  try {
    localStorage.setItem(key(environment, list), JSON.stringify(views))
    return true
  } catch {
    return false
  }
}

const key = (environment: string, list: string) => `${PREFIX}${list}@${environment}`

function viewOf(value: unknown): SavedView[] {
  if (typeof value !== 'object' || value === null) return []
  const { name, query, columns } = value as Record<string, unknown>
  if (typeof name !== 'string' || name === '' || typeof query !== 'string') return []
  const shown = typeof columns === 'object' && columns !== null ? Object.entries(columns) : []
  return [
    {
      name: name.slice(0, LONGEST),
      query,
      columns: Object.fromEntries(shown.filter(([, on]) => typeof on === 'boolean')),
    },
  ]
}
