import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changeTask, type ExportTask, readTasks } from '../../src/api/archiving.ts'
import { createTasks } from '../../src/app/archive/tasks.ts'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { dialogsGone } from './stage.ts'

vi.mock('../../src/api/archiving.ts', () => ({ changeTask: vi.fn(() => Promise.resolve()), readTasks: vi.fn() }))

const TASK: ExportTask = {
  id: '1',
  environment: 'Tokyo <b>2</b>',
  path: '/tmp/a.opsdeck',
  title: '<i>Night</i>',
  phase: 'running',
  part: 'run',
  finishing: false,
  runs: 1200,
  rows: 5000,
  share: 0.25,
  resumed: false,
  here: true,
  left: false,
}

let life = new AbortController()
beforeEach(() => setPreferences({ language: 'en' }))
afterEach(async () => {
  life.abort()
  await dialogsGone()
  life = new AbortController()
  document.body.replaceChildren()
  vi.clearAllMocks()
})

async function panel(task: Partial<ExportTask>): Promise<HTMLElement> {
  vi.mocked(readTasks).mockResolvedValue([{ ...TASK, ...task }])
  const { element } = createTasks(life.signal)
  document.body.append(element)
  await vi.waitFor(() => expect(element.hidden).toBe(false))
  return element
}
const button = (element: HTMLElement, label: string) =>
  element.querySelector<HTMLButtonElement>(`[aria-label="${label}: <i>Night</i>"]`)

describe('the panel of exports', () => {
  it('pauses, stops and continues', async () => {
    const running = await panel({})
    expect(running.textContent).toContain('Reading runs: 1,200 runs, 25% of the window')
    expect(running.querySelector('i:not(.bi)')).toBeNull()
    button(running, 'Pause')?.click()
    button(running, 'Stop')?.click()
    const paused = await panel({ phase: 'paused' })
    button(paused, 'Continue')?.click()
    await vi.waitFor(() =>
      expect(vi.mocked(changeTask).mock.calls).toEqual([
        ['1', 'pause'],
        ['1', 'stop'],
        ['1', 'go'],
      ]),
    )
  })

  it('asks before it throws away what was written', async () => {
    const stopped = await panel({ phase: 'stopped' })
    button(stopped, 'Discard')?.click()
    await vi.waitFor(() => expect(document.querySelector('.modal')?.textContent).toContain('/tmp/a.opsdeck'))
    expect(changeTask).not.toHaveBeenCalled()
    document.querySelector<HTMLButtonElement>('.modal .btn-danger')?.click()
    await vi.waitFor(() => expect(changeTask).toHaveBeenCalledWith('1', 'discard'))
  })

  it('offers to go on with what an earlier window left, once its environment is open', async () => {
    const elsewhere = await panel({ phase: 'stopped', left: true, here: false })
    expect(elsewhere.textContent).toContain('Not finished when the program ended')
    expect(elsewhere.textContent).toContain('Open Tokyo <b>2</b> to continue it.')
    expect(button(elsewhere, 'Continue')?.disabled).toBe(true)
    const here = await panel({ phase: 'stopped', left: true })
    expect(here.textContent).not.toContain('to continue it')
    expect(button(here, 'Continue')?.disabled).toBe(false)
  })

  it('says why one failed', async () => {
    const failed = await panel({ phase: 'failed', failure: new Failure('unavailable', 'session.closed', '') })
    expect(failed.textContent).toContain('No environment is open')
  })
})
