import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startKeys } from '../../src/app/keys.ts'
import { startMenu } from '../../src/app/menu.ts'
import { guardLeaving } from '../../src/lib/leave.ts'
import { setPreferences } from '../../src/lib/preferences.ts'

const go = vi.hoisted(() => ({
  open: [] as { key: string; archive: boolean; shown: boolean }[],
  chosen: '/tmp/night.opsdeck' as string | Error,
  did: [] as string[],
  menu: [] as Record<string, string>[],
  choose: (_: string): void => undefined,
}))

vi.mock('../../wailsjs/runtime/runtime', () => ({
  Quit: () => go.did.push('quit'),
  EventsOn: (event: string, fn: (command: string) => void) => {
    if (event === 'opsdeck:menu') go.choose = fn
    return () => undefined
  },
}))
vi.mock('../../src/api/session.ts', () => ({
  session: () => ({ open: go.open }),
  chooseArchive: async () => {
    if (go.chosen instanceof Error) throw go.chosen
    return go.chosen
  },
  openArchive: async (path: string) => void go.did.push(`open ${path}`),
  closeArchive: async (key: string) => void go.did.push(`close ${key}`),
  setMenu: (texts: Record<string, string>) => void go.menu.push(texts),
}))

let life = new AbortController()
const press = (key: string) => document.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true }))

beforeEach(() => {
  setPreferences({ language: 'en' })
  go.open = []
  go.chosen = '/tmp/night.opsdeck'
  go.did = []
  go.menu = []
  location.hash = '#/ops/'
})
afterEach(() => {
  life.abort()
  life = new AbortController()
  document.body.replaceChildren()
})

describe('the keys of a program', () => {
  it('open and close archives, and lead to the environments', async () => {
    startKeys(life.signal)
    press('o')
    await vi.waitFor(() => expect(go.did).toEqual(['open /tmp/night.opsdeck']))
    go.open = [
      { key: 'live', archive: false, shown: false },
      { key: 'a', archive: true, shown: true },
    ]
    press('w')
    await vi.waitFor(() => expect(go.did).toContain('close a'))
    press(',')
    expect(location.hash).toBe('#/')
  })

  it('never close what is live, and ask before what is typed is lost', async () => {
    startKeys(life.signal)
    go.open = [{ key: 'live', archive: false, shown: true }]
    press('w')
    const asked = vi.fn(async () => false)
    const lift = guardLeaving(life.signal, asked)
    press('q')
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
    lift()
    press('q')
    await vi.waitFor(() => expect(go.did).toEqual(['quit']))
  })

  it('lead to where a path can be typed when there is no dialog', async () => {
    const { Failure } = await import('../../src/lib/failure.ts')
    go.chosen = new Failure('unavailable', 'export.no_dialog', 'x')
    startKeys(life.signal)
    press('o')
    await vi.waitFor(() => expect(location.hash).toBe('#/'))
    expect(go.did).toEqual([])
  })
})

describe('the menu of the application', () => {
  it('speaks the operator’s language and does what is chosen in it', () => {
    const chosen: string[] = []
    startMenu(life.signal, { archive: () => chosen.push('archive'), help: () => chosen.push('help') })
    setPreferences({ language: 'ja' })
    expect(go.menu.map(({ file }) => file)).toEqual(['File', 'ファイル'])
    for (const command of ['archive', 'help', 'nothing']) go.choose(command)
    expect(chosen).toEqual(['archive', 'help'])
  })
})
