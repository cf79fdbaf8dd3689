import { chooseArchive, openArchive } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { mayLeave } from '../../lib/leave.ts'
import { navigate, pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { notifyError } from '../../ui/notify.ts'
import { routes } from '../../ui/routes.ts'

/** Lets the operator pick an archive and opens it, from whatever screen. */
export async function openChosenArchive(): Promise<void> {
  try {
    const path = await chooseArchive(t('archive.open.title'), t('archive.open.kind'))
    if (path !== '' && (await mayLeave())) await openArchive(path)
  } catch (thrown) {
    const failure = Failure.of(thrown)
    // Without a dialog its path is typed on the first screen.
    if (failure.reason === 'export.no_dialog') navigate(pathTo(routes.welcome))
    notifyError(failureText(failure))
  }
}
