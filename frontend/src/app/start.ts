import { onBackendChange, passDropsOn, whenAnswered } from '../api/bridge.ts'
import {
  onSession,
  openArchive,
  reportReached,
  reportVisible,
  type Session,
  session,
  startSandbox,
  startSession,
} from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { count } from '../lib/format.ts'
import { nothingRead, onFreshness } from '../lib/freshness.ts'
import { onQueries, onReplica, type Replica, startLive } from '../lib/live.ts'
import { onPreferences, preferences } from '../lib/preferences.ts'
import { pathTo, routeOf } from '../lib/router.ts'
import { startTheme } from '../lib/theme.ts'
import { forgetDrafts } from '../pages/jobedit/kept.ts'
import { findEnvironment } from '../pages/profile/open.ts'
import { t } from '../text/text.ts'
import { dismissNotices, notifyError } from '../ui/notify.ts'
import { routes } from '../ui/routes.ts'
import { forgetSession } from '../ui/table/memory.ts'
import { openChosenArchive } from './archive/choose.ts'
import { createStrip } from './archive/strip.ts'
import { createTasks } from './archive/tasks.ts'
import { createBell } from './bell.ts'
import { drawHeader, markStale } from './header.ts'
import { openHelp } from './help.ts'
import { startKeys } from './keys.ts'
import { startLaunches } from './launch.ts'
import { copyLink } from './link.ts'
import { startMenu } from './menu.ts'
import { drawNav } from './nav.ts'
import { screens } from './routes.ts'
import { guardWindow, startScreen } from './screen.ts'
import { drawStatus } from './status.ts'
import { drawWindow, watchUse } from './window.ts'

/** How often the header looks at the clock, in milliseconds. */
const BEAT = 1000

function part(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found) return found
  // A theme's base.html may have left it out: the window works without, so the part is drawn nowhere.
  return document.createElement('div')
}

/** Starts the window: the frame, the screens, and everything that keeps them current. */
export async function startWindow(signal: AbortSignal): Promise<void> {
  const header = part('ops-header')
  const nav = part('ops-nav')
  const content = part('ops-content')
  const status = part('ops-status')
  const skip = skipLink(content)
  const staleNote = document.createElement('p')
  staleNote.className = 'ops-stale-note'
  staleNote.setAttribute('role', 'status')

  startTheme(signal)
  guardWindow(signal)
  passDropsOn()
  startLive({ subscribe: onBackendChange, setVisible: reportVisible })
  const showKeys = startKeys(signal)
  let moment: string | undefined // of an archive
  let generation: number | undefined // of what is shown; undefined = not known yet

  const strip = createStrip(signal)
  header.after(strip.element)
  const tasks = createTasks(signal)
  const bell = createBell(signal)
  document.body.append(tasks.element)

  let replica: Replica | undefined
  const beat = () => {
    drawHeader(header, bell.element, replica)
    markStale(content, staleNote)
  }
  let queries = -1
  const drawFoot = () =>
    drawStatus(status, queries, {
      link: () => void copyLink(),
      keys: showKeys,
      help: () => openHelp(signal),
    })
  const drawFrame = () => {
    document.documentElement.lang = preferences().language
    skip.textContent = t('frame.skip')
    beat()
    strip.draw()
    tasks.draw()
    bell.draw()
    drawNav(nav, screen.pattern())
    drawWindow(session(), content.querySelector('h1')?.textContent?.trim() ?? '')
    drawFoot()
  }
  const screen = startScreen(content, screens, signal, () => drawFrame())

  watchUse(signal)
  onQueries(signal, (now) => {
    queries = now
    drawFoot()
  })
  onReplica(signal, (now) => {
    replica = now
    beat()
  })
  onPreferences(signal, drawFrame)
  onFreshness(signal, beat)
  onSession(signal, (now) => {
    follow(now)
    drawFrame()
  })
  const clock = setInterval(beat, BEAT)
  signal.addEventListener('abort', () => clearInterval(clock))

  /** Goes with what is shown: nothing of an old environment stays, and a closed one has no screens. */
  function follow(now: Session): void {
    const open = now.environment !== undefined
    if (now.generation === generation) {
      // The same archive at another moment: the screen is read anew where it is.
      if (now.environment?.archive?.moment !== moment) screen.reopen({ focus: false, keepPlace: true })
      moment = now.environment?.archive?.moment
      return
    }
    moment = now.environment?.archive?.moment
    const first = generation === undefined
    generation = now.generation
    forgetSession()
    forgetDrafts()
    dismissNotices()
    nothingRead()
    const route = routeOf(location.hash)
    const home = open ? routes.dashboard : routes.welcome
    // A page that was loaded anew stays where it is, if that can be shown.
    const stays = first ? (route === routes.welcome) !== open : route === home
    screen.leaveFor(stays ? location.hash : pathTo(home))
  }

  try {
    const { theme } = await startSession(signal)
    if (theme.length > 0) notifyError(t('theme.problems', { count: count(theme.length) }))
  } catch (thrown) {
    follow(session())
    notifyError(failureText(Failure.of(thrown)))
  }
  startMenu(signal, { archive: () => void openChosenArchive(), help: () => openHelp(signal) })
  startLaunches(
    {
      find: async (profile) =>
        profile === 'sandbox'
          ? { name: t('environment.sandbox'), open: startSandbox }
          : findEnvironment(signal, profile),
      openArchive,
    },
    signal,
  )
  reportPainted()
  reportLive(signal)
}

function skipLink(content: HTMLElement): HTMLButtonElement {
  const skip = document.createElement('button')
  skip.type = 'button'
  skip.className = 'ops-skip btn'
  skip.addEventListener('click', () => (content.querySelector<HTMLElement>('h1') ?? content).focus())
  document.body.prepend(skip)
  return skip
}

function reportPainted(): void {
  requestAnimationFrame(() => setTimeout(() => reportReached('painted')))
}

/** Says once that live data is on screen: the page has read, and each of its panels has its answer. */
function reportLive(signal: AbortSignal): void {
  const once = new AbortController()
  signal.addEventListener('abort', () => once.abort(), { once: true })
  onFreshness(once.signal, ({ asOf }) => {
    if (asOf === undefined) return
    once.abort()
    whenAnswered(() => requestAnimationFrame(() => setTimeout(() => reportReached('live'))))
  })
}
