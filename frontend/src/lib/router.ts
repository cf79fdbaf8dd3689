/** What a screen is: it draws into the host until the signal aborts. Leaving aborts the signal; nothing is reused. */
export type Page = (host: HTMLElement, signal: AbortSignal, params: PageParams) => void

export interface PageParams {
  /** Named parts of the path, decoded, such as id. They may hold anything. */
  readonly path: Readonly<Record<string, string>>
  /** What follows the "?" in the route, such as a list's filters. */
  readonly query: URLSearchParams
}

/** Routes by pattern, such as "/ops/runs/:id/". The first one that fits is taken. */
export type Routes = readonly (readonly [pattern: string, page: Page])[]

export interface Match {
  readonly page: Page
  readonly pattern: string
  readonly params: PageParams
}

/** The route in a location's hash: "#/ops/runs/?state=FAILED" is "/ops/runs/?state=FAILED". */
export function routeOf(hash: string): string {
  return hash.startsWith('#/') ? hash.slice(1) : '/'
}

/** Finds the page of a route. A part that can't be decoded fits no pattern. */
export function match(routes: Routes, route: string): Match | undefined {
  const [path = '/', query = ''] = splitOnce(route, '?')
  for (const [pattern, page] of routes) {
    const parts = matchPath(pattern, path)
    if (parts) return { page, pattern, params: { path: parts, query: new URLSearchParams(query) } }
  }
  return undefined
}

/** The text before a separator and, if that is there, after it. */
export function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = (path.endsWith('/') ? path : `${path}/`).split('/')
  if (wanted.length !== given.length) return undefined
  const parts: Record<string, string> = {}
  for (const [i, want] of wanted.entries()) {
    const have = given[i] ?? ''
    if (!want.startsWith(':')) {
      if (want !== have) return undefined
      continue
    }
    const value = decode(have)
    if (value === undefined || value === '') return undefined
    parts[want.slice(1)] = value
  }
  return parts
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** The address of a route, for an href: pathTo('/ops/runs/:id/', {id}). */
export function pathTo(
  pattern: string,
  parts: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string>> = {},
): string {
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''))
  const search = new URLSearchParams(query).toString()
  return `#${path}${search === '' ? '' : `?${search}`}`
}

/** Goes to an address made by pathTo. */
export function navigate(address: string): void {
  location.hash = address
}

/** Writes a list's filters into the address without opening the page anew; back and forward skip it. */
export function replaceQuery(query: URLSearchParams): void {
  const [path = '/'] = splitOnce(routeOf(location.hash), '?')
  const search = query.toString()
  history.replaceState(null, '', `#${path}${search === '' ? '' : `?${search}`}`)
}
