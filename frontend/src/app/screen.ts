import { render } from 'lit-html'
import { nothingRead, onFreshness } from '../lib/freshness.ts'
import { isGuarded, mayLeave } from '../lib/leave.ts'
import { onPreferences } from '../lib/preferences.ts'
import { match, type Routes, routeOf } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { face } from '../ui/face.ts'

export interface Screen {
  /** Opens the page of the address anew; scrolled to where it was, where it only is of another moment. */
  reopen(options?: { focus: boolean; keepPlace?: boolean }): void
  /** Leaves the page, unsaved work or not, for an address whose page is then opened anew. */
  leaveFor(address: string): void
  /** The pattern of the open page, such as "/ops/runs/:id/". */
  pattern(): string
}

/**
 * Shows the page of the address, one at a time: leaving a page aborts its signal and empties the content. A change of
 * language or zone opens it anew, without taking the focus away.
 */
export function startScreen(content: HTMLElement, screens: Routes, signal: AbortSignal, opened: () => void): Screen {
  let life = new AbortController()
  let pattern = ''
  let shown: string | undefined

  function open(focus: boolean, keepPlace = false): void {
    const place = { top: content.scrollTop, height: content.firstElementChild?.clientHeight ?? 0 }
    const route = routeOf(location.hash)
    life.abort()
    life = new AbortController()
    const found = match(screens, route)
    pattern = found?.pattern ?? ''
    if (route !== shown) nothingRead()
    shown = route
    const host = document.createElement('div')
    host.className = 'ops-host'
    content.replaceChildren(host)
    if (found) found.page(host, life.signal, found.params)
    else render(face({ kind: 'empty', title: t('frame.notFound'), text: t('frame.notFoundText') }), host)
    if (keepPlace) holdPlace(host, place.height, life.signal)
    content.scrollTop = keepPlace ? place.top : 0
    const heading = host.querySelector('h1')
    document.title = heading?.textContent?.trim() ? `${heading.textContent.trim()} – Opsdeck` : 'Opsdeck'
    if (focus) (heading ?? content).focus({ preventScroll: true })
    here = location.hash
    opened()
  }

  /** Where the open page is: an address that may not be left yet is put back. */
  let here = location.hash
  async function follow(): Promise<void> {
    const wanted = location.hash
    if (wanted === here) return
    if (isGuarded()) {
      history.replaceState(null, '', here)
      if (!(await mayLeave())) return
      life.abort()
      history.replaceState(null, '', wanted)
    }
    here = wanted
    open(true)
  }

  addEventListener('hashchange', () => void follow(), { signal })
  onPreferences(signal, (changed) => {
    if (changed.has('language') || changed.has('zone')) open(false)
  })
  signal.addEventListener('abort', () => life.abort())
  function leaveFor(address: string): void {
    life.abort()
    if (location.hash !== address) history.pushState(null, '', address)
    open(true)
  }

  return { leaveFor, reopen: (options) => open(options?.focus ?? true, options?.keepPlace), pattern: () => pattern }
}

/** Keeps a page as high as the one before until it has been read, so that it can be scrolled to the same place. */
function holdPlace(host: HTMLElement, height: number, signal: AbortSignal): void {
  host.style.minHeight = `${height}px`
  onFreshness(signal, ({ asOf }) => {
    if (asOf) host.style.minHeight = ''
  })
}

/**
 * Keeps the window on this page: a followed link would leave the program, a dropped file would replace it, a submitted
 * form would reload it. Routes are followed, everything else is not.
 */
export function guardWindow(signal: AbortSignal): void {
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a[href], area[href]') : null
    const address = link?.getAttribute('href')
    if (address === null || address === undefined) return
    event.preventDefault()
    if (event.type === 'click' && address.startsWith('#/')) location.hash = address
  }
  const refuse = (event: Event) => event.preventDefault()
  document.addEventListener('click', follow, { signal })
  document.addEventListener('auxclick', follow, { signal })
  for (const type of ['submit', 'dragover', 'drop']) document.addEventListener(type, refuse, { signal })
}
