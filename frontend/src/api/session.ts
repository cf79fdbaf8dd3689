import {
  Active,
  ChooseArchive,
  CloseArchive,
  CloseEnvironment,
  ForgetArchive,
  Moments,
  NameSigner,
  OpenArchive,
  Reached,
  RecentArchives,
  SetMenu,
  SetMoment,
  SetVisible,
  Show,
  StartSandbox,
  State,
} from '../../wailsjs/go/desktop/Session'

import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { onChange } from '../lib/live.ts'
import { holdTime } from '../lib/moment.ts'
import { type Archive, archiveOf, type Moment } from './archive.ts'
import { ask, call, nothingShown, whileSettled, whileSwitching, wireFailure } from './bridge.ts'

/** What is open in the window. */
export interface Session {
  readonly version: string
  /** Changes with what is shown: a page that sees it change drops everything that it holds. */
  readonly generation: number
  /** The one that is shown. */
  readonly environment?: Environment
  readonly open: readonly Open[]
  /** The live environment that is being opened, or that could not be. */
  readonly opening?: Opening
  readonly sandbox: Sandbox
  readonly theme: readonly ThemeProblem[]
}

/** A part of the organisation's theme that was left out. */
export interface ThemeProblem {
  /** Below the theme's folder; "" is the folder itself. */
  readonly file: string
  /** A key of a text. */
  readonly what: string
  /** What is wrong, in the words of whoever read it. */
  readonly cause: string
}

/** One of what is open: the live environment, or an archive. */
export interface Open {
  /** Names it as long as it is open. */
  readonly key: string
  /** Of its profile. */
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly color: string
  readonly archive: boolean
  /** What an archive is known by, wherever its file lies; "" = a live environment, or not known. */
  readonly content: string
  readonly shown: boolean
}

export interface Opening {
  /** Of the profile. */
  readonly id: string
  /** What it is at: a key of a text. */
  readonly step: string
  readonly done: number
  /** 0 = not countable. */
  readonly total: number
  readonly failure?: Failure
}

export interface Environment {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly color: string
  /** Whom the database takes the operator for; "" while it does not say. */
  readonly login: string
  readonly database: string
  readonly readOnly: boolean
  /** Operations are possible here, for whoever has the right. */
  readonly gate: boolean
  /** The Django user that the login stands for; "" = none. */
  readonly operator: string
  readonly role: Role
  /** The Django user is deactivated: nothing is offered, whatever the login may still read. */
  readonly inactive: boolean
  readonly archive?: Archive
  readonly policy: Policy
}

/** How careful the environment's kind is, and whether it is unlocked now. */
export interface Policy {
  /** It opens read-only, until it is unlocked for a while. */
  readonly locks: boolean
  /** Absent while it is locked, and where it never is. */
  readonly unlockedUntil?: Date
  /** The longest time that it may be unlocked for. */
  readonly maxMinutes: number
  /** How many runs one operation may act on. */
  readonly bulkLimit: number
}

/** What the database lets the operator do; "" = nothing that it knows of. */
export type Role = 'admin' | 'operator' | 'viewer' | ''

export interface Sandbox {
  readonly phase: 'stopped' | 'starting' | 'running' | 'failed'
  /** What it is doing while it starts: a key of a text. */
  readonly step: string
  readonly done: number
  /** 0 = not countable. */
  readonly total: number
  readonly failure?: Failure
}

const listeners = new Set<(session: Session) => void>()
let current: Session = {
  version: '',
  generation: 0,
  open: [],
  sandbox: { phase: 'stopped', step: '', done: 0, total: 0 },
  theme: [],
}
let revision = 0

/** What is open, as last heard. */
export function session(): Session {
  return current
}

/** Calls fn after each change. */
export function onSession(signal: AbortSignal, fn: (session: Session) => void): void {
  if (signal.aborted) return
  listeners.add(fn)
  signal.addEventListener('abort', () => listeners.delete(fn), { once: true })
}

function take(state: desktop.SessionState): Session {
  if (state.revision < revision) return current // a newer answer has overtaken it
  revision = state.revision
  const { environment, sandbox, version, generation } = state
  const moment = environment?.archive?.moment
  if (generation !== current.generation || moment !== current.environment?.archive?.moment) nothingShown()
  holdTime(moment === undefined ? undefined : new Date(moment))
  const failure = wireFailure(sandbox.error)
  current = {
    version,
    generation,
    ...(environment ? { environment: environmentOf(environment) } : {}),
    open: state.open,
    ...(state.opening ? { opening: openingOf(state.opening) } : {}),
    sandbox: {
      phase: phaseOf(sandbox.phase),
      step: sandbox.step,
      done: sandbox.done,
      total: sandbox.total,
      ...(failure ? { failure } : {}),
    },
    theme: state.theme ?? [],
  }
  for (const listener of [...listeners]) listener(current)
  return current
}

