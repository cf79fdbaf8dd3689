import { afterEach, describe, expect, it } from 'vitest'
import { setPreferences } from '../../src/lib/preferences.ts'
import { namesTimezone, type ScheduleShape, scheduleWords } from '../../src/pages/jobs/schedule.ts'

function shape(of: Partial<ScheduleShape>): ScheduleShape {
  return { kind: '', everyN: 0, hour: 0, minute: 0, weekday: 0, timezone: 'UTC', eventTypes: [], ...of }
}

afterEach(() => setPreferences({ language: 'en' }))

describe('schedules in words', () => {
  const table: [Partial<ScheduleShape>, en: string, ja: string, note?: string][] = [
    [{ kind: 'every_n_minutes', everyN: 1 }, 'Every minute', '毎分'],
    [{ kind: 'every_n_minutes', everyN: 5 }, 'Every 5 minutes', '5 分ごと'],
    [{ kind: 'every_n_minutes', everyN: 30 }, 'Every 30 minutes', '30 分ごと'],
    [{ kind: 'every_n_minutes', everyN: 7 }, 'Every 7 minutes', '7 分ごと', ':00\u00a0:07\u00a0…\u00a0:56'],
    [{ kind: 'every_n_minutes', everyN: 25 }, 'Every 25 minutes', '25 分ごと', ':00\u00a0:25\u00a0:50'],
    [{ kind: 'every_n_minutes', everyN: 45 }, 'Every 45 minutes', '45 分ごと', ':00\u00a0:45'],
    [{ kind: 'every_n_minutes', everyN: 60 }, 'Every hour at :00', '毎時 00 分'],
    [{ kind: 'every_n_minutes', everyN: 90 }, 'Every hour at :00', '毎時 00 分', '90'],
    [{ kind: 'hourly', minute: 5 }, 'Every hour at :05', '毎時 05 分'],
    [{ kind: 'daily', hour: 2, minute: 30 }, 'Daily at 02:30', '毎日 02:30'],
    [{ kind: 'weekdays', hour: 9 }, 'Monday to Friday at 09:00', '平日（月〜金）09:00'],
    [{ kind: 'weekly', weekday: 0, hour: 9 }, 'Every Monday at 09:00', '毎週月曜日 09:00'],
    [{ kind: 'weekly', weekday: 6, hour: 23, minute: 59 }, 'Every Sunday at 23:59', '毎週日曜日 23:59'],
    [{ kind: 'event', eventTypes: ['a', 'b'] }, 'When a or b comes', 'aまたはbの受信時'],
  ]

  it.each(table)('%j', (of, en, ja, note) => {
    for (const [language, words] of [
      ['en', en],
      ['ja', ja],
    ] as const) {
      setPreferences({ language })
      const said = scheduleWords(shape(of))
      expect(said?.when.replaceAll(' の', 'の')).toBe(words)
      if (note === undefined) expect(said?.note).toBeUndefined()
      else expect(said?.note).toContain(note)
    }
  })

  it('says on which clock, except for events', () => {
    expect(scheduleWords(shape({ kind: 'daily', timezone: 'Asia/Tokyo' }))?.zone).toBe('Asia/Tokyo')
    expect(scheduleWords(shape({ kind: 'event', eventTypes: ['x'] }))?.zone).toBeUndefined()
  })

  it('shows hostile event types as tokens', () => {
    const said = scheduleWords(shape({ kind: 'event', eventTypes: ['\u202e<img onerror=x>'] }))
    expect(said?.when).toBe('When ⟨RLO⟩<img onerror=x> comes')
  })

  it('has no words for what it can not read', () => {
    expect(scheduleWords(shape({ kind: '' }))).toBeUndefined()
    expect(scheduleWords(shape({ kind: 'cron' }))).toBeUndefined()
  })
})

describe('whether the JSON names a clock', () => {
  it.each([
    ['{"kind":"daily","time":"02:30"}', false],
    ['{"kind":"daily","timezone":"UTC"}', true],
    ['{"timezone":null}', true],
    ['[]', false],
    ['null', false],
    ['{', false],
  ])('%s', (json, named) => expect(namesTimezone(json)).toBe(named))
})
