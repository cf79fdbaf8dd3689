import {
  AcceptServer,
  Delete,
  Duplicate,
  Export,
  ForgetSecrets,
  Get,
  List,
  Open,
  ReadImport,
  ReadPostgresURL,
  ReadRedisURL,
  Save,
  StartTest,
  StopTest,
} from '../../wailsjs/go/desktop/Profiles'
import type { desktop, profile } from '../../wailsjs/go/models'
import { EventsOn } from '../../wailsjs/runtime/runtime'
import { Failure } from '../lib/failure.ts'
import { parseTime } from '../lib/format.ts'
import { ask, wireFailure } from './bridge.ts'
import { change, type Session } from './session.ts'

/** Where an environment is, how it is reached, and what kind it is. It holds no secret. */
export type Profile = profile.Profile

/** A profile in the list. */
export interface Card {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly color: string
  readonly user: string
  readonly database: string
  /** The first of PostgreSQL's hosts, of which there may be more. */
  readonly host: string
  readonly hosts: number
  readonly reach: string
  readonly secretsFrom: string
  readonly lastOpened?: Date
  /** Why its file can't be read: then its id is all there is. */
  readonly failure?: Failure
}

/** A profile for the editor, with the names of the secrets that are kept of it. */
export interface Detail {
  readonly profile: Profile
  /** The state of its file, to save it with; "" = it is new. */
  readonly revision: string
  readonly kept: readonly string[]
  /** What is kept is opened by a passphrase, whatever the profile says for the future. */
  readonly byPassphrase: boolean
  /** Why nobody can tell what is kept. */
  readonly keptFailure?: Failure
}

/** What was typed as secrets. It lives as long as the form, and crosses to Go as one text. */
export interface TypedSecrets {
  /** It opens what is kept, and seals it unless there is a new one. */
  readonly passphrase?: string
  readonly newPassphrase?: string
  readonly set?: Readonly<Record<string, string>>
  readonly remove?: readonly string[]
}

/** What became of saving: the new state, or what is wrong by field. */
export interface Saved {
  readonly id: string
  readonly revision: string
  readonly problems: readonly { readonly field: string; readonly failure: Failure }[]
  /** Secrets that have to be entered again: they were for other servers. */
  readonly dropped: readonly string[]
}

/** What taking a file over would do. */
export interface ImportPreview {
  readonly profile: Profile
  readonly revision: string
  /** The name of the profile that it would replace; "" = none. */
  readonly replaces: string
  readonly notes: readonly string[]
}

/** What a test found of one part. */
export interface Found {
  readonly seq: number
  readonly name: string
  readonly state: string
  readonly failure?: Failure
}

/** A finding as the event has it. */
interface FindingEvent {
  readonly token: string
  readonly seq: number
  readonly name: string
  readonly state: string
  readonly error?: desktop.WireError
  /** This is the end, and no finding. */
  readonly over: boolean
}

/** A keyring may ask somebody first, and closing an environment waits for what is under way. */
const TIMEOUT = 45_000

/** The profiles, the one that was opened last first. */
export async function listProfiles(): Promise<readonly Card[]> {
  const { profiles } = await ask(List)
  return profiles.map(({ lastOpened, error, ...rest }) => {
    const failure = wireFailure(error)
    const at = parseTime(lastOpened)
    return { ...rest, ...(at ? { lastOpened: at } : {}), ...(failure ? { failure } : {}) }
  })
}

export async function getProfile(id: string): Promise<Detail> {
  const { profile, revision, kept, byPassphrase, keptError } = await ask(() => Get({ id }), TIMEOUT)
  const keptFailure = wireFailure(keptError)
  return { profile: withLists(profile), revision, kept, byPassphrase, ...(keptFailure ? { keptFailure } : {}) }
}

export async function saveProfile(profile: Profile, revision: string, secrets: TypedSecrets): Promise<Saved> {
  return savedOf(await ask(() => Save({ profile, revision, secrets: JSON.stringify(secrets) }), TIMEOUT))
}

