import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, start } from '../e2e/support/program.ts'
import type { Driver } from './driver.ts'
import { again, expect, open, test } from './test.ts'

const folder = mkdtempSync(join(tmpdir(), 'opsdeck-drop-'))
const files = ['night.opsdeck', '東京 & co.opsdeck'].map((name) => join(folder, name))
test.afterAll(() => rmSync(folder, { recursive: true }))

/** Exports the last minutes into an archive, by the calls that the page makes. */
async function exported(window: Driver, path: string): Promise<void> {
  await window.runAsync(
    `const { StartArchive, Tasks, DiscardArchive } = window.go.desktop.Exports
    const now = Date.now()
    const filter = { states: [], createdFrom: new Date(now - 6e5).toISOString(), createdBefore: new Date(now).toISOString() }
    const { id } = await StartArchive({ path: args[0], incident: true, filter, masks: [], timeZone: 'UTC' })
    for (;;) {
      const { phase, error } = (await Tasks()).tasks.find((task) => task.id === id)
      if (phase === 'finished') return DiscardArchive({ id })
      if (phase === 'failed') throw new Error(error.message)
    }`,
    path,
  )
}

const point = (...args: (string | number)[]) => execFileSync('xdotool', args.map(String))

/** Drags what the source offers onto the middle of the window. */
async function drag(source: Program): Promise<void> {
  await source.says('shown', 10_000)
  point('mousemove', 50, 50, 'mousedown', 1)
  let moved = 0
  const moveUntil = (said: string, at: () => number[]) =>
    expect(async () => {
      point('mousemove', ...at())
      await source.says(said, 200)
    }).toPass({ timeout: 20_000 })
  await moveUntil('began', () => [50 + ++moved * 5, 60])
  await moveUntil('accepted', () => [640 + (++moved % 9), 430])
  point('mouseup', 1)
}

/** Hands a link to the archive that is shown to a second start, while the live environment is shown. */
async function followed(window: Driver): Promise<void> {
  const link = await window.runAsync<string>(
    `const { Session, Launches } = window.go.desktop
    const { from } = (await Session.State()).environment.archive
    await Session.SetMoment({ at: from })
    const { link } = await Launches.Link({ route: '/ops/runs/?state=FAILED' })
    const live = (await Session.State()).open.find((one) => !one.archive)
    await Session.Show({ key: live.key })
    return link`,
  )
  expect(link).toContain('opsdeck://archive.')
  await expect.poll(() => window.text('#ops-strip')).toBe('')
  await again(link)
  await expect.poll(() => window.run('return location.hash')).toBe('#/ops/runs/?state=FAILED')
  await expect.poll(() => window.run('return document.querySelector("#ops-strip [type=range]")?.value')).toBe('0')
}

test('files that are dropped onto the window open as archives, and a link leads into one of them', async ({
  window,
}) => {
  test.setTimeout(90_000)
  await open(window, '#/ops/')
  for (const path of files) await exported(window, path)
  const program = join(folder, 'dragsource')
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'gtk+-3.0'], { encoding: 'utf8' }).trim().split(/\s+/)
  execFileSync('gcc', ['-o', program, 'test/window/dragsource.c', ...flags])
  const source = start(program, files)
  try {
    await drag(source)
    const archives = () =>
      window.runAsync<string[]>(
        'return (await window.go.desktop.Session.State()).open.filter((one) => one.archive).map((one) => one.id)',
      )
    await expect.poll(archives, { timeout: 20_000 }).toEqual(files.map((path) => `archive:${path}`))
    await expect.poll(() => window.text('#ops-strip')).toContain('as of')
    await followed(window)
  } finally {
    await source.stop()
    // The suites that follow find the sandbox shown.
    await window.runAsync(`const { State, CloseArchive } = window.go.desktop.Session
      for (const { key, archive } of (await State()).open) if (archive) await CloseArchive({ key })`)
  }
  await expect.poll(() => window.text('#ops-strip')).toBe('')
})
