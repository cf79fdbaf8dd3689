import { acceptServer, type Found } from '../../api/profiles.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { confirm } from '../../ui/confirm.ts'
import { notifyError, notifySuccess } from '../../ui/notify.ts'

/** Makes another PostgreSQL, which a test has met, the one that a profile knows, if that is meant. */
export async function askToAccept(signal: AbortSignal, id: string, name: string, found: Found): Promise<boolean> {
  const { found: now = '', known = '' } = found.failure?.values ?? {}
  const sure = await confirm(signal, {
    title: t('profile.test.accept.title', { name: visible(name) }),
    body: t('profile.test.accept.text', { found: visible(now), known: visible(known) }),
    verb: t('profile.test.accept.verb'),
    danger: true,
    typed: name,
  })
  if (!sure) return false
  try {
    await acceptServer(id, name)
    notifySuccess(t('profile.test.accepted', { name: visible(name) }))
    return true
  } catch (thrown) {
    notifyError(failureText(Failure.of(thrown)))
    return false
  }
}
