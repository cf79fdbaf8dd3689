import { html, nothing, render, type TemplateResult } from 'lit-html'

export interface PageFrame {
  /** Where the page draws. */
  readonly body: HTMLElement
  /** Redraws what stands beside the heading. */
  actions(content: TemplateResult): void
  /** Redraws the heading, as when a name becomes known. */
  heading(title: string | TemplateResult): void
}

/** The frame that every page has: the heading, which gets the focus when the page opens, and room for actions. */
export function pageFrame(
  host: HTMLElement,
  title: string | TemplateResult,
  options: { fill?: boolean; lead?: string } = {},
): PageFrame {
  const section = document.createElement('div')
  section.className = options.fill ? 'ops-page ops-page-fill' : 'ops-page'
  const head = document.createElement('div')
  head.className = 'ops-page-head'
  const body = document.createElement('div')
  body.className = 'ops-page-body'
  section.append(head, body)
  host.replaceChildren(section)
  let shown: string | TemplateResult = title
  let beside: TemplateResult | typeof nothing = nothing
  const draw = () =>
    render(
      html`<div class="ops-page-title"><h1 tabindex="-1">${shown}</h1>
          ${options.lead ? html`<p class="ops-page-lead">${options.lead}</p>` : nothing}</div>
        <div class="ops-page-actions">${beside}</div>`,
      head,
    )
  draw()
  return {
    body,
    actions: (content) => {
      beside = content
      draw()
    },
    heading: (next) => {
      shown = next
      draw()
    },
  }
}

/** A titled panel of a page. */
export function panel(title: string | TemplateResult, content: unknown, extra: unknown = nothing): TemplateResult {
  return html`<section class="ops-panel">
    <div class="ops-panel-head"><h2>${title}</h2>${extra}</div>
    <div class="ops-panel-body">${content}</div>
  </section>`
}

/** Names and values in two columns. Values that are undefined are left out. */
export function facts(entries: readonly (readonly [name: string | TemplateResult, value: unknown])[]): TemplateResult {
  return html`<dl class="ops-facts">
    ${entries.filter(([, value]) => value !== undefined).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
  </dl>`
}
