import { render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Archive } from '../../src/api/archive.ts'
import { readSigner, startArchive } from '../../src/api/archiving.ts'
import { nameSigner } from '../../src/api/session.ts'
import { trustButton } from '../../src/app/archive/trust.ts'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { archiveActions, openArchiveExport } from '../../src/pages/exportarchive.ts'
import { dialogsGone } from './stage.ts'

vi.mock('../../src/api/archiving.ts', () => ({ readSigner: vi.fn(), startArchive: vi.fn(() => Promise.resolve({})) }))
vi.mock('../../src/api/exports.ts', () => ({
  suggestFile: () => Promise.resolve('/tmp/a.opsdeck'),
  chooseFile: vi.fn(),
}))
vi.mock('../../src/api/session.ts', () => ({ nameSigner: vi.fn(() => Promise.resolve()), session: () => ({}) }))

let life = new AbortController()
beforeEach(() => setPreferences({ language: 'en', zone: 'utc' }))
afterEach(async () => {
  life.abort()
  await dialogsGone()
  life = new AbortController()
  vi.clearAllMocks()
  for (const left of document.querySelectorAll('.notyf__toast, .ops-trust')) left.remove()
})

const box = () => document.querySelector<HTMLInputElement>('[name=sign]')
const about = () => document.querySelector('#ops-archive-signer')?.textContent?.trim()

describe('signing an export', () => {
  function dialog(): void {
    openArchiveExport(life.signal, { incident: false, filter: {} as never })
  }
  const submit = () => document.querySelector<HTMLFormElement>('#ops-archive-export')?.requestSubmit()

  it('leaves the keyring alone until somebody chooses to', async () => {
    dialog()
    expect(about()).toContain('which may ask for its password')
    submit()
    await vi.waitFor(() => expect(startArchive).toHaveBeenCalledWith(expect.objectContaining({ sign: false })))
    expect(readSigner).not.toHaveBeenCalled()
  })

  it('says with which key, and doesn’t begin before the keyring has answered', async () => {
    let answer = (_: { name: string; fingerprint: string }) => {}
    vi.mocked(readSigner).mockReturnValue(new Promise((done) => (answer = done)))
    dialog()
    box()?.click()
    expect(about()).toBe('Asking the keyring for your key…')
    submit()
    expect(startArchive).not.toHaveBeenCalled()
    answer({ name: 'kim@desk', fingerprint: 'ab12 cd34' })
    await vi.waitFor(() => expect(about()).toBe('Signed as kim@desk with the key ab12 cd34.'))
    submit()
    await vi.waitFor(() => expect(startArchive).toHaveBeenCalledWith(expect.objectContaining({ sign: true })))
    expect(readSigner).toHaveBeenCalledTimes(1)
  })

  it('says that a key will be made', async () => {
    vi.mocked(readSigner).mockResolvedValue({ name: 'kim@desk', fingerprint: '' })
    dialog()
    box()?.click()
    await vi.waitFor(() => expect(about()).toContain('You have no key yet'))
    expect(box()?.checked).toBe(true)
  })

  it('is off again without a keyring, says why, and can be tried again', async () => {
    vi.mocked(readSigner).mockRejectedValueOnce(new Failure('unavailable', 'secrets.sign_no_keyring', 'No keyring.'))
    dialog()
    box()?.click()
    await vi.waitFor(() => expect(about()).toContain('No keyring can be reached'))
    expect(box()?.checked).toBe(false)
    vi.mocked(readSigner).mockResolvedValue({ name: 'kim@desk', fingerprint: 'ab12' })
    box()?.click()
    await vi.waitFor(() => expect(about()).toContain('ab12'))
  })
})

describe('an incident', () => {
  it('has the window that is looked at', async () => {
    vi.mocked(readSigner).mockResolvedValue({ name: 'kim@desk', fingerprint: '' })
    const window = { from: Date.parse('2026-11-23T12:00:00Z'), to: Date.parse('2026-11-23T12:30:00Z') }
    const [action, ...others] = archiveActions(life.signal, undefined, () => window)
    expect(others).toEqual([])
    action?.run?.()
    const value = (name: string) => document.querySelector<HTMLInputElement>(`[name=${name}]`)?.value
    expect([value('from'), value('until')]).toEqual(['2026-11-23T12:00', '2026-11-23T12:30'])
    document.querySelector<HTMLFormElement>('#ops-archive-export')?.requestSubmit()
    const filter = expect.objectContaining({
      createdFrom: '2026-11-23T12:00:00.000Z',
      createdBefore: '2026-11-23T12:30:00.000Z',
    })
    await vi.waitFor(() =>
      expect(startArchive).toHaveBeenCalledWith(expect.objectContaining({ incident: true, filter })),
    )
  })
})

describe('an unknown key', () => {
  const archive = {
    path: '/tmp/a.opsdeck',
    source: 'Staging',
    from: '2026-11-23T12:00:00Z',
    to: '2026-11-23T13:00:00Z',
    madeAt: '',
    madeBy: '',
    filter: [
      { name: 'created_from', value: '2026-11-23T12:00:00Z' },
      { name: 'states', value: 'FAILED,TIMED_OUT' },
      { name: '<i>new</i>', value: '<b>x</b>' },
    ],
    masked: 0,
    trust: {
      phase: 'checked',
      changed: [],
      firstRow: '',
      chained: false,
      chainBroken: '',
      impostor: false,
      signed: true,
      signature: 'good',
      signer: '',
      claimed: 'kim',
      fingerprint: 'ab12',
    },
  } as unknown as Archive

  function open(of: Archive) {
    const host = document.createElement('div')
    document.body.append(host)
    render(trustButton(life.signal, of), host)
    host.querySelector('button')?.click()
    return document.querySelector<HTMLInputElement>('[name=signer]')
  }

  it('is given a name by its fingerprint, which what it calls itself doesn’t suggest', async () => {
    vi.mocked(nameSigner).mockRejectedValueOnce(
      new Failure('conflict', 'archive.known_signer', '', { name: 'Kim', fingerprint: 'cd34' }),
    )
    const field = open(archive)
    expect(field?.value).toBe('')
    const said = document.querySelector('.modal')?.textContent
    for (const text of [
      'kim',
      'created from 2026-11-23 12:00:00',
      'in the state Failed, Timed out',
      '<i>new</i>: <b>x</b>',
    ])
      expect(said).toContain(text)
    if (!field) throw new Error('there is no field')
    field.value = ' Kim '
    field.form?.requestSubmit()
    await vi.waitFor(() =>
      expect(document.querySelector('.invalid-feedback')?.textContent).toContain('Kim is known already'),
    )
    field.form?.requestSubmit()
    await vi.waitFor(() => expect(nameSigner).toHaveBeenCalledTimes(2))
    expect(nameSigner).toHaveBeenLastCalledWith('Kim', 'ab12')
  })

  it('isn’t asked about where rows were changed, or the key is known', () => {
    expect(open({ ...archive, trust: { ...archive.trust, changed: ['run'] } })).toBeNull()
    expect(open({ ...archive, trust: { ...archive.trust, signer: 'Kim' } })).toBeNull()
  })
})