function environmentOf({ archive, policy, role, ...rest }: desktop.EnvironmentState): Environment {
  const { unlockedUntil, ...rules } = policy
  return {
    ...rest,
    role: roleOf(role),
    policy: { ...rules, ...(unlockedUntil === '' ? {} : { unlockedUntil: new Date(unlockedUntil) }) },
    ...(archive ? { archive: archiveOf(archive) } : {}),
  }
}

function openingOf({ error, ...rest }: desktop.OpeningState): Opening {
  const failure = wireFailure(error)
  return { ...rest, ...(failure ? { failure } : {}) }
}

function roleOf(role: string): Role {
  return role === 'admin' || role === 'operator' || role === 'viewer' ? role : ''
}

/** Whether the operator has the right to operate, or to administer. The database decides again at each operation. */
export function may(right: 'operate' | 'admin'): boolean {
  const role = current.environment?.role
  return role === 'admin' || (role === 'operator' && right === 'operate')
}

function phaseOf(phase: string): Sandbox['phase'] {
  return phase === 'starting' || phase === 'running' || phase === 'failed' ? phase : 'stopped'
}

/** Reads what is open, and again whenever it changes. */
export async function startSession(signal: AbortSignal): Promise<Session> {
  onChange('session', signal, () => void readSession().catch(() => undefined))
  return readSession()
}

/** Reads what is open now. */
export async function readSession(): Promise<Session> {
  return take(await whileSettled(() => ask(State)))
}

/** Begins to start the sandbox; its progress comes as changes. */
export async function startSandbox(): Promise<Session> {
  return change(StartSandbox)
}

/** Leaves the environment; a sandbox that this window started stops. */
export async function closeEnvironment(): Promise<Session> {
  return change(CloseEnvironment)
}

/** Shows one of what is open; "" is the first screen. */
export async function show(key: string): Promise<Session> {
  return change(() => Show({ key }))
}

/** Opens an archive beside what is open, and shows it. Where one is expected, by what it is known by, any other is refused. */
export async function openArchive(path: string, expect = ''): Promise<Session> {
  return change(() => OpenArchive({ path, expect }))
}

/** An archive that was opened before, in this window or an earlier one. */
export type RecentArchive = Readonly<desktop.RecentState>

/** The archives that were opened before, the latest first. */
export async function recentArchives(): Promise<readonly RecentArchive[]> {
  return (await ask(RecentArchives)).archives
}

/** Takes an archive off the list of those that were opened before. Its file stays. */
export async function forgetArchive(path: string): Promise<readonly RecentArchive[]> {
  return (await ask(() => ForgetArchive({ path }))).archives
}

/** Lets the operator pick an archive in the system's own dialog; "" = none. */
export async function chooseArchive(title: string, name: string): Promise<string> {
  return (await ask(() => ChooseArchive({ title, name }), CHOOSING)).path
}

/** Closes an archive. */
export async function closeArchive(key: string): Promise<Session> {
  return change(() => CloseArchive({ key }))
}

/** Remembers whose the key is that signed the archive that is shown, by the fingerprint that was compared. */
export async function nameSigner(name: string, fingerprint: string): Promise<void> {
  await call(() => NameSigner({ name, fingerprint }))
}

/** Looks at the archive that is shown as of a moment; "" = its end. */
export async function setMoment(at: string): Promise<Session> {
  return change(() => SetMoment({ at }))
}

/** What happened in the window of the archive that is shown, oldest first. */
export async function readMoments(): Promise<readonly Moment[]> {
  return (await ask(Moments)).moments
}

/** An operator may take a while to choose a file. */
const CHOOSING = 600_000

/** Closing waits for what is under way, and a large archive is checked. */
const CHANGE_TIMEOUT = 65_000

/** Changes what is open. */
export async function change(method: () => Promise<desktop.SessionState>): Promise<Session> {
  // Taken when the switch is over: what listens then asks the environment that is shown from now on.
  return take(await whileSwitching(() => ask(method, CHANGE_TIMEOUT)))
}

/** Names the entries of the application's menu, where the system has one. */
export function setMenu(texts: desktop.MenuTexts): void {
  void ask(() => SetMenu(texts)).catch(() => undefined)
}

/** Tells Go that somebody uses the window: one that nobody uses is closed after a while. */
export function reportActive(): void {
  void ask(Active).catch(() => undefined)
}

/** Tells Go whether anybody can see the window: a hidden one polls nothing. */
export function reportVisible(visible: boolean): void {
  void ask(() => SetVisible({ visible })).catch(() => undefined)
}

/** Tells Go what the window has shown, for whoever started the program and waits for it. */
export function reportReached(stage: 'painted' | 'live'): void {
  void ask(() => Reached({ stage })).catch(() => undefined)
}
