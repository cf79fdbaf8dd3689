import { html, nothing, type TemplateResult } from 'lit-html'
import { visible } from '../lib/hostile.ts'
import { t, tryText } from '../text/text.ts'

/** How a state looks: a shape that stands on its own, and the token that colours it. The word comes from the texts. */
interface Look {
  icon: string
  tone: string
}

const RUN: Readonly<Record<string, Look>> = {
  PENDING: { icon: 'bi-hourglass', tone: 'pending' },
  ASSIGNED: { icon: 'bi-arrow-right-square', tone: 'assigned' },
  RUNNING: { icon: 'bi-play-fill', tone: 'running' },
  ORPHANED: { icon: 'bi-question-diamond', tone: 'orphaned' },
  SUCCEEDED: { icon: 'bi-check-circle-fill', tone: 'succeeded' },
  FAILED: { icon: 'bi-x-octagon-fill', tone: 'failed' },
  TIMED_OUT: { icon: 'bi-alarm-fill', tone: 'timed-out' },
  CANCELED: { icon: 'bi-slash-circle', tone: 'canceled' },
  SKIPPED: { icon: 'bi-skip-forward', tone: 'skipped' },
}

const ROLE: Readonly<Record<string, Look>> = {
  leader: { icon: 'bi-star-fill', tone: 'leader' },
  subleader: { icon: 'bi-star-half', tone: 'subleader' },
  worker: { icon: 'bi-circle', tone: 'plain' },
}

const WORKER: Readonly<Record<WorkerMark, Look>> = {
  silent: { icon: 'bi-volume-mute-fill', tone: 'silent' },
  lost: { icon: 'bi-question-octagon-fill', tone: 'silent' },
  detached: { icon: 'bi-scissors', tone: 'detached' },
  detaching: { icon: 'bi-scissors', tone: 'detaching' },
  draining: { icon: 'bi-funnel-fill', tone: 'draining' },
}

const ENVIRONMENT: Readonly<Record<string, Look>> = {
  sandbox: { icon: 'bi-box', tone: 'sandbox' },
  development: { icon: 'bi-wrench', tone: 'development' },
  staging: { icon: 'bi-layers', tone: 'staging' },
  production: { icon: 'bi-exclamation-triangle-fill', tone: 'production' },
}

/** What can be the matter with a worker, besides nothing. */
export type WorkerMark = 'silent' | 'lost' | 'detached' | 'detaching' | 'draining'

function badge(group: string, look: Look, word: string, title?: string): TemplateResult {
  return html`<span class="ops-badge ops-${group}-${look.tone}" title=${title ?? nothing}
    ><i class="bi ${look.icon}" aria-hidden="true"></i>${word}</span
  >`
}

/** The state of a run. A state that no contract knows is shown as it is, marked as unknown. */
export function runState(state: string): TemplateResult {
  const look = Object.hasOwn(RUN, state) ? RUN[state] : undefined
  return badge('run', look ?? { icon: 'bi-patch-question', tone: 'unknown' }, runStateName(state))
}

/** The word of a run's state, for charts and sentences. */
export function runStateName(state: string): string {
  return tryText(`run.state.${state}`, {}) ?? visible(state)
}

/** The token that colours a run's state: "--ops-run-failed". */
export function runStateToken(state: string): string {
  const look = Object.hasOwn(RUN, state) ? RUN[state] : undefined
  return `--ops-run-${look?.tone ?? 'unknown'}`
}

/** What a worker is in its cluster. */
export function role(name: string): TemplateResult {
  const look = Object.hasOwn(ROLE, name) ? ROLE[name] : undefined
  return badge(
    'role',
    look ?? { icon: 'bi-patch-question', tone: 'plain' },
    tryText(`worker.role.${name}`, {}) ?? visible(name),
  )
}

/** What is the matter with a worker. */
export function workerMark(mark: WorkerMark): TemplateResult {
  return badge('worker', WORKER[mark], t(`worker.mark.${mark}`), t(`worker.mark.${mark}.title`))
}

/** The environment's kind and name, and the colour that somebody chose for it. */
export function environment(kind: string, name: string, color = ''): TemplateResult {
  const look = Object.hasOwn(ENVIRONMENT, kind) ? ENVIRONMENT[kind] : undefined
  const word = tryText(`environment.${kind}`, {}) ?? visible(kind)
  return html`<span class="ops-environment ops-environment-${look?.tone ?? 'production'}"
    ><i class="bi ${look?.icon ?? 'bi-exclamation-triangle-fill'}" aria-hidden="true"></i
    ><span class="ops-environment-kind">${word}</span
    >${swatch(color)}${name.toLowerCase() === kind || name === '' ? nothing : html`<span class="ops-environment-name">${visible(name)}</span>`}</span
  >`
}

/** A colour of the palette that profiles choose from; nothing for none. */
export function swatch(color: string): TemplateResult | typeof nothing {
  return /^[a-z]+$/.test(color) ? html`<span class="ops-dot ops-dot-${color}" aria-hidden="true"></span>` : nothing
}

/** Yes or no as a mark and a word. */
export function yesNo(value: boolean): TemplateResult {
  return badge(
    'flag',
    value ? { icon: 'bi-check-lg', tone: 'yes' } : { icon: 'bi-dash-lg', tone: 'no' },
    value ? t('value.yes') : t('value.no'),
  )
}
