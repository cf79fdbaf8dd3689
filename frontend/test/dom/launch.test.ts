import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startLaunches } from '../../src/app/launch.ts'
import { setPreferences } from '../../src/lib/preferences.ts'

const bridge = vi.hoisted(() => ({
  pending: { seq: 0, profile: '', route: '', archive: '' } as Record<string, unknown>,
  taken: [] as number[],
  environment: undefined as { id: string; name: string } | undefined,
  changed: new Set<() => void>(),
}))

vi.mock('../../wailsjs/go/desktop/Launches', () => ({
  Pending: async () => bridge.pending,
  Taken: async ({ seq }: { seq: number }) => void bridge.taken.push(seq),
}))
vi.mock('../../src/api/session.ts', () => ({
  session: () => ({ environment: bridge.environment }),
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

const link = (profile: string, route: string) => ({ seq: 1, profile, route, archive: '' })
const button = (name: string) =>
  [...document.querySelectorAll<HTMLButtonElement>('.modal button')].find((b) => b.textContent?.trim() === name)

beforeEach(() => {
  setPreferences({ language: 'en' })
  opened = []
  bridge.taken = []
  bridge.changed.clear()
  bridge.environment = { id: 'staging', name: 'Staging' }
  location.hash = '#/ops/'
})
afterEach(() => {
  life.abort()
  life = new AbortController()
  for (const left of document.querySelectorAll('.modal, .modal-backdrop, .notyf__toast')) left.remove()
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

  it('changes nothing when the operator declines', async () => {
    bridge.pending = link('production', '/ops/runs/7/')
    launches()
    await vi.waitFor(() => expect(button('Cancel')).toBeDefined())
    button('Cancel')?.click()
    await vi.waitFor(() => expect(bridge.taken).toEqual([1]))
    expect(opened).toEqual([])
    expect(location.hash).toBe('#/ops/')
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

describe('a file that somebody opened', () => {
  it('is opened as an archive', async () => {
    bridge.pending = { seq: 3, profile: '', route: '', archive: '/tmp/night.opsdeck' }
    launches()
    await vi.waitFor(() => expect(bridge.taken).toEqual([3]))
    expect(opened).toEqual(['/tmp/night.opsdeck'])
  })
})
