import type { Profile } from '../../api/profiles.ts'

/** A profile as the form has it: a value a field, by the name that Go has for it. Lists are lines. */
export type Draft = Readonly<Record<string, string | boolean>>

/** What was typed as secrets, by the name of its field; undefined = nothing, null = what is kept is to be removed. */
export type Typed = Record<string, string | null | undefined>

/** What is kept of a profile's secrets: their names, whether a passphrase opens them, and whether nobody can tell. */
export interface Kept {
  readonly names: readonly string[]
  readonly byPassphrase: boolean
  readonly unknown: boolean
}

export const NOTHING_KEPT: Kept = { names: [], byPassphrase: false, unknown: false }

/** What a new profile begins with: nothing that anybody would have to take back. */
export const NEW_PROFILE: Profile = {
  id: '',
  name: '',
  kind: 'development',
  color: 'blue',
  idle_minutes: 0,
  postgres: {
    hosts: [],
    database: '',
    user: '',
    ssl_mode: 'verify-full',
    target_session_attrs: '',
    server_ca: '',
    client_certificate: '',
    replicas: [],
  },
  redis: {
    mode: 'single',
    addresses: [],
    database: 0,
    user: '',
    master_name: '',
    sentinel_user: '',
    tls: true,
    server_ca: '',
    client_certificate: '',
  },
  workers: { mode: 'none', certificate: '', trust: '', rewrite: [] },
  reach: { kind: 'direct', address: '', user: '', auth: '', known_hosts: '' },
  logs: {
    endpoint: '',
    region: '',
    bucket: '',
    prefix: '',
    path_style: false,
    credentials: '',
    access_key: '',
    aws_profile: '',
    origins: [],
  },
  secrets_from: { kind: 'keyring', command: [] },
}

/** The colour that a kind has unless somebody chose another. */
const KIND_COLORS: Readonly<Record<string, string>> = {
  sandbox: 'teal',
  development: 'blue',
  staging: 'orange',
  production: 'red',
}

/** The draft of another kind; a colour that was the old kind's becomes the new one's. */
export function withKind(draft: Draft, kind: string): Draft {
  const own = draft['color'] === KIND_COLORS[String(draft['kind'])]
  return { ...draft, kind, ...(own ? { color: KIND_COLORS[kind] ?? 'slate' } : {}) }
}

/** The profile as fields. */
export function draftOf(profile: Profile): Draft {
  const draft: Record<string, string | boolean> = {
    name: profile.name,
    kind: profile.kind,
    color: profile.color,
    idle_minutes: profile.idle_minutes === 0 ? '' : String(profile.idle_minutes),
  }
  for (const group of GROUPS) {
    for (const [key, value] of Object.entries(profile[group])) draft[`${group}.${key}`] = fieldOf(value)
  }
  if (draft['reach.auth'] === '') draft['reach.auth'] = 'agent'
  return draft
}

const GROUPS = ['postgres', 'redis', 'workers', 'reach', 'logs', 'secrets_from'] as const

function fieldOf(value: unknown): string | boolean {
  if (typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(lineOf).join('\n')
  return String(value)
}

function lineOf(item: unknown): string {
  if (typeof item === 'object' && item !== null && 'from' in item && 'to' in item) return `${item.from} → ${item.to}`
  return String(item)
}

/** The fields as a profile, over the one that the form began with: a field that no form knows stays. */
export function profileOf(draft: Draft, base: Profile): Profile {
  const text = (name: string) => String(draft[name] ?? '')
  const profile: Record<string, unknown> = {
    ...base,
    name: text('name'),
    kind: text('kind'),
    color: text('color'),
    idle_minutes: text('idle_minutes').trim() === '' ? 0 : wholeNumber(text('idle_minutes')),
  }
  for (const group of GROUPS) {
    const fields: Record<string, unknown> = { ...base[group] }
    for (const [key, was] of Object.entries(fields)) fields[key] = typedValue(`${group}.${key}`, was, draft)
    profile[group] = fields
  }
  return profile as unknown as Profile
}

function typedValue(name: string, was: unknown, draft: Draft): unknown {
  const value = draft[name]
  if (value === undefined) return was
  if (typeof was === 'number') return wholeNumber(String(value))
  if (!Array.isArray(was)) return value
  const lines = String(value)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return name === 'workers.rewrite' ? lines.map(rewriteOf) : lines
}

/** A number, or one that Go refuses at its field. */
function wholeNumber(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : -1
}

/** "from → to", also with "->" or "=>", which are easier to type. */
function rewriteOf(line: string): { from: string; to: string } {
  const [from = '', to = ''] = line.split(/\s*(?:→|->|=>)\s*/)
  return { from: from.trim(), to: to.trim() }
}

/** Whether two drafts would be saved as the same profile. */
export function sameDraft(a: Draft, b: Draft): boolean {
  return Object.keys({ ...a, ...b }).every((name) => a[name] === b[name])
}
