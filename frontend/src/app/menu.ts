import { onMenu } from '../api/bridge.ts'
import { setMenu } from '../api/session.ts'
import { onPreferences } from '../lib/preferences.ts'
import { t } from '../text/text.ts'

/** What the application's menu can ask for, where the system has one. */
export interface MenuCommands {
  archive(): void
  help(): void
}

/** Names the menu in the operator's language, and does what is chosen in it. */
export function startMenu(signal: AbortSignal, commands: MenuCommands): void {
  const name = () =>
    setMenu({
      file: t('menu.file'),
      openArchive: t('menu.openArchive'),
      help: t('status.help'),
      diagnostics: t('menu.diagnostics'),
    })
  onPreferences(signal, (changed) => {
    if (changed.has('language')) name()
  })
  onMenu((command) => {
    if (command === 'archive') commands.archive()
    else if (command === 'help') commands.help()
  }, signal)
  name()
}
