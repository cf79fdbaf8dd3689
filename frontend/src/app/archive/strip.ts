import { html, nothing, render, svg, type TemplateResult } from 'lit-html'
import type { Archive, Moment } from '../../api/archive.ts'
import { readMoments, session, setMoment } from '../../api/session.ts'
import { fromField, toField } from '../../lib/clocks.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { count, fullTime, offsetAt } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { basisMark } from '../../ui/basis.ts'
import { notifyError } from '../../ui/notify.ts'
import { calm, createPlayer } from './player.ts'
import { instantOf, neighbour, PACES, type Pace, POSITIONS, positionOf, type Span } from './steps.ts'
import { trustButton } from './trust.ts'

/** How long the slider rests before the screens follow it, in milliseconds. */
const REST = 120

/**
 * The strip below the header while an archive is shown: what it is, whether it can be trusted, and the moment that every
 * screen is as of. It stays out of the way of a live environment.
 */
export function createStrip(signal: AbortSignal): { readonly element: HTMLElement; draw(): void } {
  const element = document.createElement('section')
  element.id = 'ops-strip'
  let key = ''
  let moments: readonly Moment[] = []
  /** Where the slider is while it is moved, before the screens have followed. */
  let wanted: number | undefined
  let resting: ReturnType<typeof setTimeout> | undefined
  let moving = false
  let stepped: Moment | undefined
  signal.addEventListener('abort', () => clearTimeout(resting))
  const shown = () => session().environment?.archive
  const player = createPlayer(signal, {
    at: () => wanted ?? Date.parse(shown()?.moment ?? ''),
    end: () => Date.parse(shown()?.to ?? ''),
    moments: () => moments,
    changed: () => draw(),
    go(at, happened) {
      stepped = happened
      wanted = at
      draw()
      return follow()
    },
  })
  document.addEventListener('keydown', pressed, { signal })

  /** Goes to the moment that is wanted; while the way there takes time only the last wish counts. */
  async function follow(): Promise<void> {
    if (moving) return
    moving = true
    try {
      while (wanted !== undefined) {
        const at = wanted
        // What happened, happened at a finer time than the slider's: a step goes there, and not to just before it.
        await setMoment(stepped && Date.parse(stepped.at) === at ? stepped.at : new Date(at).toISOString())
        if (wanted === at) wanted = undefined
      }
    } catch (thrown) {
      wanted = undefined
      player.stop()
      notifyError(failureText(Failure.of(thrown)))
    }
    moving = false
    draw()
  }

  /** The operator goes somewhere, by which playing ends. */
  function go(at: number, rest = 0): void {
    player.stop()
    wanted = at
    clearTimeout(resting)
    resting = setTimeout(() => void follow(), rest)
    draw()
  }

  function step(archive: Archive, way: 'before' | 'after'): void {
    const next = neighbour(moments, shownAt(archive), way)
    if (!next) return
    stepped = next
    go(Date.parse(next.at))
  }

  /** Space plays where it presses nothing else, and the brackets step to what happened. */
  function pressed(event: KeyboardEvent): void {
    const archive = shown()
    const { key, altKey, ctrlKey, metaKey } = event
    if (!archive || altKey || ctrlKey || metaKey || event.defaultPrevented || document.querySelector('.modal.show'))
      return
    const target = event.target instanceof Element ? event.target : undefined
    const ours = target !== undefined && target === element.querySelector('[type=range]')
    if (
      !ours &&
      target?.closest('input, textarea, select, button, a, summary, [tabindex="0"], [contenteditable="true"]')
    )
      return
    if (key === ' ') player.toggle()
    else if (key === '[') step(archive, 'before')
    else if (key === ']') step(archive, 'after')
    else return
    event.preventDefault()
  }

  /** The slider's arrows go by what a second of playing goes, which is the same in a long window and in a short one. */
  function arrow(event: KeyboardEvent, at: number, span: Span): void {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key]
    if (way === undefined) return
    event.preventDefault()
    stepped = undefined
    go(Math.min(Math.max(at + way * PACES[player.pace], span.from), span.to), REST)
  }

  const shownAt = (archive: Archive) => wanted ?? Date.parse(archive.moment)

  async function readSteps(of: string): Promise<void> {
    try {
      const read = await readMoments()
      if (of !== key) return
      moments = read
      draw()
    } catch {
      // Without steps there is still the slider; what can't be read is told by the screens.
    }
  }

  function draw(): void {
    const now = session()
    const archive = now.environment?.archive
    element.hidden = archive === undefined
    if (!archive) {
      key = ''
      player.stop()
      render(nothing, element)
      return
    }
    const open = now.open.find((one) => one.shown)?.key ?? ''
    if (open !== key) {
      key = open
      player.stop()
      moments = []
      stepped = undefined
      wanted = undefined
      void readSteps(open)
    }
    element.setAttribute('aria-label', t('archive.strip'))
    render(view(archive), element)
  }

  function view(archive: Archive): TemplateResult {
    const span: Span = { from: Date.parse(archive.from), to: Date.parse(archive.to) }
    const at = shownAt(archive)
    const words = fullTime(new Date(at)).replace(/\.\d+/, '')
    const label = stepped && Date.parse(stepped.at) === at ? momentText(stepped) : ''
    return html`<div class="ops-strip-row">
        <span class="ops-strip-word"><i class="bi bi-archive-fill" aria-hidden="true"></i> ${t('archive.word')}</span>
        <span class="ops-strip-asof">${t('archive.asOf', { time: words })}</span>
        ${trustButton(signal, archive)}
        <span class="ops-header-space"></span>
        ${basisMark(t('archive.basis.fleet'), archive.fleet)} ${basisMark(t('archive.basis.jobs'), archive.jobs)}
        ${basisMark(t('archive.basis.terms'), archive.terms)}
      </div>
      <div class="ops-strip-row ops-strip-time" role="group" aria-label=${t('archive.time')}>
        ${stepButton(archive, 'before', 'bi-skip-backward-fill')}${playButton(at, span)}${stepButton(archive, 'after', 'bi-skip-forward-fill')}
        <select
          class="form-select form-select-sm ops-strip-pace"
          aria-label=${t('archive.play.pace')}
          @change=${(event: Event) => {
            player.pace = (event.target as HTMLSelectElement).value as Pace
          }}
        >
          ${(Object.keys(PACES) as Pace[]).map(
            (pace) =>
              html`<option value=${pace} .selected=${pace === player.pace}>${t(`archive.play.${pace}`)}</option>`,
          )}
        </select>
        <label class="ops-strip-stops"
          ><input
            type="checkbox"
            class="form-check-input"
            .checked=${player.stops}
            @change=${(event: Event) => {
              player.stops = (event.target as HTMLInputElement).checked
            }}
          />
          ${t('archive.play.stops')}</label
        >
        <span class="ops-strip-slide">
          ${marks(moments, span)}
          <input
            type="range"
            class="form-range"
            min="0"
            max=${POSITIONS}
            step="1"
            aria-label=${t('archive.slider')}
            aria-valuetext=${words}
            .value=${String(positionOf(at, span))}
            @keydown=${(event: KeyboardEvent) => arrow(event, at, span)}
            @input=${(event: Event) => {
              stepped = undefined
              go(instantOf(Number((event.target as HTMLInputElement).value), span), REST)
            }}
          />
        </span>
        <input
          type="datetime-local"
          class="form-control form-control-sm ops-strip-field"
          step="1"
          aria-label=${t('archive.jump', { offset: offsetAt(new Date(at)) })}
          .value=${toField(new Date(at).toISOString())}
          @change=${(event: Event) => {
            const chosen = fromField((event.target as HTMLInputElement).value)
            stepped = undefined
            if (chosen !== '') go(Math.min(Math.max(Date.parse(chosen), span.from), span.to))
          }}
        />
        <button
          type="button"
          class="btn btn-sm btn-outline-secondary"
          ?disabled=${at >= span.to}
          @click=${() => {
            stepped = undefined
            go(span.to)
          }}
        >
          ${t('archive.end')}
        </button>
        <span class="ops-strip-said" role="status">${label}</span>
      </div>`
  }

  function playButton(at: number, span: Span): TemplateResult {
    const label = t(player.playing ? 'archive.play.pause' : calm() ? 'archive.play.step' : 'archive.play.play')
    return html`<button
      type="button"
      class="btn btn-sm btn-outline-secondary"
      title=${label}
      aria-label=${label}
      ?disabled=${at >= span.to && !player.playing}
      @click=${() => player.toggle()}
    >
      <i class="bi ${player.playing ? 'bi-pause-fill' : 'bi-play-fill'}" aria-hidden="true"></i>
    </button>`
  }

  function stepButton(archive: Archive, way: 'before' | 'after', icon: string): TemplateResult {
    const label = t(`archive.step.${way}`)
    return html`<button
      type="button"
      class="btn btn-sm btn-outline-secondary"
      title=${label}
      aria-label=${label}
      ?disabled=${neighbour(moments, shownAt(archive), way) === undefined}
      @click=${() => step(archive, way)}
    >
      <i class="bi ${icon}" aria-hidden="true"></i>
    </button>`
  }

  return { element, draw }
}

/** What happened at a moment, in words. */
export function momentText({ kind, n, name }: Moment): string {
  const who = name === '' ? t('value.unknown') : visible(name)
  if (kind === 'term') return t('archive.moment.term', { worker: who })
  const one = kind === 'failure' ? 'failure' : 'job'
  return n === 1 ? t(`archive.moment.${one}`, { name: who }) : t(`archive.moment.${one}s`, { name: who, n: count(n) })
}

/** Where something happened, as marks above the slider: their height tells the kind too. */
function marks(moments: readonly Moment[], span: Span): TemplateResult {
  return html`<svg class="ops-strip-marks" viewBox="0 0 ${POSITIONS} 12" preserveAspectRatio="none" aria-hidden="true">
    ${moments.map(({ at, kind }) => {
      const x = positionOf(Date.parse(at), span)
      const top = kind === 'term' ? 0 : kind === 'job' ? 4 : 7
      return svg`<line class="ops-mark-${kind}" x1=${x} x2=${x} y1=${top} y2="12" vector-effect="non-scaling-stroke"></line>`
    })}
  </svg>`
}
