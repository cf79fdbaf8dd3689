import { describe, expect, it } from 'vitest'
import type { Profile } from '../../src/api/profiles.ts'
import { titleOf } from '../../src/app/window.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { draftOf, NEW_PROFILE, profileOf, sameDraft, withKind } from '../../src/pages/profile/draft.ts'
import { SECTIONS, usedSecrets } from '../../src/pages/profile/fields.ts'

const complete: Profile = {
  ...NEW_PROFILE,
  id: 'tokyo',
  name: '東京',
  kind: 'production',
  color: 'red',
  idle_minutes: 15,
  postgres: {
    ...NEW_PROFILE.postgres,
    hosts: ['a:5432', 'b:5432'],
    database: 'jobs',
    user: 'satou',
    replicas: ['c:5432'],
  },
  redis: { ...NEW_PROFILE.redis, addresses: ['r:6379'], database: 3 },
  workers: { ...NEW_PROFILE.workers, mode: 'mtls', rewrite: [{ from: '10.0.0.5:*', to: 'localhost:*' }] },
  reach: {
    ...NEW_PROFILE.reach,
    kind: 'ssh',
    address: 'jump:22',
    user: 'satou',
    auth: 'key',
    known_hosts: 'jump ssh-ed25519 AAAA\n',
  },
  secrets_from: { kind: 'command', command: ['pass', 'show', 'x y'] },
}

describe('a profile as fields', () => {
  it('is the same profile again', () => {
    expect(profileOf(draftOf(complete), complete)).toEqual(complete)
  })

  it.each([
    ['', 0],
    [' 20 ', 20],
    ['soon', -1],
  ])('takes %o as the minutes after which it is closed', (text, minutes) => {
    expect(profileOf({ ...draftOf(complete), idle_minutes: text }, complete).idle_minutes).toBe(minutes)
  })

  it('takes lists by the line, and rules with any arrow', () => {
    const draft = {
      ...draftOf(complete),
      'postgres.hosts': ' a:1 \n\n b:2',
      'workers.rewrite': 'x:1 -> y:2\nz:* => w:*',
    }
    const { postgres, workers } = profileOf(draft, complete)
    expect(postgres.hosts).toEqual(['a:1', 'b:2'])
    expect(workers.rewrite).toEqual([
      { from: 'x:1', to: 'y:2' },
      { from: 'z:*', to: 'w:*' },
    ])
  })

  it('leaves a number that is none for Go to refuse', () => {
    expect(profileOf({ ...draftOf(complete), 'redis.database': 'first' }, complete).redis.database).toBe(-1)
  })

  it('takes the colour of its kind along, unless somebody chose another', () => {
    const draft = draftOf(NEW_PROFILE)
    expect(withKind(draft, 'production')['color']).toBe('red')
    expect(withKind({ ...draft, color: 'pink' }, 'production')['color']).toBe('pink')
  })

  it('knows a change', () => {
    const draft = draftOf(complete)
    expect(sameDraft(draft, { ...draft })).toBe(true)
    expect(sameDraft(draft, { ...draft, name: 'x' })).toBe(false)
  })

  it('has a field for each of its values', () => {
    const names = SECTIONS.flatMap(({ fields }) => fields).map(({ name }) => name)
    expect(Object.keys(draftOf(complete)).filter((name) => !names.includes(name))).toEqual([])
  })

  it('wants only the secrets that it has a use for', () => {
    const used = (p: Profile) => usedSecrets(draftOf(p)).map(({ name }) => name)
    expect(used(NEW_PROFILE)).toEqual(['postgres_password', 'redis_password'])
    expect(used(complete)).toEqual([
      'postgres_password',
      'redis_password',
      'worker_key',
      'ssh_key',
      'ssh_key_passphrase',
    ])
  })
})

describe("the window's name", () => {
  it('says the environment first, by kind and name, and shows what hides', () => {
    setPreferences({ language: 'en' })
    expect(titleOf(undefined, 'Opsdeck')).toBe('Opsdeck')
    expect(titleOf({ kind: 'production', name: 'Tokyo' }, 'Runs')).toBe('[Production] Tokyo – Runs – Opsdeck')
    expect(titleOf({ kind: 'new', name: 'x' }, '')).toBe('[Production] x – Opsdeck')
    expect(titleOf({ kind: 'sandbox', name: 'a\u202eb' }, '')).not.toContain('\u202e')
  })
})
