import { html, nothing, render } from 'lit-html'
import type { Outcome, Preview, Task } from '../api/operations.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { visible } from '../lib/hostile.ts'
import { t } from '../text/text.ts'
import { face, failureFace, loadingFace } from './face.ts'
import { fieldError } from './form.ts'
import { openModal } from './modal.ts'
import { notifyError, notifyInfo, notifySuccess } from './notify.ts'
import { outcomeText, outcomeView } from './operation/outcome.ts'
import { previewView } from './operation/preview.ts'
import { taskText, taskView } from './operation/task.ts'

export interface OperationOptions {
  /** What is about to be done, such as "Detach worker w-1". */
  title: string
  /** The verb on the button, such as "Detach". */
  verb: string
  /** Computes the preview; called again when the operator wants to look again. */
  plan(): Promise<Preview>
  perform(token: string, reason: string, typedName: string): Promise<Outcome | Task>
  /** Where performing begins a task: how to follow and to stop it. */
  task?: {
    follow(task: Task, fn: (task: Task) => void, signal: AbortSignal): void
    stop(id: string): Promise<Task>
    /** Called when it is over, however it ended. */
    over?(): void
  }
  /** Offers to unlock the environment, and calls back when it is. */
  unlock?(done: () => void): void
  /** Forgets a preview that was not performed. */
  drop(token: string): void
  /** How to correct an order that was refused for a field of the form that it came from; undefined for every other end. */
  correct?(outcome: Outcome): (() => void) | undefined
  /** Closes the dialog once it is done: the page behind it says so. */
  brief?: boolean
  /** Called when the dialog is gone. */
  closed?(): void
  /** Called after the operation was performed, whatever became of it. */
  done?(outcome: Outcome): void
}

type Phase =
  | { at: 'looking' }
  | { at: 'refused'; failure: Failure }
  | { at: 'asking'; preview: Preview; failure?: Failure }
  | { at: 'running'; preview: Preview }
  | { at: 'task'; task: Task }
  | { at: 'over'; preview: Preview; outcome: Outcome }

/** The longest reason, in characters, as Go and the database have it. */
const MAX_REASON = 500

/**
 * The dialog of every operation: what it would touch, asked anew; why; its name typed where it is dangerous; and what
 * became of it. Leaving the dialog while it runs does not stop it: how it ended comes as a notice.
 */
