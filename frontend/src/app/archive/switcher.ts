import type { nothing, TemplateResult } from 'lit-html'
import { closeArchive, type Open, session, show } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { mayLeave } from '../../lib/leave.ts'
import { t } from '../../text/text.ts'
import { type Action, menu } from '../../ui/menu.ts'
import { notifyError } from '../../ui/notify.ts'

/** Lists what is open besides what is shown, to change to it; nothing while there is nothing else. */
export function switcher(): TemplateResult | typeof nothing {
  const { open, environment } = session()
  const others: Action[] = open
    .filter((one) => !one.shown)
    .map((one) => ({
      label: t(one.archive ? 'archive.switch.archive' : 'archive.switch.live', { name: visible(one.name) }),
      icon: one.archive ? 'bi-archive' : 'bi-broadcast',
      run: () => void change(() => show(one.key)),
    }))
  const shown = open.find((one): one is Open => one.shown)
  if (environment?.archive && shown) {
    others.push({ label: t('archive.close'), icon: 'bi-x-lg', run: () => void change(() => closeArchive(shown.key)) })
  }
  return menu(t('archive.switch'), others, { words: true })
}

async function change(to: () => Promise<unknown>): Promise<void> {
  if (!(await mayLeave())) return
  try {
    await to()
  } catch (thrown) {
    notifyError(failureText(Failure.of(thrown)))
  }
}
