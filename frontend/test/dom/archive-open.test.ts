import { render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseArchive, forgetArchive, openArchive, recentArchives } from '../../src/api/session.ts'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { archiveCard } from '../../src/pages/openarchive.ts'

vi.mock('../../src/api/session.ts', () => ({
  chooseArchive: vi.fn(),
  forgetArchive: vi.fn(),
  openArchive: vi.fn(),
  recentArchives: vi.fn(),
}))

const there = {
  id: 'ab12',
  path: '/srv/night.opsdeck',
  name: '<b>Night</b>',
  openedAt: '2026-11-23T12:00:00Z',
  there: true,
}
const gone = { ...there, id: 'cd34', path: '/media/usb/day.opsdeck', name: 'Day', there: false }

let life = new AbortController()
let host: HTMLElement
beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  host = document.createElement('div')
  document.body.append(host)
})
afterEach(() => {
  life.abort()
  life = new AbortController()
  document.body.replaceChildren()
  vi.clearAllMocks()
})

async function card(): Promise<HTMLLIElement[]> {
  vi.mocked(recentArchives).mockResolvedValue([there, gone])
  render(archiveCard(life.signal), host)
  await vi.waitFor(() => expect(host.querySelectorAll('.ops-recent li')).toHaveLength(2))
  return [...host.querySelectorAll<HTMLLIElement>('.ops-recent li')]
}
const button = (row: HTMLLIElement | undefined, name: string) =>
  [...(row?.querySelectorAll('button') ?? [])].find(
    (b) => (b.getAttribute('aria-label') ?? b.textContent?.trim()) === name,
  )

describe('the archives that were opened before', () => {
  it('open with a click, and are text', async () => {
    const [night] = await card()
    expect(night?.textContent).toContain('/srv/night.opsdeck')
    expect(night?.querySelector('b')).toBeNull()
    button(night, '<b>Night</b>')?.click()
    await vi.waitFor(() => expect(openArchive).toHaveBeenCalledWith('/srv/night.opsdeck', ''))
  })

  it('are found again where they were moved to, and no other is taken for them', async () => {
    const [, day] = await card()
    expect(day?.textContent).toContain('not there any more')
    expect(button(day, 'Day')).toBeUndefined()
    vi.mocked(chooseArchive).mockResolvedValue('/srv/another.opsdeck')
    vi.mocked(openArchive).mockRejectedValue(
      new Failure('conflict', 'archive.another', '', { path: '/srv/another.opsdeck' }),
    )
    button(day, 'Find it…')?.click()
    await vi.waitFor(() => expect(host.querySelector('.invalid-feedback')?.textContent).toContain('another archive'))
    expect(openArchive).toHaveBeenCalledWith('/srv/another.opsdeck', 'cd34')
  })

  it('are taken off the list', async () => {
    const [, day] = await card()
    vi.mocked(forgetArchive).mockResolvedValue([there])
    button(day, 'Remove from this list: Day')?.click()
    await vi.waitFor(() => expect(host.querySelectorAll('.ops-recent li')).toHaveLength(1))
    expect(forgetArchive).toHaveBeenCalledWith('/media/usb/day.opsdeck')
  })

  it('leave the field alone where they can’t be read', async () => {
    vi.mocked(recentArchives).mockRejectedValue(new Failure('internal', '', ''))
    render(archiveCard(life.signal), host)
    await vi.waitFor(() => expect(recentArchives).toHaveBeenCalled())
    expect(host.querySelector('[name=path]')).not.toBeNull()
    expect(host.querySelector('.ops-recent')).toBeNull()
  })
})
