import { html, type TemplateResult } from 'lit-html'
import type { LogState } from '../../api/logs.ts'
import { type Failure, failureText } from '../../lib/failure.ts'
import { bytes, count } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'

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
