import { html, nothing, render, type TemplateResult } from 'lit-html'
import type { Setting } from '../../api/settings.ts'
import { t } from '../../text/text.ts'
import { openModal } from '../../ui/modal.ts'
import { facts } from '../../ui/page.ts'
import { foreign, identifier, none } from '../../ui/text.ts'
import { changeCell, marks, valueCell } from './columns.ts'
import { createSettingForm } from './form.ts'
import { mayChange, resetSetting, setSetting } from './operations.ts'
import { boundsWords, defaultWords, settingAbout, settingName } from './words.ts'

/** Everything that is known of a setting. */
export function settingView(setting: Setting, now: Date): TemplateResult {
  const about = settingAbout(setting.key)
  const defaults = defaultWords(setting)
  const bounds = boundsWords(setting)
  return html`<p class="ops-setting-key mb-2">${identifier(setting.key)} ${marks(setting)}</p>
    ${about === '' ? nothing : html`<p>${about}</p>`}
    ${facts([
      [
        t('settings.column.value'),
        setting.stored || setting.hidden ? valueCell(setting) : t('settings.source.process'),
      ],
      [
        t('settings.column.default'),
        html`${defaults === '' ? none() : defaults}
          ${setting.stored || setting.hidden ? nothing : html`<span class="ops-soft d-block">${t('settings.source.process.title')}</span>`}`,
      ],
      [t('settings.bounds'), bounds === '' ? undefined : bounds],
      [
        t('settings.effect'),
        html`${setting.restart ? t('settings.restart.title') : t('settings.effect.apply')}
          ${setting.django ? html`<span class="ops-soft d-block">${t('settings.django')}</span>` : nothing}`,
      ],
      [t('settings.column.changed'), changeCell(setting, now)],
    ])}
    ${ownHelp(setting)}`
}

/** What the scheduler itself says of the setting, in whatever language its developers chose. */
function ownHelp({ help }: Setting): TemplateResult | typeof nothing {
  if (!help || (help.description === '' && help.impact === '' && help.examples.length === 0)) return nothing
  return html`<details class="ops-own-help mt-3" open>
    <summary>${t('settings.help')}</summary>
    ${facts([
      [t('settings.help.title'), help.title === '' ? undefined : foreign(help.title)],
      [
        t('settings.help.description'),
        help.description === '' ? undefined : foreign(help.description, { max: 2000, keep: '\n' }),
      ],
      [t('settings.help.impact'), help.impact === '' ? undefined : foreign(help.impact, { max: 2000, keep: '\n' })],
      [
        t('settings.help.examples'),
        help.examples.length === 0
          ? undefined
          : help.examples.map((e) => html`<span class="ops-example">${identifier(e)}</span> `),
      ],
    ])}
  </details>`
}

/**
 * Shows a setting on its own, with a field for another value where the operator may write one. The dialog closes before
 * that of an operation opens: one at a time.
 */
export function showSetting(
  signal: AbortSignal,
  setting: Setting,
  now: Date,
  closed: () => void,
  changed: () => void,
  refused?: { typed: string; text: string },
): void {
  const open = new AbortController()
  let next: (() => void) | undefined
  const modal = openModal(signal, {
    title: settingName(setting),
    body: html`<div class="ops-setting-view"></div>`,
    size: 'lg',
    onClose() {
      open.abort()
      closed()
      if (!signal.aborted) next?.()
    },
  })
  const host = modal.element.querySelector<HTMLElement>('.ops-setting-view')
  if (!host) return
  const leave = (then: () => void) => {
    next = then
    modal.close()
  }
  const form = mayChange(setting)
    ? createSettingForm(open.signal, setting, {
        set: (value, typed) =>
          leave(() =>
            setSetting(signal, setting, value, {
              done: changed,
              correct: ({ text }) => showSetting(signal, setting, now, closed, changed, { typed, text }),
            }),
          ),
        reset: () => leave(() => resetSetting(signal, setting, changed)),
      })
    : undefined
  render(html`${settingView(setting, now)}${form?.element ?? nothing}`, host)
  if (refused)
    modal.element.addEventListener('shown.bs.modal', () => form?.refuse(refused.typed, refused.text), { once: true })
}
