import { describe, expect, it } from 'vitest'
import type { JobDraft } from '../../src/api/jobs.ts'
import { differences, merged, obvious } from '../../src/pages/jobedit/conflict.ts'
import { indented, kindsOf, NEW_JOB, sameDraft, withKind, withType } from '../../src/pages/jobedit/draft.ts'

const draft = (of: Partial<JobDraft> = {}): JobDraft => ({ ...NEW_JOB, name: 'report', command: 'report', ...of })

describe('a draft', () => {
  it('fills what another kind needs, and keeps what was typed', () => {
    const weekly = withKind({ ...NEW_JOB.schedule, time: '02:30' }, 'weekly', '')
    expect(weekly).toMatchObject({ kind: 'weekly', time: '02:30', weekday: '0' })
    expect(withKind(weekly, 'every_n_minutes', '')).toMatchObject({ n: '10', time: '02:30' })
    expect(withKind(weekly, 'json', '{"kind":"weekly","x":1.50}').json).toBe('{\n  "kind": "weekly",\n  "x": 1.50\n}')
  })

  it('gets a kind that its type knows', () => {
    expect(withType(draft(), 'event').schedule.kind).toBe('event')
    expect(withType(withType(draft(), 'event'), 'time').schedule.kind).toBe('every_n_minutes')
    const json = draft({ schedule: { ...NEW_JOB.schedule, kind: 'json', json: '{}' } })
    expect(withType(json, 'event').schedule.kind).toBe('json')
    expect(kindsOf('event')).toEqual(['event', 'json'])
  })

  it('is the same where only unused fields differ', () => {
    const other = draft({ schedule: { ...NEW_JOB.schedule, n: '99', json: 'x', stored: '{}' } })
    expect(sameDraft(draft(), other)).toBe(true)
    expect(sameDraft(draft(), draft({ schedule: { ...NEW_JOB.schedule, timezone: 'Asia/Tokyo' } }))).toBe(false)
  })
})

describe('laying out JSON', () => {
  it.each([
    [
      '{"a":1.10,"b":[],"c":{},"d":[1,{"e":"x,{}[]:\\"\\\\"}]}',
      '{\n  "a": 1.10,\n  "b": [],\n  "c": {},\n  "d": [\n    1,\n    {\n      "e": "x,{}[]:\\"\\\\"\n    }\n  ]\n}',
    ],
    ['{"n":12345678901234567890}', '{\n  "n": 12345678901234567890\n}'],
    ['"日本語 \\u0041"', '"日本語 \\u0041"'],
    ['{]', ''],
    ['', ''],
  ])('%s', (text, want) => {
    expect(indented(text)).toBe(want)
    if (want !== '') expect(JSON.parse(want)).toEqual(JSON.parse(text))
  })
})

describe('two versions of a job', () => {
  const base = draft({ timeoutSeconds: '60', schedule: { ...NEW_JOB.schedule, stored: 'base' } })
  const theirs = draft({
    timeoutSeconds: '90',
    command: 'fast',
    policy: 'allow',
    schedule: { ...NEW_JOB.schedule, time: '01:00', stored: 'theirs' },
  })
  const yours = draft({
    timeoutSeconds: '30',
    name: 'mine',
    policy: 'allow',
    schedule: { ...NEW_JOB.schedule, time: '02:00', stored: 'base' },
  })

  it('differ part by part, with who changed it', () => {
    expect(differences(base, theirs, yours)).toEqual([
      { part: 'name', by: 'yours' },
      { part: 'command', by: 'theirs' },
      { part: 'schedule', by: 'both' },
      { part: 'timeoutSeconds', by: 'both' },
    ])
    expect(differences(base, base, yours).every(({ by }) => by === 'yours')).toBe(true)
    expect(differences(base, theirs, theirs)).toEqual([])
  })

  it('need a decision only where both changed the same part', () => {
    expect(obvious(differences(base, theirs, yours))).toEqual({ name: 'yours', command: 'theirs' })
  })

  it('become one by the chosen sides, over what is stored now', () => {
    const result = merged(theirs, yours, {
      name: 'yours',
      command: 'theirs',
      schedule: 'yours',
      timeoutSeconds: 'theirs',
    })
    expect(result).toMatchObject({ name: 'mine', command: 'fast', timeoutSeconds: '90', policy: 'allow' })
    expect(result.schedule).toMatchObject({ time: '02:00', stored: 'theirs' })
    expect(merged(theirs, yours, { schedule: 'theirs' }).schedule.time).toBe('01:00')
  })
})
