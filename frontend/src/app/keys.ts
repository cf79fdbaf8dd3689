import { html } from 'lit-html'
import { quitProgram } from '../api/bridge.ts'
import { closeArchive, session } from '../api/session.ts'
import { heldKey, type Shortcut, startShortcuts } from '../lib/keys.ts'
import { mayLeave } from '../lib/leave.ts'
import { navigate, pathTo } from '../lib/router.ts'
import { type PlainKey, t } from '../text/text.ts'
import { openModal } from '../ui/modal.ts'
import { routes } from '../ui/routes.ts'
import { openChosenArchive } from './archive/choose.ts'
import { openHelp } from './help.ts'
import { copyLink } from './link.ts'
import { findAnything } from './palette.ts'

interface Listed extends Shortcut {
  text: PlainKey
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('#ops-content [data-ops-search]')
  field?.focus()
  field?.select()
}

async function closeShownArchive(): Promise<void> {
  const shown = session().open.find((one) => one.shown)
  if (shown?.archive && (await mayLeave())) await closeArchive(shown.key)
}

async function quit(): Promise<void> {
  if (await mayLeave()) quitProgram()
}

const go = (pattern: string) => () => navigate(pathTo(pattern))

const generalKeys = (signal: AbortSignal): readonly Listed[] => [
  { keys: 'F1', text: 'keys.help.open', run: () => openHelp(signal) },
  { keys: 'Ctrl+K', text: 'keys.find', run: () => findAnything(signal) },
  { keys: 'Ctrl+O', text: 'keys.openArchive', run: () => void openChosenArchive() },
  { keys: 'Ctrl+W', text: 'keys.closeArchive', run: () => void closeShownArchive() },
  { keys: 'Ctrl+,', text: 'keys.welcome', run: go(routes.welcome) },
  { keys: 'Ctrl+Q', text: 'keys.quit', run: () => void quit() },
  { keys: 'g d', text: 'keys.dashboard', run: go(routes.dashboard) },
  { keys: 'g r', text: 'keys.runs', run: go(routes.runs) },
  { keys: 'g j', text: 'keys.jobs', run: go(routes.jobs) },
  { keys: 'g t', text: 'keys.timeline', run: go(routes.timeline) },
  { keys: 'g x', text: 'keys.expected', run: go(routes.expected) },
  { keys: 'g w', text: 'keys.workers', run: go(routes.workers) },
  { keys: 'g f', text: 'keys.failures', run: go(routes.failures) },
  { keys: 'g e', text: 'keys.events', run: go(routes.events) },
  { keys: 'g s', text: 'keys.settings', run: go(routes.settings) },
  { keys: 'g a', text: 'keys.audit', run: go(routes.audit) },
  { keys: 'g n', text: 'keys.watching', run: go(routes.watching) },
  { keys: 'g c', text: 'keys.environments', run: go(routes.environments) },
  { keys: 'g h', text: 'keys.histories', run: go(routes.histories) },
  { keys: 'y', text: 'keys.link', run: () => void copyLink() },
  { keys: '/', text: 'keys.search', run: focusSearch },
]

/** Starts the keys, and gives the function that shows their list. */
export function startKeys(signal: AbortSignal): () => void {
  const general = generalKeys(signal)
  const sheet = () => {
    const chord = (keys: string) =>
      keys
        .split(' ')
        .map(
          (key, i) =>
            html`${i > 0 ? ` ${t('keys.then')} ` : ''}${key.split('|').map((one) => html`<kbd>${one.replace('Ctrl+', heldKey())}</kbd> `)}`,
        )
    const list = (items: readonly { keys: string; text: PlainKey }[]) =>
      html`<dl class="ops-keys">${items.map((k) => html`<dt>${chord(k.keys)}</dt><dd>${t(k.text)}</dd>`)}</dl>`
    openModal(signal, {
      title: t('keys.title'),
      body: html`<h3 class="h6">${t('keys.general')}</h3>
        ${list([{ keys: '?', text: 'keys.help' }, ...general])}
        <h3 class="h6">${t('keys.tables')}</h3>
        ${list([
          { keys: '↑|↓', text: 'keys.row' },
          { keys: 'Enter', text: 'keys.rowOpen' },
        ])}
        <h3 class="h6">${t('keys.archive')}</h3>
        ${list([
          { keys: 'Space', text: 'keys.archive.play' },
          { keys: '[|]', text: 'keys.archive.step' },
          { keys: '←|→', text: 'keys.archive.move' },
        ])}`,
    })
  }
  startShortcuts(signal, [...general, { keys: '?', run: sheet }])
  return sheet
}
