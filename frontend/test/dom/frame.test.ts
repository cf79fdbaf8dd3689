import { render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectionOf } from '../../src/app/header.ts'
import { replicaItem } from '../../src/app/replica.ts'
import { guardWindow, startScreen } from '../../src/app/screen.ts'
import { drawStatus } from '../../src/app/status.ts'
import { Failure } from '../../src/lib/failure.ts'
import { isStale } from '../../src/lib/freshness.ts'
import { startShortcuts } from '../../src/lib/keys.ts'
import { preferences, setPreferences } from '../../src/lib/preferences.ts'
import type { Page, Routes } from '../../src/lib/router.ts'
import { pageFrame } from '../../src/ui/page.ts'

let life = new AbortController()
let content: HTMLElement

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'local' })
  content = document.createElement('main')
  content.tabIndex = -1
  document.body.append(content)
  location.hash = '#/'
})
afterEach(() => {
  life.abort()
  life = new AbortController()
  document.body.replaceChildren()
})

/** A page that writes down its life. */
function page(name: string, log: string[]): Page {
  return (host, signal, { path }) => {
    log.push(`open ${name}${path['id'] ? ` ${path['id']}` : ''}`)
    signal.addEventListener('abort', () => log.push(`leave ${name}`))
    pageFrame(host, name)
  }
}

function start(log: string[]) {
  const routes: Routes = [
    ['/', page('home', log)],
    ['/ops/runs/:id/', page('run', log)],
  ]
  return startScreen(content, routes, life.signal, () => undefined)
}

function go(hash: string): void {
  location.hash = hash
  dispatchEvent(new Event('hashchange'))
}

describe('a screen', () => {
  it('is left before the next one opens, and its heading gets the focus', () => {
    const log: string[] = []
    start(log).reopen()
    go('#/ops/runs/7/')
    expect(log.slice(0, 3)).toEqual(['open home', 'leave home', 'open run 7'])
    expect(content.querySelectorAll('h1').length).toBe(1)
    expect(document.activeElement?.textContent).toBe('run')
    expect(document.title).toBe('run – Opsdeck')
  })

  it('opens anew in another language without taking the focus', () => {
    const log: string[] = []
    start(log).reopen()
    const field = document.createElement('input')
    document.body.append(field)
    field.focus()
    setPreferences({ language: 'ja' })
    expect(log).toEqual(['open home', 'leave home', 'open home'])
    expect(document.activeElement).toBe(field)
  })

  it('says so when there is no such screen', () => {
    start([]).reopen()
    go('#/nowhere/')
    expect(content.textContent).toContain('There is no such screen')
  })
})

describe('the window', () => {
  function click(href: string): boolean {
    const link = document.createElement('a')
    link.href = href
    content.append(link)
    return link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
  }

  it.each(['https://example.com/', 'javascript:void 0', '/other', '#top', 'file:///etc/passwd', ''])(
    'does not follow %j',
    (href) => {
      guardWindow(life.signal)
      const before = location.href
      expect(click(href)).toBe(false)
      expect(location.href).toBe(before)
    },
  )

  it('follows a route', () => {
    guardWindow(life.signal)
    click('#/ops/runs/9/')
    expect(location.hash).toBe('#/ops/runs/9/')
  })

  it.each(['submit', 'drop', 'dragover'])('is not replaced by a %s', (type) => {
    guardWindow(life.signal)
    expect(content.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }))).toBe(false)
  })
})

describe('the keys', () => {
  const press = (key: string, target: EventTarget = document.body) =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

  it('run alone and in pairs, but not while somebody types', () => {
    const ran: string[] = []
    startShortcuts(life.signal, [
      { keys: '?', run: () => ran.push('?') },
      { keys: 'g r', run: () => ran.push('g r') },
    ])
    press('?')
    press('r')
    press('g')
    press('r')
    const field = document.createElement('input')
    content.append(field)
    press('?', field)
    expect(ran).toEqual(['?', 'g r'])
  })
})

describe('the status bar', () => {
  const nothing = { link: () => undefined, keys: () => undefined, help: () => undefined }

  it('says what the last minute cost the database, where that is known', () => {
    drawStatus(content, -1, nothing)
    expect(content.querySelector('.ops-status-queries')).toBeNull()
    drawStatus(content, 1234, nothing)
    expect(content.querySelector('.ops-status-queries')?.textContent).toBe('1,234 queries/min')
  })

  it('changes language, theme and zone, and prints the offset', () => {
    drawStatus(content, -1, nothing)
    const choose = (id: string, value: string) => {
      const field = content.querySelector<HTMLSelectElement>(`#${id}`)!
      field.value = value
      field.dispatchEvent(new Event('change'))
    }
    expect(content.querySelector('#ops-zone option')?.textContent).toMatch(/Local [+−]\d\d:\d\d/)
    choose('ops-language', 'ja')
    choose('ops-theme', 'contrast')
    choose('ops-zone', 'utc')
    expect(preferences()).toEqual({ language: 'ja', theme: 'contrast', zone: 'utc' })
    setPreferences({ theme: 'system' })
  })
})

describe('the connection', () => {
  const open = {
    version: '1',
    generation: 1,
    open: [],
    environment: {
      id: 's',
      name: 'S',
      kind: 'sandbox',
      color: '',
      login: 'v',
      database: 'd',
      readOnly: true,
      gate: false,
      operator: '',
      role: '',
      inactive: false,
      policy: { locks: false, maxMinutes: 0, bulkLimit: 1000 },
    },
    sandbox: { phase: 'running', step: '', done: 0, total: 0 },
    theme: [],
  } as const
  const { environment: _, ...closed } = open
  const failure = new Failure('unavailable', '', '')
  const fresh = { asOf: new Date(), arrived: 1000, every: 2000 }

  it.each([
    ['closed', closed, {}, false],
    ['opening', { ...closed, opening: { id: 'p', step: '', done: 0, total: 0 } }, {}, false],
    ['closed', { ...closed, opening: { id: 'p', step: '', done: 0, total: 0, failure } }, {}, false],
    ['open', open, {}, false],
    ['live', open, fresh, false],
    ['stale', open, fresh, true],
    ['lost', open, { ...fresh, failure: new Failure('unavailable', '', '') }, true],
    ['live', open, { ...fresh, failure: new Failure('invalid', '', '') }, false],
  ] as const)('is %s', (connection, session, now, stale) => {
    expect(connectionOf(session, now, stale)).toBe(connection)
  })

  it('is stale after twice the interval', () => {
    expect(isStale(fresh, 5000)).toBe(false)
    expect(isStale(fresh, 5001)).toBe(true)
    expect(isStale({}, 5001)).toBe(false)
  })
})

describe('the read replica in the header', () => {
  const replica = { address: 'standby:5432/jobs', used: true, lagMs: 1200 }

  it('is named with how far it is behind', () => {
    render(replicaItem(replica), content)
    expect(content.textContent).toContain('Replica, 1.2s behind')
    expect(content.querySelector('[title]')?.getAttribute('title')).toContain('standby:5432/jobs')
    expect(content.querySelector('.ops-warn')).toBeNull()
  })

  it('says in Japanese too why the primary is asked in its place', () => {
    setPreferences({ language: 'ja' })
    const error = {
      code: 'unavailable',
      reason: 'postgres.replica_behind',
      message: 'It is behind.',
      args: { address: 'standby', lag: '9s' },
    }
    render(replicaItem({ ...replica, used: false, error }), content)
    expect(content.querySelector('.ops-warn')?.textContent).toContain('レプリカ不使用')
    expect(content.querySelector('[title]')?.getAttribute('title')).toContain('9s')
  })
})
