import { render } from 'lit-html'
import { beforeEach, describe, expect, it } from 'vitest'
import { setPreferences } from '../../src/lib/preferences.ts'
import { changesView } from '../../src/pages/job/changes.ts'
import { jobFacts } from '../../src/pages/job/facts.ts'
import { durationsChart, historyFigures, resultsLink } from '../../src/pages/job/history.ts'
import { dueView } from '../../src/pages/job/schedule.ts'
import { aJobDetail, NOW } from './fixtures.ts'

const host = document.createElement('div')
const now = new Date(NOW)
const words = () => host.textContent?.replace(/\s+/g, ' ').trim() ?? ''

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  render('', host)
})

describe('when a job is due', () => {
  it('says the schedule and its times on both clocks', () => {
    render(dueView(aJobDetail(), now), host)
    expect(words()).toContain('Daily at 02:30 UTC')
    expect(words()).toContain('The schedule names no timezone')
    expect(host.querySelectorAll('tbody tr')).toHaveLength(2)
    expect(host.querySelectorAll('thead th')).toHaveLength(3)
  })

  it('says what a leader without timezones would make of it', () => {
    const reading = {
      notes: [],
      others: ['a', 'b'],
      leads: false,
      inUtc: ['2026-11-24T02:30:00Z', '2026-11-25T02:30:00Z'],
    }
    const schedule = '{"kind":"daily","time":"02:30","timezone":"Asia/Tokyo"}'
    render(dueView(aJobDetail({ reading, schedule }), now), host)
    expect(words()).toContain('2 workers would read every schedule in UTC if they led')
    expect(host.querySelectorAll('thead th')).toHaveLength(4)
    render(dueView(aJobDetail({ reading: { ...reading, leads: true }, schedule }), now), host)
    expect(words()).toContain('The leader reads every schedule in UTC')
    expect(words()).not.toContain('names no timezone')
  })

  it('tells of days on which the clock changes, and of a job that is off', () => {
    const notes = [
      { kind: 'gap', at: '2027-03-28T01:30:00Z' },
      { kind: 'repeat', at: '2027-10-31T00:30:00Z' },
    ]
    render(dueView(aJobDetail({ enabled: false, reading: { notes, others: [], leads: false, inUtc: [] } }), now), host)
    expect(words()).toContain('it then fires at 2027-03-28 01:30:00.000 UTC')
    expect(words()).toContain('it fires once, at 2027-10-31')
    expect(words()).toContain('The job is disabled')
  })

  it('has no times for events', () => {
    const scheduleShape = { ...aJobDetail().scheduleShape, kind: 'event', eventTypes: ['order.placed'] }
    render(dueView(aJobDetail({ type: 'event', scheduleShape, next: [] }), now), host)
    expect(words()).toContain('When order.placed comes')
    expect(host.querySelector('table')).toBeNull()
  })
})

describe('what a job’s definition says', () => {
  it('names what a leader would not obey, where there is one', () => {
    render(jobFacts(aJobDetail()), host)
    expect(words()).not.toContain('obey')
    const reading = { notes: [], others: ['a'], leads: true, inUtc: [] }
    render(jobFacts(aJobDetail({ reading })), host)
    expect(words()).toContain('does not obey: retries and what happens while one is still open.')
    render(jobFacts(aJobDetail({ reading: { ...reading, leads: false }, maxRetries: 0, policy: 'allow' })), host)
    expect(words()).not.toContain('obey')
  })
})

describe('a job’s history', () => {
  it('leaves gaps where nothing ran', () => {
    const { series } = durationsChart(aJobDetail().history)
    expect(series[0]?.values).toEqual([null, null, null, 900, null, null, null, null, null, null, null, null])
    expect(series[1]?.values[3]).toBe(2000)
  })

  it('leads to the runs behind a bar', () => {
    const link = decodeURIComponent(resultsLink(aJobDetail(), 3, 0))
    expect(link).toBe('#/ops/runs/?state=SUCCEEDED&job=3&from=2026-11-23T02:59:00.000Z&before=2026-11-23T04:00:00.000Z')
  })

  it('says how many succeeded', () => {
    const figures = historyFigures(aJobDetail().history)
    render(figures, host)
    expect(words()).toContain('80.0% 4/5')
  })
})

describe('what was changed about a job', () => {
  it('says who, what and why', () => {
    const list = [
      {
        id: '1',
        at: NOW,
        actor: 'sato',
        action: 'job.update',
        target: '3',
        reason: 'less often',
        fields: [{ field: 'enabled', before: 'false', after: 'true' }],
      },
      { id: '2', at: NOW, actor: '', action: 'job.paint', target: '3', reason: '', fields: [] },
    ]
    render(changesView({ list, more: true, unreadable: false }, now), host)
    expect([...host.querySelectorAll('tbody tr')].map((r) => r.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      expect.stringMatching(/sato Changed enabled: false → true less often$/),
      expect.stringMatching(/– job\.paint –$/),
    ])
    expect(words()).toContain('There are older changes.')
  })

  it('says that nobody may look', () => {
    render(changesView({ list: [], more: false, unreadable: true }, now), host)
    expect(words()).toBe('This login may not read the audit.')
  })
})
