import { type ArchiveLink, type EnvironmentLink, type Launch, launchTaken, pendingLaunch } from '../api/launches.ts'
import { onSession, session, show } from '../api/session.ts'
import { anchored } from '../lib/anchor.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { fullTime, parseTime } from '../lib/format.ts'
import { visible } from '../lib/hostile.ts'
import { mayLeave } from '../lib/leave.ts'
import { onChange } from '../lib/live.ts'
import { navigate } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { confirm } from '../ui/confirm.ts'
import { notifyError, notifyInfo } from '../ui/notify.ts'
import { followIntoArchive } from './archive/follow.ts'

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
 * opens an environment or a file the operator is asked.
 */
export function startLaunches(openers: Openers, signal: AbortSignal): void {
  let handling = 0
  let waiting: EnvironmentLink | undefined

  async function handle(): Promise<void> {
    const launch = await pendingLaunch()
    if (!launch || launch.seq === handling) return
    handling = launch.seq
    waiting = undefined
    try {
      await deal(launch)
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
    launchTaken(launch.seq)
  }

  async function deal({ failure, archive, link }: Launch): Promise<void> {
    if (failure) notifyError(failureText(failure))
    else if (archive !== undefined) {
      if (await mayLeave()) await openers.openArchive(archive)
    } else if (link?.kind === 'environment') await follow(link)
    else if (link) await followIntoArchive(signal, link, await liveOf(link))
  }

  /** What an archive was made from, where it can be opened here. */
  async function liveOf({ live, moment, route }: ArchiveLink) {
    const target = live === '' ? undefined : await openers.find(live)
    return target && { target, follow: () => follow({ kind: 'environment', profile: live, moment, route }) }
  }

  async function follow(link: EnvironmentLink): Promise<void> {
    const open = session().environment
    if (open?.id === link.profile) {
      goTo(link)
      return
    }
    const beside = session().open.find(({ id, archive }) => id === link.profile && !archive)
    if (beside) {
      if (!(await mayLeave())) return
      await show(beside.key)
      goTo(link)
      return
    }
    const target = await openers.find(link.profile)
    if (!target) {
      notifyError(t('launch.unknown', { profile: visible(link.profile) }))
      return
    }
    const name = visible(target.name)
    const agreed = await confirm(signal, {
      title: t('launch.openTitle', { name }),
      body: open ? t('launch.switchText', { open: visible(open.name), name }) : t('launch.openText', { name }),
      verb: t('launch.open'),
    })
    if (!agreed) return
    waiting = link
    await target.open()
    arrive()
  }

  /** Goes to the link's screen once its environment is open. */
  function arrive(): void {
    if (!waiting || session().environment?.id !== waiting.profile) return
    const link = waiting
    waiting = undefined
    goTo(link)
  }

  onChange('launch', signal, () => void handle().catch(() => undefined))
  onSession(signal, arrive)
  void handle().catch(() => undefined)
}

/** How old a link may be for the present still to be what it is of, in milliseconds. */
const FRESH = 2 * 60_000

/** Goes to a link's screen of the environment that is shown, as it was then where the screen can show that. */
function goTo({ route, moment }: EnvironmentLink): void {
  const at = parseTime(moment)
  if (!at) {
    navigate(`#${route}`)
    return
  }
  const there = anchored(route, at)
  navigate(`#${there.route}`)
  if (!there.dated && Date.now() - at.getTime() > FRESH) notifyInfo(t('launch.present', { time: fullTime(at) }))
}
