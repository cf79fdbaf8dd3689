import { html, nothing, type TemplateResult } from 'lit-html'
import { type Failure, failureText } from '../lib/failure.ts'
import { t } from '../text/text.ts'

/** Instead of data: what is the matter and what to do next. */
export interface FaceContent {
  kind: 'empty' | 'loading' | 'refused' | 'unreachable' | 'failed'
  title: string
  /** What to do next, or why. */
  text?: string
  action?: { label: string; run(): void }
}

const ICONS: Record<FaceContent['kind'], string> = {
  empty: 'bi-inbox',
  loading: 'bi-hourglass-split',
  refused: 'bi-shield-lock',
  unreachable: 'bi-plug',
  failed: 'bi-exclamation-octagon',
}

/** Draws a face. Problems are announced to screen readers, empty tables are not. */
export function face(content: FaceContent): TemplateResult {
  const problem = content.kind !== 'empty' && content.kind !== 'loading'
  return html`<div class="ops-face ops-face-${content.kind}" role=${problem ? 'alert' : 'status'}>
    <i class="bi ${ICONS[content.kind]} ops-face-icon" aria-hidden="true"></i>
    <p class="ops-face-title">${content.title}</p>
    ${content.text ? html`<p class="ops-face-text">${content.text}</p>` : nothing}
    ${
      content.action
        ? html`<button type="button" class="btn btn-sm btn-outline-primary" @click=${content.action.run}>
            ${content.action.label}
          </button>`
        : nothing
    }
  </div>`
}

/** The face while the first answer is awaited. */
export function loadingFace(): FaceContent {
  return { kind: 'loading', title: t('face.loading') }
}

/** The face of a failed read: refused, unreachable or a defect, each with its next step. */
export function failureFace(failure: Failure, retry?: () => void): FaceContent {
  const action = retry ? { action: { label: t('action.retry'), run: retry } } : {}
  const text = failureText(failure)
  switch (failure.code) {
    case 'forbidden':
      return { kind: 'refused', title: t('face.refused'), text }
    case 'unavailable':
      return { kind: 'unreachable', title: t('face.unreachable'), text, ...action }
    case 'not_found':
      return { kind: 'empty', title: t('face.notFound'), text }
    default:
      return { kind: 'failed', title: t('face.failed'), text, ...action }
  }
}