export async function duplicateProfile(id: string, name: string): Promise<Saved> {
  return savedOf(await ask(() => Duplicate({ id, name })))
}

/** Makes the other PostgreSQL that the last test has met the one that a profile knows. */
export async function acceptServer(id: string, typedName: string): Promise<void> {
  await ask(() => AcceptServer({ id, typedName }))
}

/** Removes all that is kept of a profile's secrets. */
export async function forgetSecrets(id: string): Promise<void> {
  await ask(() => ForgetSecrets({ id }), TIMEOUT)
}

/** Removes a profile with its secrets. */
export async function deleteProfile(id: string): Promise<void> {
  await ask(() => Delete({ id }), TIMEOUT)
}

/** Writes a profile, without secrets, where the operator says; "" = they said nowhere. */
export async function exportProfile(id: string, title: string): Promise<string> {
  // The system's dialog stays as long as somebody looks at it.
  return (await ask(() => Export({ id, title }), 3_600_000)).path
}

/** Reads a file that somebody exported. Saving what it gives takes it over. */
export async function readImport(text: string): Promise<ImportPreview> {
  const { profile, ...rest } = await ask(() => ReadImport({ text }))
  return { ...rest, profile: withLists(profile) }
}

/** Reads an address of PostgreSQL or Redis into fields, and the password apart. */
export async function readURL(
  server: 'postgres' | 'redis',
  text: string,
): Promise<{ fields: Partial<Profile>; password: string }> {
  const read = server === 'postgres' ? ReadPostgresURL : ReadRedisURL
  const { password, ...found } = await ask(() => read({ text }))
  return { fields: { [server]: found[server] }, password }
}

/** Begins to open an environment. Whatever live one is open is closed first. */
export async function openProfile(id: string, secrets: TypedSecrets): Promise<Session> {
  return change(() => Open({ id, secrets: JSON.stringify(secrets) }))
}

/**
 * Tries a profile out as it is typed, and tells each finding as it comes. Resolves when the test is over; aborting ends it.
 */
export async function testProfile(
  profile: Profile,
  secrets: TypedSecrets,
  found: (found: Found) => void,
  signal: AbortSignal,
): Promise<void> {
  const early: FindingEvent[] = []
  let token = ''
  let came = 0
  let last = 0 // the number of the end; 0 = it hasn't come
  let over: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    over = resolve
  })
  const take = (event: FindingEvent) => {
    if (token === '') early.push(event)
    else if (event.token === token) {
      // Events may overtake each other: the end counts once everything before it has come.
      if (event.over) last = event.seq
      else {
        const failure = wireFailure(event.error)
        found({ seq: event.seq, name: event.name, state: event.state, ...(failure ? { failure } : {}) })
      }
      if (++came === last) over()
    }
  }
  const end = EventsOn('opsdeck:finding', take)
  const stop = () => {
    over()
    if (token !== '') void ask(() => StopTest({ token })).catch(() => undefined)
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    token = (await ask(() => StartTest({ profile, revision: '', secrets: JSON.stringify(secrets) }), TIMEOUT)).token
    if (signal.aborted) return stop()
    for (const event of early) take(event)
    await ended
  } finally {
    end()
    signal.removeEventListener('abort', stop)
  }
}

function savedOf({ id, revision, problems, dropped }: desktop.SavedProfile): Saved {
  return {
    id,
    revision,
    problems: (problems ?? []).map(({ field, error }) => ({ field, failure: wireFailure(error) ?? Failure.of(error) })),
    dropped: dropped ?? [],
  }
}

/** Go's empty lists come as nothing. */
function withLists(p: Profile): Profile {
  return {
    ...p,
    postgres: { ...p.postgres, hosts: p.postgres.hosts ?? [], replicas: p.postgres.replicas ?? [] },
    redis: { ...p.redis, addresses: p.redis.addresses ?? [] },
    workers: { ...p.workers, rewrite: p.workers.rewrite ?? [] },
    logs: { ...p.logs, origins: p.logs.origins ?? [] },
    secrets_from: { ...p.secrets_from, command: p.secrets_from.command ?? [] },
  }
}
