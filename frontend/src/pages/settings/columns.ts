import { html, nothing, type TemplateResult } from 'lit-html'
import type { Setting } from '../../api/settings.ts'
import { failureText } from '../../lib/failure.ts'
import { t } from '../../text/text.ts'
import type { Column } from '../../ui/table.ts'
import { foreign, identifier, none, time } from '../../ui/text.ts'
import { auditLink } from '../audit/links.ts'
import { defaultWords, groupName, settingAbout, settingName, truthy, valueWords } from './words.ts'

/** A line of the list: a setting as it was at `now`. */
export interface SettingRow {
  setting: Setting
  now: Date
}

/** The columns of the list; made anew for each page, because titles follow the language. */
export function settingColumns(open: (setting: Setting) => void): Column<SettingRow>[] {
  return [
    {
      key: 'name',
      title: t('settings.column.name'),
      pinned: true,
      className: 'ops-cell-setting',
      value: ({ setting }) => settingName(setting),
      search: ({ setting }) => `${settingName(setting)} ${setting.key} ${settingAbout(setting.key)}`,
      cell: ({ setting }) =>
        html`<button type="button" class="btn btn-link ops-setting-name" @click=${() => open(setting)}>${settingName(setting)}</button
          >${marks(setting)}
          <span class="ops-setting-key">${identifier(setting.key)}</span>`,
    },
    {
      key: 'value',
      title: t('settings.column.value'),
      className: 'ops-cell-setting-value',
      value: ({ setting }) => (setting.stored ? setting.value : null),
      search: ({ setting }) => setting.value,
      cell: ({ setting }) => valueCell(setting),
    },
    {
      key: 'default',
      title: t('settings.column.default'),
      className: 'ops-cell-setting-default',
      value: ({ setting }) => setting.default,
      search: () => '',
      cell: ({ setting }) => {
        const words = defaultWords(setting)
        return words === '' ? none() : html`<span class="ops-soft">${words}</span>`
      },
    },
    {
      key: 'source',
      title: t('settings.column.source'),
      value: ({ setting }) => sourceWords(setting),
      cell: ({ setting }) => sourceCell(setting),
    },
    {
      key: 'group',
      title: t('settings.column.group'),
      value: ({ setting }) => groupName(setting.group),
    },
    {
      key: 'changed',
      title: t('settings.column.changed'),
      value: ({ setting }) => {
        const at = setting.change?.at ?? setting.updated
        return at === '' ? null : Date.parse(at)
      },
      search: ({ setting }) => setting.change?.actor ?? '',
      cell: ({ setting, now }) => changeCell(setting, now),
    },
  ]
}

/** What is special about a setting, beside its name. */
export function marks(setting: Setting): TemplateResult {
  const mark = (icon: string, words: string, title: string) =>
    html`<span class="ops-setting-mark" title=${title}><i class="bi ${icon}" aria-hidden="true"></i>${words}</span>`
  return html`${setting.secret ? mark('bi-key', t('settings.secret'), t('settings.secret.title')) : nothing}${
    setting.restart ? mark('bi-arrow-repeat', t('settings.restart'), t('settings.restart.title')) : nothing
  }${setting.design ? mark('bi-diagram-2', t('settings.design'), t('settings.design.title')) : nothing}${
    setting.editable ? nothing : mark('bi-lock', t('settings.fixed'), t('settings.fixed.title'))
  }${setting.known ? nothing : mark('bi-question-circle', t('settings.unknown'), t('settings.unknown.title'))}`
}

/** The value that counts, and what is wrong with it. */
export function valueCell(setting: Setting): TemplateResult {
  if (setting.hidden)
    return html`<span class="ops-soft" title=${t('settings.hidden.title')}>${t('settings.hidden')}</span>`
  if (!setting.stored) return html`<span title=${t('settings.source.process.title')}>${none()}</span>`
  if (setting.secret) {
    return html`<span class="ops-masked" title=${t('settings.masked.title')}
      ><i class="bi bi-eye-slash" aria-hidden="true"></i>${t('settings.masked')}</span
    >`
  }
  if (!setting.readable) return html`<span class="ops-soft">${t('settings.tooLong')}</span>`
  return html`${shownValue(setting)}${
    setting.failure
      ? html`<span class="ops-bad ops-setting-problem"
          ><i class="bi bi-exclamation-triangle-fill" aria-hidden="true"></i>
          ${t('settings.unusable', { reason: failureText(setting.failure) })}</span
        >`
      : nothing
  }`
}

function shownValue(setting: Setting): TemplateResult {
  if (setting.type === 'boolean' && !setting.failure) {
    const on = truthy(setting.value)
    return html`<span class="ops-badge ops-flag-${on ? 'yes' : 'no'}"
      ><i class="bi ${on ? 'bi-check-lg' : 'bi-dash-lg'}" aria-hidden="true"></i>${valueWords('boolean', setting.value)}</span
    >`
  }
  if (setting.value === '') return html`<span class="ops-soft">${t('settings.empty')}</span>`
  return html`<span class="ops-mono ops-setting-value">${foreign(setting.value, { max: 120 })}</span>`
}

function sourceWords(setting: Setting): string {
  if (setting.hidden) return t('value.unknown')
  return setting.stored ? t('settings.source.database') : t('settings.source.process')
}

function sourceCell(setting: Setting): TemplateResult {
  const words = sourceWords(setting)
  if (setting.hidden) return html`<span class="ops-soft" title=${t('settings.hidden.title')}>${words}</span>`
  return setting.stored
    ? html`<span title=${t('settings.source.database.title')}><i class="bi bi-database-fill" aria-hidden="true"></i> ${words}</span>`
    : html`<span class="ops-soft" title=${t('settings.source.process.title')}>${words}</span>`
}

/** Who changed it last, from the audit; when, where the audit does not know. */
export function changeCell(setting: Setting, now: Date): TemplateResult {
  const { change, updated } = setting
  if (change) {
    return html`<a href=${auditLink({ target: setting.key, entry: change.auditId })}
        >${change.actor === '' ? t('audit.nobody') : foreign(change.actor, { max: 40 })}</a
      >
      ${time(change.at, { seconds: false, age: now })}`
  }
  if (updated === '') return none()
  return html`<span class="ops-soft" title=${t('settings.changedBy.unknown')}>${t('value.unknown')}</span> ${time(
    updated,
    {
      seconds: false,
      age: now,
    },
  )}`
}
