import { html, nothing, type TemplateResult } from 'lit-html'
import type { Note, Preview, Touch } from '../../api/operations.ts'
import { count } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { foreign, identifier, time } from '../text.ts'

const ICONS: Readonly<Record<string, string>> = {
  info: 'bi-info-circle-fill',
  warning: 'bi-exclamation-triangle-fill',
  danger: 'bi-exclamation-octagon-fill',
}

/** What an operation would do: what it acts on, what it touches, how, and what to know first. */
export function previewView(preview: Preview): TemplateResult {
  const way = tryText(`operation.way.${preview.way}`, {})
  return html`<div class="ops-preview">
    <p class="ops-preview-target">
      ${identifier(preview.target)}
      <span class="ops-pill ${preview.reversible ? '' : 'ops-warn'}"
        ><i class="bi ${preview.reversible ? 'bi-arrow-counterclockwise' : 'bi-slash-circle'}" aria-hidden="true"></i> ${
          preview.reversible ? t('operation.reversible') : t('operation.irreversible')
        }</span
      >
    </p>
    ${
      preview.touches.length === 0
        ? nothing
        : html`<dl class="ops-facts ops-preview-touches">${preview.touches.map(touchView)}</dl>`
    }
    ${way ? html`<p class="ops-preview-way"><i class="bi bi-signpost-split" aria-hidden="true"></i> ${way}</p>` : nothing}
    ${preview.notes.map(noteView)}
    <p class="ops-soft ops-preview-foot">
      ${preview.epoch === '' ? nothing : html`<span>${t('operation.epoch', { epoch: visible(preview.epoch) })}</span>`}
      <span>${t('operation.asOf')} ${time(preview.asOf)}</span>
    </p>
  </div>`
}

function touchView(touch: Touch): TemplateResult {
  const more = touch.count - touch.names.length
  const name = tryText(`operation.touch.${touch.key}`, {}) ?? visible(touch.key)
  return html`<dt>${name}</dt>
    <dd>
      <strong>${count(touch.count)}</strong>
      ${touch.names.map((n) => html` <span class="ops-touch-name">${foreign(n, { max: 60 })}</span>`)}
      ${more > 0 && touch.names.length > 0 ? html`<span class="ops-soft">${t('operation.more', { n: more })}</span>` : nothing}
    </dd>`
}

function noteView(note: Note): TemplateResult {
  const values = Object.fromEntries(Object.entries(note.args).map(([k, v]) => [k, visible(cut(v, 120).text)]))
  const text = tryText(`operation.note.${note.key}`, values) ?? visible(note.key)
  const level = Object.hasOwn(ICONS, note.level) ? note.level : 'warning'
  return html`<div class="ops-callout ops-callout-${level}">
    <i class="bi ${ICONS[level]}" aria-hidden="true"></i>
    <div><span class="visually-hidden">${tryText(`operation.level.${level}`, {})}: </span>${text}</div>
  </div>`
}
