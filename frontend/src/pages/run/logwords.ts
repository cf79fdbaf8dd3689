import { html, nothing, type TemplateResult } from 'lit-html'
import type { LogState } from '../../api/logs.ts'
import { type Failure, failureText } from '../../lib/failure.ts'
import { bytes, count } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { type FaceContent, face } from '../../ui/face.ts'

/** Where the log comes from. */
export function sourceText({ source, ref }: LogState): string {
  const place = visible(cut(ref, 300).text)
  if (source === 'http') return t('log.source.http', { host: visible(hostOf(ref)) })
  return source === 's3' ? t('log.source.s3', { place }) : t('log.source.database')
}

function hostOf(ref: string): string {
  return URL.canParse(ref) ? new URL(ref).host : ''
}

/** How far the log is. */
export function progressText(state: LogState): string {
  if (state.full) return t('log.full', { size: bytes(state.bytes) })
  if (state.ended) return t('run.log.complete')
  if (!state.reading) return t('run.log.growing')
  return state.expected > 0
    ? t('log.readingOf', { read: bytes(state.bytes), size: bytes(state.expected) })
    : t('log.reading', { read: bytes(state.bytes) })
}

/** Why a log is not read further, up to where it was, and a button that goes on from there. */
export function brokenText({ source, at, expected }: LogState, why: Failure, again: () => void): TemplateResult {
  const reason = failureText(why)
  const place =
    expected > 0 ? t('log.brokeOf', { n: at, size: count(expected), reason }) : t('log.broke', { n: at, reason })
  return html`<span class="ops-bad" role="alert">${source === 'database' ? t('run.log.failed', { reason }) : place}</span>
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${again}>${t('action.retry')}</button>`
}

const TITLES: Readonly<Record<string, Parameters<typeof t>[0]>> = {
  'log.on_worker': 'log.face.worker',
  'log.on_gone_worker': 'log.face.worker',
  'log.expired': 'log.face.expired',
  'log.expired_there': 'log.face.expired',
  'log.link_expired': 'log.face.expired',
  'log.none': 'log.face.none',
}

/** Why there is no log to show, and what to do. */
export function logFailure(failure: Failure, again: () => void, copy: (text: string) => void): TemplateResult {
  const kinds: Record<string, Exclude<FaceContent['kind'], 'loading'>> = {
    forbidden: 'refused',
    invalid: 'refused',
    not_found: 'empty',
    unavailable: 'unreachable',
  }
  const onWorker = TITLES[failure.reason] === 'log.face.worker'
  const kind = onWorker ? 'empty' : (kinds[failure.code] ?? 'failed')
  const title = TITLES[failure.reason] ?? `log.face.${kind}`
  const { path, fetch } = failure.values
  const retry = kind === 'unreachable' || kind === 'failed' ? { action: { label: t('action.retry'), run: again } } : {}
  return html`${face({ kind, title: t(title), text: failureText(failure), ...retry })}
  ${onWorker && path ? html`<p class="ops-log-fetch"><span class="ops-mono">${visible(path)}</span></p>` : nothing}
  ${
    onWorker && fetch
      ? html`<p class="ops-log-fetch">
          <code>${fetch}</code>
          <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => copy(fetch)}>
            <i class="bi bi-clipboard" aria-hidden="true"></i> ${t('log.fetch.copy')}
          </button>
        </p>`
      : nothing
  }`
}
