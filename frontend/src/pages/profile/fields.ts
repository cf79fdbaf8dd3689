import { type Draft, type Kept, NOTHING_KEPT } from './draft.ts'

/** How a field is typed: one line, several, a certificate, a choice, a switch, a secret that is never shown, or what seals secrets. */
export type FieldKind = 'text' | 'lines' | 'pem' | 'choice' | 'switch' | 'secret' | 'secretPem' | 'passphrase'

export interface Field {
  /** As Go names it in its problems; a secret has its own name. */
  readonly name: string
  readonly kind: FieldKind
  readonly options?: readonly string[]
  readonly wide?: boolean
  /** Whether the other fields leave a use for it. */
  when?(draft: Draft, kept: Kept): boolean
}

export interface Section {
  readonly name: 'general' | 'postgres' | 'redis' | 'workers' | 'reach' | 'logs' | 'secrets'
  readonly fields: readonly Field[]
  /** It can be filled from an address. */
  readonly url?: boolean
}

export const KINDS = ['production', 'staging', 'development', 'sandbox'] as const
export const COLORS = ['slate', 'blue', 'teal', 'green', 'yellow', 'orange', 'pink', 'purple', 'red'] as const

const is =
  (name: string, ...values: string[]) =>
  (draft: Draft) =>
    values.includes(String(draft[name]))
const keeps = is('secrets_from.kind', 'keyring', 'passphrase')
const sealed = is('secrets_from.kind', 'passphrase')
const sentinel = is('redis.mode', 'sentinel')
const redisTLS = (draft: Draft) => draft['redis.tls'] === true
const mutual = is('workers.mode', 'mtls')
const ssh = is('reach.kind', 'ssh')
const sshKey = (draft: Draft) => ssh(draft) && draft['reach.auth'] === 'key'
const s3 = (draft: Draft) => draft['logs.endpoint'] !== ''
const s3Static = (draft: Draft) => s3(draft) && draft['logs.credentials'] === 'static'
const clientCertificate = (name: string) => (draft: Draft) => draft[name] !== ''

/** Every field of a profile, in the order in which it is filled in. */
export const SECTIONS: readonly Section[] = [
  {
    name: 'general',
    fields: [
      { name: 'name', kind: 'text' },
      { name: 'kind', kind: 'choice', options: KINDS },
      { name: 'color', kind: 'choice', options: COLORS },
      { name: 'idle_minutes', kind: 'text' },
    ],
  },
  {
    name: 'postgres',
    url: true,
    fields: [
      { name: 'postgres.hosts', kind: 'lines' },
      { name: 'postgres.database', kind: 'text' },
      { name: 'postgres.user', kind: 'text' },
      { name: 'postgres_password', kind: 'secret' },
      {
        name: 'postgres.ssl_mode',
        kind: 'choice',
        options: ['verify-full', 'verify-ca', 'require', 'prefer', 'allow', 'disable'],
      },
      {
        name: 'postgres.target_session_attrs',
        kind: 'choice',
        options: ['', 'any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'],
      },
      { name: 'postgres.replicas', kind: 'lines' },
      { name: 'postgres.server_ca', kind: 'pem' },
      { name: 'postgres.client_certificate', kind: 'pem' },
      { name: 'postgres_client_key', kind: 'secretPem', when: clientCertificate('postgres.client_certificate') },
    ],
  },
  {
    name: 'redis',
    url: true,
    fields: [
      { name: 'redis.mode', kind: 'choice', options: ['single', 'sentinel', 'cluster'] },
      { name: 'redis.addresses', kind: 'lines' },
      { name: 'redis.database', kind: 'text' },
      { name: 'redis.user', kind: 'text' },
      { name: 'redis_password', kind: 'secret' },
      { name: 'redis.master_name', kind: 'text', when: sentinel },
      { name: 'redis.sentinel_user', kind: 'text', when: sentinel },
      { name: 'sentinel_password', kind: 'secret', when: sentinel },
      { name: 'redis.tls', kind: 'switch' },
      { name: 'redis.server_ca', kind: 'pem', when: redisTLS },
      { name: 'redis.client_certificate', kind: 'pem', when: redisTLS },
      {
        name: 'redis_client_key',
        kind: 'secretPem',
        when: (draft) => redisTLS(draft) && draft['redis.client_certificate'] !== '',
      },
    ],
  },
  {
    name: 'workers',
    fields: [
      { name: 'workers.mode', kind: 'choice', options: ['none', 'mtls', 'plaintext'], wide: true },
      { name: 'workers.certificate', kind: 'pem', when: mutual },
      { name: 'worker_key', kind: 'secretPem', when: mutual },
      { name: 'workers.trust', kind: 'pem', when: mutual },
      { name: 'workers.rewrite', kind: 'lines', when: is('workers.mode', 'mtls', 'plaintext') },
    ],
  },
  {
    name: 'reach',
    fields: [
      { name: 'reach.kind', kind: 'choice', options: ['direct', 'ssh', 'socks5'], wide: true },
      { name: 'reach.address', kind: 'text', when: is('reach.kind', 'ssh', 'socks5') },
      { name: 'reach.user', kind: 'text', when: is('reach.kind', 'ssh', 'socks5') },
      { name: 'socks_password', kind: 'secret', when: is('reach.kind', 'socks5') },
      { name: 'reach.auth', kind: 'choice', options: ['agent', 'key'], when: ssh },
      { name: 'ssh_key', kind: 'secretPem', when: sshKey },
      { name: 'ssh_key_passphrase', kind: 'secret', when: sshKey },
      { name: 'reach.known_hosts', kind: 'lines', when: ssh, wide: true },
    ],
  },
  {
    name: 'logs',
    fields: [
      { name: 'logs.origins', kind: 'lines' },
      { name: 'logs.endpoint', kind: 'text' },
      { name: 'logs.region', kind: 'text', when: s3 },
      { name: 'logs.bucket', kind: 'text', when: s3 },
      { name: 'logs.prefix', kind: 'text', when: s3 },
      { name: 'logs.path_style', kind: 'switch', when: s3 },
      { name: 'logs.credentials', kind: 'choice', options: ['', 'static', 'profile', 'instance'], when: s3 },
      { name: 'logs.access_key', kind: 'text', when: s3Static },
      { name: 's3_secret_key', kind: 'secret', when: s3Static },
      { name: 'logs.aws_profile', kind: 'text', when: (draft) => s3(draft) && draft['logs.credentials'] === 'profile' },
    ],
  },
  {
    name: 'secrets',
    fields: [
      { name: 'secrets_from.kind', kind: 'choice', options: ['keyring', 'passphrase', 'ask', 'command'], wide: true },
      { name: 'secrets_from.command', kind: 'lines', when: is('secrets_from.kind', 'command') },
      { name: 'passphrase', kind: 'passphrase', when: (draft, kept) => kept.byPassphrase && keeps(draft) },
      { name: 'new_passphrase', kind: 'passphrase', when: sealed },
      { name: 'new_passphrase_again', kind: 'passphrase', when: sealed },
    ],
  },
]

/** Whether a field's text is never shown. */
export const isHidden = ({ kind }: Field): boolean => isSecret(kind) || kind === 'passphrase'

const isSecret = (kind: FieldKind) => kind === 'secret' || kind === 'secretPem'

/** The secrets that a profile has a use for; passphrases are none of them. */
export function usedSecrets(draft: Draft): Field[] {
  return SECTIONS.flatMap(({ fields }) => fields).filter(
    ({ kind, when }) => isSecret(kind) && (when?.(draft, NOTHING_KEPT) ?? true),
  )
}
