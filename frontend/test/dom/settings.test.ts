import { render } from 'lit-html'
import { describe, expect, it } from 'vitest'
import type { Setting, SettingList } from '../../src/api/settings.ts'
import { Failure } from '../../src/lib/failure.ts'
import { valueCell } from '../../src/pages/settings/columns.ts'
import { settingView } from '../../src/pages/settings/dialog.ts'
import { reloadNote } from '../../src/pages/settings/reload.ts'
import { boundsWords, defaultWords, truthy } from '../../src/pages/settings/words.ts'
import { NOW } from './fixtures.ts'
import { aList, aReload, aSetting } from './record-fixtures.ts'
import { stage } from './stage.ts'

const on = stage()
const now = new Date(NOW)

describe('a setting', () => {
  it.each([
    [{}, '90'],
    [{ stored: false, readable: false, value: '', updated: '' }, '–'],
    [{ secret: true, readable: false, value: '' }, 'set, not shown'],
    [{ secret: true, stored: false, hidden: true, readable: false, value: '' }, 'hidden from you'],
    [{ readable: false, value: '' }, 'too long to show'],
    [{ type: 'boolean', value: '0' }, 'Off'],
    [{ type: 'text', value: '' }, '(empty)'],
    [
      { failure: new Failure('invalid', 'settings.too_small', '', { min: '1' }), value: '0' },
      '0 Processes can’t use it: The smallest value is 1.',
    ],
  ] as [Partial<Setting>, string][])('with %j shows %s', (of, words) => {
    render(valueCell(aSetting(of)), on.host)
    expect(on.text()).toBe(words)
  })

  it('says its bounds and its default in words', () => {
    expect(boundsWords(aSetting({ min: '1', max: '50' }))).toBe('1 to 50')
    expect(boundsWords(aSetting())).toBe('at least 1')
    expect(boundsWords(aSetting({ min: '', max: '9' }))).toBe('at most 9')
    expect(boundsWords(aSetting({ type: 'choice', choices: ['local', 'k8s'] }))).toBe('local, k8s')
    expect(defaultWords(aSetting({ type: 'boolean', default: 'true' }))).toBe('On')
    expect(defaultWords(aSetting({ default: '' }))).toBe('(empty)')
    expect(defaultWords(aSetting({ known: false }))).toBe('')
  })

  it('reads truth values as processes do', () => {
    expect(['', '0', 'false', 'False', 'no', 'No'].map(truthy)).toEqual(Array(6).fill(false))
    expect(['1', 'true', 'yes', 'off'].map(truthy)).toEqual(Array(4).fill(true))
  })

  it('tells that its own value can’t be seen while nothing is stored', () => {
    render(settingView(aSetting({ stored: false, readable: false, value: '', updated: '' }), now), on.host)
    expect(on.text()).toContain('Opsdeck can’t see a process’s environment.')
    expect(on.text()).toContain('How long before its time a run is made')
  })
})

describe('the latest request to apply settings', () => {
  const note = (list: SettingList) => {
    render(
      reloadNote(list, now, () => undefined),
      on.host,
    )
    return on.text()
  }

  it('says how many workers took them over', () => {
    expect(note(aList())).toContain('2 of 3 workers took them over')
    expect(note(aList({ reloads: [] }))).toContain('never been applied')
    expect(note(aList({ reloads: [aReload({ unreadable: true })] }))).toContain('can’t be read')
  })

  it('says that nobody sees to it where nobody leads', () => {
    const waiting = aReload({ status: 'PENDING', requestedAt: '2026-11-23T11:58:00Z' })
    expect(note(aList({ reloads: [waiting], leader: '' }))).toContain('Nobody leads the cluster')
    expect(note(aList({ reloads: [waiting] }))).toContain('although w-1 leads')
    expect(note(aList({ reloads: [waiting], leader: undefined }))).toContain('Redis does not say who leads')
    expect(note(aList({ reloads: [aReload({ status: 'PENDING' })] }))).toContain('at its next tick')
  })
})
