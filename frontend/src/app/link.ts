import { copyText } from '../api/bridge.ts'
import { linkTo } from '../api/launches.ts'
import { session } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { routeOf } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { notifyError, notifySuccess } from '../ui/notify.ts'

/** Puts a link to the screen on the clipboard, as of the moment that it shows. */
export async function copyLink(): Promise<void> {
  if (!session().environment) return
  try {
    if (await copyText(await linkTo(routeOf(location.hash)))) notifySuccess(t('status.linkCopied'))
  } catch (thrown) {
    notifyError(failureText(Failure.of(thrown)))
  }
}
