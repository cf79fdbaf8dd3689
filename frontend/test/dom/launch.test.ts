import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startLaunches } from '../../src/app/launch.ts'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { dialogsGone } from './stage.ts'

const bridge = vi.hoisted(() => ({
  pending: {} as Record<string, unknown>,
  taken: [] as number[],
  environment: undefined as { id: string; name: string } | undefined,
  open: [] as { key: string; id?: string; content?: string; archive?: boolean; shown?: boolean }[],
  recent: [] as { id: string; name: string; path: string; there: boolean }[],
  chosen: '',
  did: [] as string[],
  changed: new Set<() => void>(),
}))

vi.mock('../../wailsjs/go/desktop/Launches', () => ({
  Pending: async () => bridge.pending,
  Taken: async ({ seq }: { seq: number }) => void bridge.taken.push(seq),
}))
vi.mock('../../src/api/session.ts', () => ({
  session: () => ({ environment: bridge.environment, open: bridge.open }),
  show: async (key: string) => bridge.did.push(`show ${key}`),
  setMoment: async (at: string) => bridge.did.push(`moment ${at}`),
  recentArchives: async () => bridge.recent,
  chooseArchive: async () => bridge.chosen,
  openArchive: async (path: string, expect: string) => {
    if (path.includes('wrong')) throw new Failure('conflict', 'archive.another', '', { path })
    bridge.did.push(`open ${path} ${expect}`)
  },
  onSession: (_: AbortSignal, fn: () => void) => bridge.changed.add(fn),
}))

let life = new AbortController()
let opened: string[]

function launches(): void {
  startLaunches(
    {
      find: async (profile) =>
        profile === 'production'
          ? {
              name: 'Tokyo <b>production</b>',
              open: async () => {
                opened.push(profile)
                bridge.environment = { id: profile, name: 'Tokyo' }
                for (const fn of bridge.changed) fn()
              },
            }
          : undefined,
      openArchive: async (path) => opened.push(path),
    },
    life.signal,
  )
}

const NOTHING = { seq: 1, profile: '', content: '', file: '', live: '', moment: '', route: '', archive: '' }
const link = (profile: string, route: string, moment = '') => ({ ...NOTHING, profile, route, moment })
const MOMENT = '2026-11-23T05:00:00Z'
const archiveLink = (more = {}) => ({
  ...NOTHING,
  content: 'ab12',
  file: 'night <b>.opsdeck',
  moment: MOMENT,
  route: '/ops/runs/7/',
  ...more,
})
const button = (name: string) =>
  [...document.querySelectorAll<HTMLButtonElement>('.modal button')].find((b) => b.textContent?.trim() === name)

beforeEach(() => {
  setPreferences({ language: 'en' })
  opened = []
  bridge.taken = []
  bridge.did = []
  bridge.open = []
  bridge.recent = []
  bridge.chosen = ''
  bridge.changed.clear()
  bridge.environment = { id: 'staging', name: 'Staging' }
  location.hash = '#/ops/'
})
afterEach(async () => {
  life.abort()
  life = new AbortController()
  await dialogsGone()
  for (const left of document.querySelectorAll('.notyf__toast')) left.remove()
})

describe('a link that somebody followed', () => {
  it('leads straight to a screen of what is open', async () => {
    bridge.pending = link('staging', '/ops/runs/7/')
    launches()
    await vi.waitFor(() => expect(bridge.taken).toEqual([1]))
    expect(location.hash).toBe('#/ops/runs/7/')
    expect(document.querySelector('.modal')).toBeNull()
  })

  it('asks before it leaves an environment for another, and goes on once that is open', async () => {
    bridge.pending = link('production', '/ops/runs/7/')
    launches()
    await vi.waitFor(() => expect(button('Open')).toBeDefined())
    expect(opened).toEqual([])
    expect(location.hash).toBe('#/ops/')
    expect(document.querySelector('.modal')?.textContent).toContain('Staging is open now')
    expect(document.querySelector('.modal b')).toBeNull()
    button('Open')?.click()
    await vi.waitFor(() => expect(opened).toEqual(['production']))
    await vi.waitFor(() => expect(location.hash).toBe('#/ops/runs/7/'))
    expect(bridge.taken).toEqual([1])
  })

  it('goes back from an archive to the environment that is open beside it, without asking', async () => {
    bridge.environment = { id: 'archive:/tmp/x.opsdeck', name: 'night' }
    bridge.open = [
      { id: 'archive:/tmp/x.opsdeck', key: 'a', archive: true },
      { id: 'production', key: 'p', archive: false },
    ]
    bridge.pending = link('production', '/ops/runs/7/')
    launches()
    await vi.waitFor(() => expect(bridge.taken).toEqual([1]))
    expect(bridge.did).toEqual(['show p'])
    expect(opened).toEqual([])
    expect(location.hash).toBe('#/ops/runs/7/')
  })

  it('changes nothing when the operator declines', async () => {
    bridge.pending = link('production', '/ops/runs/7/')
    launches()
    await vi.waitFor(() => expect(button('Cancel')).toBeDefined())
    button('Cancel')?.click()
    await vi.waitFor(() => expect(bridge.taken).toEqual([1]))
    expect(opened).toEqual([])
    expect(location.hash).toBe('#/ops/')
  })

  it('shows what was on the screen then, or says that it can’t', async () => {
    bridge.pending = link('staging', '/ops/runs/?range=1h', MOMENT)
    launches()
    await vi.waitFor(() => expect(bridge.taken).toEqual([1]))
    expect(location.hash).toContain('before=2026-11-23T05')
    expect(document.body.textContent).not.toContain('shows the present')
    bridge.pending = { ...link('staging', '/ops/workers/', MOMENT), seq: 2 }
    launches()
    await vi.waitFor(() => expect(document.body.textContent).toContain('This screen shows the present'))
  })

  it('says which environment is unknown', async () => {
    bridge.pending = link('nowhere', '/ops/')
    launches()
    await vi.waitFor(() => expect(document.body.textContent).toContain('“nowhere”, which this machine doesn’t know'))
    expect(bridge.taken).toEqual([1])
  })

  it('says what is wrong with it', async () => {
    bridge.pending = { ...link('', ''), error: { code: 'invalid', reason: 'launch.bad_link', message: 'x' } }
    launches()
    await vi.waitFor(() => expect(document.body.textContent).toContain('This link can’t be followed'))
  })
})

