import { html, nothing, render } from 'lit-html'
import { onSession } from '../api/session.ts'
import { listSettings, type Setting, type SettingList } from '../api/settings.ts'
import { failureText } from '../lib/failure.ts'
import { parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { type Page, replaceQuery } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { failureFace, loadingFace } from '../ui/face.ts'
import { buttons } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { createTable } from '../ui/table.ts'
import { type SettingRow, settingColumns } from './settings/columns.ts'
import { showSetting } from './settings/dialog.ts'
import { settingsActions } from './settings/operations.ts'
import { reloadNote, showReload } from './settings/reload.ts'

/** How often the settings are read, in milliseconds, as the backend's clock has it. */
const EVERY = 10_000
/** How soon they are read again while a request to apply them waits, in milliseconds. */
const SOON = 2000

/** Every setting of the scheduler: what it does, what it is, where that comes from, and whether it was applied. */
export const settingsPage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('settings.title'), { lead: t('settings.lead'), fill: true })
  const notes = document.createElement('div')
  notes.className = 'ops-notes'
  frame.body.append(notes)
  let list: SettingList | undefined
  let soon: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(soon))
  let wanted = query.get('key') ?? ''
  const now = () => parseTime(list?.asOf ?? '') ?? nowShown()
  const open = (setting: Setting) => {
    replaceQuery(new URLSearchParams({ key: setting.key }))
    showSetting(
      signal,
      setting,
      now(),
      () => replaceQuery(new URLSearchParams()),
      () => refresh(),
    )
  }
  const table = createTable<SettingRow>(frame.body, signal, {
    id: 'ops-settings',
    label: t('settings.table'),
    columns: settingColumns(open),
    key: ({ setting }) => setting.key,
    open: ({ setting }) => open(setting),
    rowClass: ({ setting }) => (setting.stored ? '' : 'ops-row-soft'),
    pageLength: 100,
    fill: true,
    empty: { kind: 'empty', title: t('settings.none') },
  })
  const refresh = latest(signal, listSettings, {
    done(next) {
      const first = list === undefined
      list = next
      readAt(now(), EVERY)
      table.update(next.settings.map((setting) => ({ setting, now: now() })))
      drawNotes(next)
      clearTimeout(soon)
      if (next.reloads[0]?.status === 'PENDING') soon = setTimeout(refresh, SOON)
      if (first) openWanted(next)
    },
    failed(failure) {
      readFailed(failure)
      if (!list) table.face(failureFace(failure, refresh))
    },
  })

  function drawNotes(next: SettingList): void {
    render(
      html`${reloadNote(next, now(), (reload) => showReload(signal, reload))}
        ${next.changesFailure ? html`<p class="ops-soft">${t('settings.changes.unread', { reason: failureText(next.changesFailure) })}</p>` : nothing}`,
      notes,
    )
  }

  function openWanted(next: SettingList): void {
    const setting = next.settings.find((s) => s.key === wanted)
    wanted = ''
    if (setting) open(setting)
  }

  frame.actions(html`${buttons(settingsActions(signal, () => refresh()))}`)
  onSession(signal, () => frame.actions(html`${buttons(settingsActions(signal, () => refresh()))}`))
  table.face(loadingFace())
  onChange('settings', signal, refresh)
  refresh()
}
