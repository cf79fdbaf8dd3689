import { html, type TemplateResult } from 'lit-html'
import { count } from '../lib/format.ts'
import { t } from '../text/text.ts'
import { showText } from './log/lines.ts'
import { openModal } from './modal.ts'
import { foreign } from './text.ts'

/** What a panel shows of a long text before it offers the rest. */
const SHOWN = 2000

/** A text of any length: its beginning, and a button that opens all of it in the log viewer, which takes any size. */
export function longText(
  signal: AbortSignal,
  title: string,
  text: string,
  copy: (text: string) => void,
): TemplateResult {
  const all = () => {
    const body = html`<div class="ops-longtext-host"></div>`
    const open = new AbortController()
    const modal = openModal(signal, { title, body, size: 'xl', onClose: () => open.abort() })
    const host = modal.element.querySelector<HTMLElement>('.ops-longtext-host')
    if (host) showText(host, open.signal, text, { label: title, copy })
  }
  return html`<div class="ops-longtext">
    <pre class="ops-pre">${foreign(text, { max: SHOWN, keep: '\n\t' })}</pre>
    ${
      text.length > SHOWN
        ? html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${all}>
            ${t('text.showAll', { n: count(text.length) })}
          </button>`
        : ''
    }
  </div>`
}
