import { html } from 'lit-html'
import { checkArgs } from '../../api/jobs.ts'
import { planDelete, planDuplicate, planEnable, planRunNow } from '../../api/operations.ts'
import { may } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { navigate, pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { fieldError } from '../../ui/form.ts'
import { createJsonEditor } from '../../ui/jsoneditor.ts'
import type { Action } from '../../ui/menu.ts'
import { openModal } from '../../ui/modal.ts'
import { routes } from '../../ui/routes.ts'
import { indented } from '../jobedit/draft.ts'
import { operate } from '../operate.ts'

/** A job as far as its operations have to know it. */
export interface JobRef {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  /** Its arguments as JSON text; undefined where they have to be read first. */
  readonly args?: string
}

const short = (text: string) => visible(cut(text, 80).text)

/** What an operator may do with a job. Go looks again before anything happens. `left` is told when the job is gone. */
export function jobActions(
  signal: AbortSignal,
  job: JobRef,
  events: { args(): Promise<string>; done(): void; gone(): void },
): Action[] {
  const actions: Action[] = []
  const { id, name, enabled } = job
  const title = { job: short(name) }
  if (may('operate')) {
    const run = (args: string) =>
      operate(signal, {
        title: t('job.op.run.title', title),
        verb: t('job.op.run'),
        plan: () => planRunNow(id, args),
        done: events.done,
      })
    actions.push(
      { label: t('job.op.run'), icon: 'bi-play', run: () => run('') },
      { label: t('job.op.runWith'), icon: 'bi-sliders', run: () => askArguments(signal, title.job, events.args, run) },
    )
  }
  if (!may('admin')) return actions
  actions.push(
    { label: t('job.op.edit'), icon: 'bi-pencil', run: () => navigate(pathTo(routes.editJob, { id })) },
    {
      label: enabled ? t('job.op.disable') : t('job.op.enable'),
      icon: enabled ? 'bi-pause' : 'bi-check-lg',
      run: () =>
        operate(signal, {
          title: t(enabled ? 'job.op.disable.title' : 'job.op.enable.title', title),
          verb: enabled ? t('job.op.disable') : t('job.op.enable'),
          plan: () => planEnable(id, !enabled),
          done: events.done,
        }),
    },
    {
      label: t('job.op.duplicate'),
      icon: 'bi-copy',
      run: () =>
        askName(signal, title.job, t('job.op.duplicate.name', { job: cut(name, 180).text }), (copy) =>
          operate(signal, {
            title: t('job.op.duplicate.title', title),
            verb: t('job.op.duplicate'),
            plan: () => planDuplicate(id, copy),
            done: events.done,
          }),
        ),
    },
    {
      label: t('job.op.delete'),
      icon: 'bi-trash',
      danger: true,
      run: () =>
        operate(signal, {
          title: t('job.op.delete.title', title),
          verb: t('job.op.delete'),
          plan: () => planDelete(id),
          done: (outcome) => (outcome.result === 'done' ? events.gone() : events.done()),
        }),
    },
  )
  return actions
}

/** Asks for the arguments of one run, beginning with the job's own. */
function askArguments(signal: AbortSignal, job: string, read: () => Promise<string>, go: (args: string) => void): void {
  const life = new AbortController()
  const host = document.createElement('div')
  const note = document.createElement('div')
  note.className = 'invalid-feedback d-block'
  note.id = 'job-run-args-error'
  note.setAttribute('role', 'alert')
  const editor = createJsonEditor(life.signal, {
    id: 'job-run-args',
    label: t('job.args'),
    value: '',
    describedBy: note.id,
    onInput() {
      note.textContent = ''
      editor.mark(undefined)
    },
  })
  host.append(editor.element, note)
  const refuse = (failure: Failure, line = 0, column = 0) => {
    note.textContent = failureText(failure)
    if (line > 0) editor.mark({ line, column, message: failureText(failure) })
    editor.focus()
  }
  const submit = async () => {
    const args = editor.value()
    try {
      const wrong = await checkArgs(args)
      if (wrong) refuse(wrong.failure, wrong.line, wrong.column)
      else next(() => go(args))
    } catch (thrown) {
      refuse(Failure.of(thrown))
    }
  }
  let after: (() => void) | undefined
  const next = (then: () => void) => {
    after = then
    modal.close()
  }
  const modal = openModal(signal, {
    title: t('job.op.runWith.title', { job }),
    body: html`<p>${t('job.op.runWith.text')}</p>${host}`,
    size: 'lg',
    close: t('action.cancel'),
    footer: html`<button type="button" class="btn btn-primary" @click=${() => void submit()}>${t('job.op.next')}</button>`,
    onClose() {
      life.abort()
      after?.()
    },
  })
  read().then(
    (args) => editor.value() === '' && editor.set(indented(args) || args),
    (thrown) => refuse(Failure.of(thrown)),
  )
}

/** Asks for the name of a copy. */
function askName(signal: AbortSignal, job: string, suggested: string, go: (name: string) => void): void {
  let after: (() => void) | undefined
  const field = () => modal.element.querySelector<HTMLInputElement>('#job-copy-name')
  const submit = () => {
    const input = field()
    const name = input?.value.trim() ?? ''
    if (input && name === '') {
      fieldError(input, t('error.job.name_missing'))
      return
    }
    after = () => go(name)
    modal.close()
  }
  const modal = openModal(signal, {
    title: t('job.op.duplicate.title', { job }),
    body: html`<label class="form-label" for="job-copy-name">${t('job.op.duplicate.label')}</label>
      <input
        type="text"
        class="form-control"
        id="job-copy-name"
        maxlength="200"
        autocomplete="off"
        .value=${suggested}
        @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && !event.isComposing && submit()}
      />`,
    close: t('action.cancel'),
    footer: html`<button type="button" class="btn btn-primary" @click=${submit}>${t('job.op.next')}</button>`,
    onClose: () => after?.(),
  })
  modal.element.addEventListener('shown.bs.modal', () => field()?.select(), { once: true })
}
