import { html, nothing, render } from 'lit-html'
import { type Failure, failureText } from '../../lib/failure.ts'
import { fullTime } from '../../lib/format.ts'
import { timeStands } from '../../lib/moment.ts'
import { t } from '../../text/text.ts'
import { face, failureFace, loadingFace } from '../../ui/face.ts'

export interface LivePanelOptions {
  title: string
  /** Its place in the grid, as a class. */
  area: string
  /** How often it is read again, in milliseconds; older than twice that looks stale. */
  interval: number
  retry(): void
}

/** A panel that is read on its own: it fails and grows stale without touching its neighbours. */
export interface LivePanel {
  readonly element: HTMLElement
  /** Where its content is drawn; stays the same element throughout. */
  readonly content: HTMLElement
  /** Redraws what stands beside the heading. */
  beside(extra: unknown): void
  /** Its content was read just now. */
  read(asOf: Date): void
  /** It could not be read: a face where nothing was ever read, otherwise a line above what was. */
  failed(failure: Failure): void
}

let serial = 0

export function createLivePanel(signal: AbortSignal, options: LivePanelOptions): LivePanel {
  const id = `ops-panel-${++serial}`
  const make = (className: string) => {
    const div = document.createElement('div')
    div.className = className
    return div
  }
  const element = document.createElement('section')
  element.className = `ops-panel ops-live-panel ${options.area}`
  element.setAttribute('aria-labelledby', id)
  const head = make('ops-panel-head')
  const notice = make('ops-live-notice')
  const cover = make('ops-live-cover')
  const content = make('ops-panel-body')
  element.append(head, notice, cover, content)
  let extra: unknown = nothing
  let asOf: Date | undefined
  let readAt = 0
  let failure: Failure | undefined

  const drawHead = () => render(html`<h2 id=${id}>${options.title}</h2>${extra}`, head)
  const stale = () => !timeStands() && performance.now() - readAt > 2 * options.interval + 1000

  function draw(): void {
    const old = asOf !== undefined && (failure !== undefined || stale())
    content.hidden = asOf === undefined
    element.classList.toggle('ops-live-stale', old)
    element.setAttribute('aria-busy', String(asOf === undefined && !failure))
    const covering = failure ? failureFace(failure, options.retry) : loadingFace()
    render(asOf === undefined ? face(covering) : nothing, cover)
    render(
      old && asOf
        ? html`<i class="bi bi-exclamation-triangle-fill" aria-hidden="true"></i
            ><span role="status"
              >${t('dashboard.behind', {
                time: fullTime(asOf).replace(/\.\d+/, ''),
                reason: failure ? failureText(failure) : t('frame.staleText'),
              })}</span
            >`
        : nothing,
      notice,
    )
    notice.hidden = !old
  }

  const clock = setInterval(() => asOf && stale() && draw(), 1000)
  signal.addEventListener('abort', () => clearInterval(clock))
  drawHead()
  draw()
  return {
    element,
    content,
    beside(next) {
      extra = next
      drawHead()
    },
    read(at) {
      asOf = at
      readAt = performance.now()
      failure = undefined
      draw()
    },
    failed(why) {
      failure = why
      draw()
    },
  }
}
