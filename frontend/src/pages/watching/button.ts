import { html, nothing, render } from 'lit-html'
import { session } from '../../api/session.ts'
import { listWatches, removeWatch, setWatch, type Watched } from '../../api/watches.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { latest } from '../../lib/latest.ts'
import { onChange } from '../../lib/live.ts'
import { t } from '../../text/text.ts'
import { notifyError, notifySuccess } from '../../ui/notify.ts'
import { watchJob } from './dialog.ts'

/** What a button watches. */
export interface Target {
  readonly kind: 'job' | 'run' | 'leader' | 'worker'
  /** "" of the leader. */
  readonly id: string
}

export interface WatchButton {
  readonly element: HTMLElement
  /** Names what is watched as it is called now, and says whether there is anything left to watch for. */
  update(name: string, over?: boolean): void
}

/**
 * A button that watches something, or stops; empty in archives, where nothing happens. Where nothing beside it says what it is
 * about, it is `alone`.
 */
export function watchButton(signal: AbortSignal, target: Target, alone = false): WatchButton {
  const element = document.createElement('span')
  element.className = 'ops-watch'
  let name = target.id
  let over = false
  let possible = false
  let now: Watched | undefined

  const read = latest(signal, listWatches, {
    done(list) {
      possible = list.possible
      now = list.watches.find((w) => w.kind === target.kind && w.id === target.id)
      draw()
    },
    failed: () => undefined, // the screen says what is wrong
  })

  async function toggle(): Promise<void> {
    if (target.kind === 'job') {
      watchJob(signal, { id: target.id, name }, now)
      return
    }
    try {
      if (now) await removeWatch(now)
      else
        await setWatch({
          ...target,
          name: target.kind === 'run' ? name : '',
          fails: false,
          ends: false,
          lateMinutes: 0,
        })
      notifySuccess(now ? t('watching.stopped') : t(`watching.begun.${target.kind}`))
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
  }

  function draw(): void {
    const leader = target.kind === 'leader' && !now
    const shown = possible && !(over && !now)
    render(
      shown
        ? html`<button
            type="button"
            class="btn btn-sm btn-outline-secondary"
            aria-pressed=${target.kind === 'job' ? nothing : String(now !== undefined)}
            aria-label=${leader ? t('watching.off.leader') : nothing}
            title=${t(`watching.title.${target.kind}`)}
            @click=${() => void toggle()}
          >
            <i class="bi ${now ? 'bi-bell-fill' : 'bi-bell'}" aria-hidden="true"></i> ${now ? t('watching.on') : t(leader && alone ? 'watching.off.leader' : 'watching.off')}
          </button>`
        : nothing,
      element,
    )
  }

  if (!session().environment?.archive) {
    onChange('watches', signal, read)
    read()
  }
  return {
    element,
    update(called, ended = false) {
      name = called
      over = ended
      draw()
    },
  }
}
