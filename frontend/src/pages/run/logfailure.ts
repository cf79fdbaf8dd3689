import { html, nothing, type TemplateResult } from 'lit-html'
import { openInBrowser } from '../../api/bridge.ts'
import { session } from '../../api/session.ts'
import { type Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { confirm } from '../../ui/confirm.ts'
import { type FaceContent, face } from '../../ui/face.ts'
import { routes } from '../../ui/routes.ts'
import { foreign } from '../../ui/text.ts'

/** The most of an address that is shown; all of it is copied. */
const SHOWN = 600

export interface LogFailureUse {
  readonly signal: AbortSignal
  again(): void
  copy(text: string): void
}

const TITLES: Readonly<Record<string, Parameters<typeof t>[0]>> = {
  'log.on_worker': 'log.face.worker',
  'log.on_gone_worker': 'log.face.worker',
  'log.expired': 'log.face.expired',
  'log.expired_there': 'log.face.expired',
  'log.link_expired': 'log.face.expired',
  'log.none': 'log.face.none',
}

const KINDS: Readonly<Record<string, Exclude<FaceContent['kind'], 'loading'>>> = {
  forbidden: 'refused',
  invalid: 'refused',
  not_found: 'empty',
  unavailable: 'unreachable',
}

/** Why there is no log to show, where it is, and what to do. */
export function logFailure(failure: Failure, use: LogFailureUse): TemplateResult {
  const onWorker = TITLES[failure.reason] === 'log.face.worker'
  const kind = onWorker ? 'empty' : (KINDS[failure.code] ?? 'failed')
  const title = TITLES[failure.reason] ?? `log.face.${kind}`
  const retry =
    kind === 'unreachable' || kind === 'failed' ? { action: { label: t('action.retry'), run: use.again } } : {}
  return html`${face({ kind, title: t(title), text: failureText(failure), ...retry })}
    ${onWorker ? workerFile(failure, use) : address(failure, use)}`
}

/** A file on a worker's host, and the line that fetches it. */
function workerFile({ values }: Failure, { copy }: LogFailureUse): TemplateResult {
  const { path = '', fetch = '', shell } = values
  const command = html`<p class="ops-log-fetch"><code>${fetch}</code></p>
    ${shell === 'posix' ? html`<p class="ops-log-fetch ops-soft">${t('log.fetch.posix')}</p>` : nothing}`
  return html`<p class="ops-log-fetch"><span class="ops-mono">${foreign(path, { max: SHOWN })}</span></p>
    ${fetch === '' ? nothing : command}
    <p class="ops-log-fetch">
      ${fetch === '' ? nothing : button('bi-clipboard', t('log.fetch.copy'), () => copy(fetch))}
      ${button('bi-clipboard', t('log.path.copy'), () => copy(path))}
    </p>`
}

/** Where an address points, which is only ever text here, and what an operator may do with it. */
function address(failure: Failure, { signal, copy }: LogFailureUse): TemplateResult | typeof nothing {
  const { ref, host = '', reads = '', address: whole = '', origin = '' } = failure.values
  const text = ref ?? whole
  if (text === '' && origin === '') return nothing
  const id = session().environment?.id ?? ''
  const allow = html`<a class="btn btn-sm btn-outline-secondary" href=${pathTo(routes.profile, { id }, { field: 'logs.origins' })}>
    <i class="bi bi-shield-plus" aria-hidden="true"></i> ${t('log.address.allow')}</a
  >`
  return html`<dl class="ops-log-address">
      ${host === '' ? nothing : fact(t('log.address.host'), host)}
      ${reads === '' ? nothing : fact(t('log.address.reads'), reads)}
      ${text === '' ? nothing : fact(t('log.address'), text)}
    </dl>
    <p class="ops-log-fetch">
      ${text === '' ? nothing : button('bi-clipboard', t('log.address.copy'), () => copy(text))}
      ${whole === '' ? nothing : button('bi-box-arrow-up-right', t('log.address.open'), () => void openOutside(signal, whole, host))}
      ${origin === '' || id === '' || id === 'sandbox' ? nothing : allow}
    </p>`
}

async function openOutside(signal: AbortSignal, whole: string, host: string): Promise<void> {
  const sure = await confirm(signal, {
    title: t('log.address.open.title', { host: visible(host) }),
    body: html`<p>${t('log.address.open.text')}</p>
      <p class="ops-mono mb-0">${foreign(whole, { max: SHOWN })}</p>`,
    verb: t('log.address.open.verb'),
  })
  if (sure) openInBrowser(whole)
}

function fact(name: string, value: string): TemplateResult {
  return html`<dt>${name}</dt>
    <dd class="ops-mono">${foreign(value, { max: SHOWN })}</dd>`
}

function button(icon: string, label: string, run: () => void): TemplateResult {
  return html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${run}>
    <i class="bi ${icon}" aria-hidden="true"></i> ${label}
  </button>`
}