describe('a link into an archive', () => {
  it('leads to its screen at its moment where it is open', async () => {
    bridge.open = [{ key: 'k', content: 'ab12', shown: false }]
    bridge.pending = archiveLink()
    launches()
    await vi.waitFor(() => expect(bridge.taken).toEqual([1]))
    expect(bridge.did).toEqual(['show k', `moment ${MOMENT}`])
    expect(location.hash).toBe('#/ops/runs/7/')
    expect(document.querySelector('.modal')).toBeNull()
  })

  it('opens it where it was before, when the operator agrees', async () => {
    bridge.recent = [
      { id: 'ab12', name: 'Night', path: '/gone.opsdeck', there: false },
      { id: 'ab12', name: 'Night', path: '/srv/night.opsdeck', there: true },
    ]
    bridge.pending = archiveLink()
    launches()
    await vi.waitFor(() => expect(button('Open')).toBeDefined())
    expect(document.querySelector('.modal')?.textContent).toContain('/srv/night.opsdeck')
    expect(bridge.did).toEqual([])
    button('Open')?.click()
    await vi.waitFor(() => expect(bridge.did).toEqual(['open /srv/night.opsdeck ab12', `moment ${MOMENT}`]))
  })

  it('says which file it is that nobody knows, and takes no other', async () => {
    bridge.pending = archiveLink()
    launches()
    await vi.waitFor(() => expect(button('Choose the file…')).toBeDefined())
    expect(document.querySelector('.modal')?.textContent).toContain('night <b>.opsdeck')
    expect(document.querySelector('.modal')?.textContent).toContain('ab12')
    expect(document.querySelector('.modal-body b')).toBeNull()
    bridge.chosen = '/tmp/wrong.opsdeck'
    button('Choose the file…')?.click()
    await vi.waitFor(() =>
      expect(document.querySelector('.modal [role=alert]')?.textContent).toContain('another archive'),
    )
    bridge.chosen = '/tmp/night.opsdeck'
    button('Choose the file…')?.click()
    await vi.waitFor(() => expect(bridge.did).toEqual(['open /tmp/night.opsdeck ab12', `moment ${MOMENT}`]))
    expect(bridge.taken).toEqual([1])
    expect(location.hash).toBe('#/ops/runs/7/')
  })

  it('leads to what it was made from instead, as it was then', async () => {
    bridge.pending = archiveLink({ live: 'production', route: '/ops/runs/' })
    launches()
    await vi.waitFor(() => expect(button('Open Tokyo <b>production</b>')).toBeDefined())
    button('Open Tokyo <b>production</b>')?.click()
    await vi.waitFor(() => expect(button('Open')).toBeDefined()) // it is asked before an environment is left
    button('Open')?.click()
    await vi.waitFor(() => expect(opened).toEqual(['production']))
    await vi.waitFor(() => expect(decodeURIComponent(location.hash)).toBe('#/ops/runs/?at=2026-11-23T05:00:00.000Z'))
  })

  it('asks nothing more when the operator gives up', async () => {
    bridge.pending = archiveLink()
    launches()
    await vi.waitFor(() => expect(button('Cancel')).toBeDefined())
    button('Cancel')?.click()
    await vi.waitFor(() => expect(bridge.taken).toEqual([1]))
    expect(bridge.did).toEqual([])
    expect(location.hash).toBe('#/ops/')
  })
})

describe('a file that somebody opened', () => {
  it('is opened as an archive', async () => {
    bridge.pending = { ...NOTHING, seq: 3, archive: '/tmp/night.opsdeck' }
    launches()
    await vi.waitFor(() => expect(bridge.taken).toEqual([3]))
    expect(opened).toEqual(['/tmp/night.opsdeck'])
  })
})
