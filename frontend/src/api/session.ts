import { CloseEnvironment, Reached, SetVisible, StartSandbox, State } from '../../wailsjs/go/desktop/Session'
import type { desktop } from '../../wailsjs/go/models'
import type { Failure } from '../lib/failure.ts'
import { onChange } from '../lib/live.ts'
import { call, wireFailure } from './bridge.ts'

/** What is open in the window. */
export interface Session {
  readonly version: string
  readonly environment?: Environment
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

export interface Environment {
  readonly id: string
  readonly name: string
  readonly kind: string
  /** Whom the database takes the operator for; "" while it does not say. */
  readonly login: string
  readonly database: string
  readonly readOnly: boolean
  /** Operations are possible here, for whoever has the right. */
  readonly gate: boolean
  /** The Django user that the login stands for; "" = none. */
  readonly operator: string
  readonly role: Role
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
let current: Session = { version: '', sandbox: { phase: 'stopped', step: '', done: 0, total: 0 }, theme: [] }

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
  const { environment, sandbox, version } = state
  const failure = wireFailure(sandbox.error)
  current = {
    version,
    ...(environment ? { environment: { ...environment, role: roleOf(environment.role) } } : {}),
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
  onChange('session', signal, () => void refresh().catch(() => undefined))
  return refresh()
}

async function refresh(): Promise<Session> {
  return take(await call(State))
}

/** Begins to start the sandbox; its progress comes as changes. */
export async function startSandbox(): Promise<Session> {
  return take(await call(StartSandbox))
}

/** Leaves the environment; a sandbox that this window started stops. */
export async function closeEnvironment(): Promise<Session> {
  return take(await call(CloseEnvironment))
}

/** Tells Go whether anybody can see the window: a hidden one polls nothing. */
export function reportVisible(visible: boolean): void {
  void call(() => SetVisible({ visible })).catch(() => undefined)
}

/** Tells Go what the window has shown, for whoever started the program and waits for it. */
export function reportReached(stage: 'painted' | 'live'): void {
  void call(() => Reached({ stage })).catch(() => undefined)
}
