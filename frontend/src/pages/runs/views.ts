import { html, render, type TemplateResult } from 'lit-html'
import { visible } from '../../lib/hostile.ts'
import { removeView, type SavedView, savedViews, saveView } from '../../lib/views.ts'
import { t } from '../../text/text.ts'
import { confirm } from '../../ui/confirm.ts'
import { fieldError } from '../../ui/form.ts'
import { openModal } from '../../ui/modal.ts'
import { notifySuccess } from '../../ui/notify.ts'

const LIST = 'runs'

export interface ViewsMenu {
  readonly element: HTMLElement
}

/** The menu of saved views: opens one, saves what is on screen, forgets one. They belong to the environment. */
export function createViewsMenu(
  signal: AbortSignal,
  environment: string,
  events: { current(): Omit<SavedView, 'name'>; open(view: SavedView): void },
): ViewsMenu {
  const element = document.createElement('div')
  element.className = 'dropdown ops-views'

  function item(view: SavedView): TemplateResult {
    return html`<li class="ops-view">
      <button type="button" class="dropdown-item" @click=${() => events.open(view)}><bdi>${visible(view.name)}</bdi></button
      ><button
        type="button"
        class="btn-close"
        aria-label=${t('runs.views.remove', { view: visible(view.name) })}
        @click=${() => void remove(view)}
      ></button>
    </li>`
  }

  async function remove(view: SavedView): Promise<void> {
    const name = visible(view.name)
    const sure = await confirm(signal, {
      title: t('runs.views.remove', { view: name }),
      body: t('runs.views.remove.text'),
      verb: t('runs.views.remove.verb'),
      danger: true,
    })
    if (!sure) return
    removeView(environment, LIST, view.name)
    draw()
  }

  function ask(): void {
    const modal = openModal(signal, {
      title: t('runs.views.save'),
      body: html`<label class="form-label" for="runs-view-name">${t('runs.views.name')}</label>
        <input
          type="text"
          class="form-control"
          id="runs-view-name"
          maxlength="80"
          autocomplete="off"
          @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && !event.isComposing && save()}
        />
        <p class="ops-soft mt-2 mb-0">${t('runs.views.about')}</p>`,
      close: t('action.cancel'),
      footer: html`<button type="button" class="btn btn-primary" @click=${() => save()}>${t('runs.views.save.verb')}</button>`,
    })
    const field = () => modal.element.querySelector<HTMLInputElement>('#runs-view-name')
    modal.element.addEventListener('shown.bs.modal', () => field()?.focus(), { once: true })
    function save(): void {
      const input = field()
      const name = input?.value.trim() ?? ''
      if (!input) return
      if (name === '') {
        fieldError(input, t('runs.views.name.missing'))
        return
      }
      if (!saveView(environment, LIST, { name, ...events.current() })) {
        fieldError(input, t('runs.views.full'))
        return
      }
      modal.close()
      notifySuccess(t('runs.views.saved', { view: name }))
      draw()
    }
  }

  function draw(): void {
    const views = savedViews(environment, LIST)
    render(
      html`<button
          type="button"
          class="btn btn-sm btn-outline-secondary dropdown-toggle"
          data-bs-toggle="dropdown"
          aria-expanded="false"
        >
          <i class="bi bi-bookmark" aria-hidden="true"></i> ${t('runs.views')}
        </button>
        <ul class="dropdown-menu dropdown-menu-end">
          ${
            views.length === 0
              ? html`<li><span class="dropdown-item-text ops-soft">${t('runs.views.none')}</span></li>`
              : views.map(item)
          }
          <li><hr class="dropdown-divider" /></li>
          <li><button type="button" class="dropdown-item" @click=${ask}>${t('runs.views.save')}…</button></li>
        </ul>`,
      element,
    )
  }

  draw()
  return { element }
}