export function openOperation(signal: AbortSignal, options: OperationOptions): void {
  const body = document.createElement('div')
  body.className = 'ops-operation'
  const button = document.createElement('span')
  button.className = 'ops-operation-go'
  let phase: Phase = { at: 'looking' }
  let open = true
  let reason = ''
  let typed = ''

  const modal = openModal(signal, {
    title: options.title,
    body: html`${body}`,
    footer: html`${button}`,
    close: t('action.close'),
    size: 'lg',
    onClose() {
      open = false
      if (phase.at === 'asking') options.drop(phase.preview.token)
      options.closed?.()
    },
  })

  function enter(next: Phase): void {
    phase = next
    draw()
  }

  async function look(): Promise<void> {
    enter({ at: 'looking' })
    typed = ''
    try {
      const preview = await options.plan()
      if (!open) return options.drop(preview.token)
      enter({ at: 'asking', preview })
      focus('reason')
    } catch (thrown) {
      if (open) enter({ at: 'refused', failure: Failure.of(thrown) })
    }
  }

  async function go(): Promise<void> {
    if (phase.at !== 'asking' || !complete(phase.preview)) return
    const { preview } = phase
    enter({ at: 'running', preview })
    try {
      const outcome = await options.perform(preview.token, reason.trim(), typed)
      if ('total' in outcome) return follow(outcome)
      enter({ at: 'over', preview, outcome })
      if (!open) announce(options.title, preview, outcome)
      else if (options.brief && outcome.result === 'done') modal.close()
      else focusOutcome()
      options.done?.(outcome)
    } catch (thrown) {
      const failure = Failure.of(thrown)
      if (!open) notifyError(`${options.title}\n${failureText(failure)}`)
      else if (failure.reason === 'operation.no_plan' || failure.reason === 'operation.performed')
        enter({ at: 'refused', failure })
      else declined(preview, failure)
    }
  }

  /** Shows a task until it is over, and tells how it ended if its dialog was left by then. */
  function follow(begun: Task): void {
    const life = new AbortController()
    const show = (task: Task) => {
      enter({ at: 'task', task })
      if (!task.over) return
      life.abort()
      if (!open) notifyInfo(`${options.title}\n${taskText(task)}`)
      options.task?.over?.()
    }
    show(begun)
    options.task?.follow(begun, show, life.signal)
  }

  /** The order was wrong in itself, or nobody answered: the first can be corrected, of the second nobody knows. */
  function declined(preview: Preview, failure: Failure): void {
    if (failure.reason === 'page.timeout') {
      enter({ at: 'over', preview, outcome: unknownOutcome(failure) })
      return
    }
    enter({ at: 'asking', preview, failure })
    const field = fieldOf(failure)
    const input = field ? find(field) : null
    if (input) {
      fieldError(input, failureText(failure))
      input.focus()
    }
  }

  const complete = (preview: Preview) => {
    const length = [...reason.trim()].length
    return length > 0 && length <= MAX_REASON && (preview.typedName === '' || typed === preview.typedName)
  }

  const find = (name: string) => body.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`)

  function focus(name: string): void {
    const field = () => find(name)?.focus()
    field()
    // A dialog that has not come in fully takes the focus once more.
    modal.element.addEventListener('shown.bs.modal', field, { once: true })
  }

  function focusOutcome(): void {
    body.querySelector<HTMLElement>('.ops-outcome')?.focus()
  }

  function onKey(event: KeyboardEvent): void {
    const line = event.target instanceof HTMLInputElement
    if (event.key !== 'Enter' || !(line || event.ctrlKey || event.metaKey) || event.isComposing) return
    event.preventDefault()
    void go()
  }

  function form(preview: Preview, failure: Failure | undefined, busy: boolean) {
    return html`${
      failure && !fieldOf(failure)
        ? html`<div class="ops-callout ops-callout-bad" role="alert">
          <i class="bi bi-exclamation-octagon-fill" aria-hidden="true"></i><div>${failureText(failure)}</div>
        </div>`
        : nothing
    }
      <form class="ops-operation-form" @keydown=${onKey}>
        <div>
          <label class="form-label" for="ops-operation-reason">${t('operation.reason')}</label>
          <textarea
            class="form-control"
            id="ops-operation-reason"
            name="reason"
            rows="2"
            maxlength=${MAX_REASON}
            required
            aria-describedby="ops-operation-reason-about"
            .value=${reason}
            ?disabled=${busy}
            @input=${(event: Event) => {
              reason = (event.target as HTMLTextAreaElement).value
              draw()
            }}
          ></textarea>
          <p class="ops-soft mb-0" id="ops-operation-reason-about">${t('operation.reason.about')}</p>
        </div>
        ${
          preview.typedName === ''
            ? nothing
            : html`<div>
                <label class="form-label" for="ops-operation-name"
                  >${t('operation.typed', { name: visible(preview.typedName) })}</label
                >
                <input
                  class="form-control ops-mono"
                  id="ops-operation-name"
                  name="typedName"
                  autocomplete="off"
                  spellcheck="false"
                  .value=${typed}
                  ?disabled=${busy}
                  @input=${(event: Event) => {
                    typed = (event.target as HTMLInputElement).value
                    draw()
                  }}
                />
              </div>`
        }
      </form>`
  }

  function content() {
    switch (phase.at) {
      case 'looking':
        return face(loadingFace())
      case 'refused':
        return face({ ...failureFace(phase.failure), ...again(phase.failure) })
      case 'asking':
        return html`${previewView(phase.preview)}${form(phase.preview, phase.failure, false)}`
      case 'running':
        return html`${previewView(phase.preview)}${form(phase.preview, undefined, true)}`
      case 'task':
        return taskView(phase.task)
      case 'over':
        return outcomeView(phase.preview, phase.outcome)
    }
  }

  /** What a refused look says instead of the general words for its code. */
  function again(failure: Failure) {
    const { unlock } = options
    if (failure.reason === 'operation.locked' && unlock) {
      return { title: t('unlock.locked'), action: { label: t('unlock.open'), run: () => unlockFirst(unlock) } }
    }
    const action = { label: t('operation.again'), run: () => void look() }
    if (failure.code !== 'conflict' && failure.code !== 'stale' && failure.code !== 'invalid') return { action }
    return { kind: 'refused' as const, title: t('operation.cannot'), text: failureText(failure), action }
  }

  /** One dialog at a time: this one goes, and comes again when the environment is unlocked. */
  function unlockFirst(unlock: (done: () => void) => void): void {
    leave(() => unlock(() => openOperation(signal, options)))
  }

  function leave(then: () => void): void {
    modal.element.addEventListener('hidden.bs.modal', then, { once: true })
    modal.close()
  }

  function controls() {
    if (phase.at === 'over') {
      if (phase.outcome.result === 'done') return nothing
      const correct = options.correct?.(phase.outcome)
      if (correct) {
        return html`<button type="button" class="btn btn-primary" @click=${() => leave(correct)}>${t('operation.correct')}</button>`
      }
      return html`<button type="button" class="btn btn-outline-primary" @click=${look}>${t('operation.again')}</button>`
    }
    if (phase.at === 'task') {
      const { task } = phase
      if (task.over) return nothing
      const stop = () => void options.task?.stop(task.id).catch(() => undefined)
      return html`<button type="button" class="btn btn-outline-danger" ?disabled=${task.stopping} @click=${stop}>
        ${t('operation.task.stop')}
      </button>`
    }
    if (phase.at !== 'asking' && phase.at !== 'running') return nothing
    const { preview } = phase
    const running = phase.at === 'running'
    return html`<button
      type="button"
      class="btn ${preview.tier === 'plain' ? 'btn-primary' : 'btn-danger'}"
      ?disabled=${running || !complete(preview)}
      aria-busy=${running}
      @click=${go}
    >
      ${running ? html`<i class="bi bi-hourglass-split" aria-hidden="true"></i> ${t('operation.running')}` : options.verb}
    </button>`
  }

  function draw(): void {
    render(content(), body)
    render(controls(), button)
  }

  void look()
}

function fieldOf(failure: Failure): string | undefined {
  if (failure.reason === 'operation.no_reason' || failure.reason === 'operation.bad_reason') return 'reason'
  return failure.reason === 'operation.wrong_name' ? 'typedName' : undefined
}

/** The program itself did not answer. */
function unknownOutcome(failure: Failure): Outcome {
  return {
    operationId: '',
    result: 'unknown',
    reason: failure.reason,
    accepted: 'unknown',
    written: 'unknown',
    observed: 'unknown',
    createdId: '',
    auditId: '',
    args: {},
  }
}

/** How an operation ended whose dialog was left. */
function announce(title: string, preview: Preview, outcome: Outcome): void {
  const text = `${title}\n${outcomeText(preview, outcome)}`
  if (outcome.result === 'done') notifySuccess(text)
  else if (outcome.result === 'stale') notifyInfo(text)
  else notifyError(text)
}
