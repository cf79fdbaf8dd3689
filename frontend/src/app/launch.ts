import { type Launch, launchTaken, pendingLaunch } from '../api/launches.ts'
import { onSession, session } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { visible } from '../lib/hostile.ts'
import { onChange } from '../lib/live.ts'
import { navigate } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { confirm } from '../ui/confirm.ts'
import { notifyError } from '../ui/notify.ts'

/** An environment that a link may lead to. */
export interface Target {
  readonly name: string
  /** Opens it, after closing what is open. */
  open(): Promise<unknown>
}

/** Finds the environment of a link by its id; undefined where this machine knows none. */
export type FindTarget = (profile: string) => Promise<Target | undefined>

/** What may be opened because the desktop asked for it. */
export interface Openers {
  readonly find: FindTarget
  openArchive(path: string): Promise<unknown>
}

/**
 * Shows what links and files ask for. Anybody may have written a link, so it only ever leads to a screen, and before it
 * opens an environment the operator is asked.
 */
export function startLaunches(openers: Openers, signal: AbortSignal): void {
  let handling = 0
  let waiting: Launch | undefined

  async function handle(): Promise<void> {
    const launch = await pendingLaunch()
    if (!launch || launch.seq === handling) return
    handling = launch.seq
    waiting = undefined
    try {
      await show(launch)
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
    launchTaken(launch.seq)
  }

  async function show(launch: Launch): Promise<void> {
    if (launch.failure) notifyError(failureText(launch.failure))
    else if (launch.archive !== undefined) await openers.openArchive(launch.archive)
    else if (launch.link) await follow(launch, launch.link)
  }

  async function follow(launch: Launch, { profile, route }: { profile: string; route: string }): Promise<void> {
    const open = session().environment
    if (open?.id === profile) {
      navigate(`#${route}`)
      return
    }
    const target = await openers.find(profile)
    if (!target) {
      notifyError(t('launch.unknown', { profile: visible(profile) }))
      return
    }
    const name = visible(target.name)
    const agreed = await confirm(signal, {
      title: t('launch.openTitle', { name }),
      body: open ? t('launch.switchText', { open: visible(open.name), name }) : t('launch.openText', { name }),
      verb: t('launch.open'),
    })
    if (!agreed) return
    waiting = launch
    await target.open()
    arrive()
  }

  /** Goes to the link's screen once its environment is open. */
  function arrive(): void {
    if (!waiting?.link || session().environment?.id !== waiting.link.profile) return
    navigate(`#${waiting.link.route}`)
    waiting = undefined
  }

  onChange('launch', signal, () => void handle().catch(() => undefined))
  onSession(signal, arrive)
  void handle().catch(() => undefined)
}
