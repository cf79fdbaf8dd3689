import { html, nothing, render } from 'lit-html'
import { checkJob, getJob, type JobCheck, type JobDetail, type JobDraft } from '../api/jobs.ts'
import { type Outcome, planCreateJob, planUpdateJob } from '../api/operations.ts'
import { may } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { parseTime } from '../lib/format.ts'
import { readAt } from '../lib/freshness.ts'
import { cut, visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { guardLeaving } from '../lib/leave.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, pathTo } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { confirm } from '../ui/confirm.ts'
import { face, loadingFace } from '../ui/face.ts'
import { afterDialogs } from '../ui/modal.ts'
import { pageFrame } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import { foreign } from '../ui/text.ts'
import { missing } from './job.ts'
import { differences, merged, obvious } from './jobedit/conflict.ts'
import { type Conflict, conflictView } from './jobedit/conflictview.ts'
import { NEW_JOB, sameDraft } from './jobedit/draft.ts'
import { createEditors } from './jobedit/editors.ts'
import { columnsOf } from './jobedit/fields.ts'
import { jobForm } from './jobedit/form.ts'
import { forgetDraft, keepDraft, keptDraft } from './jobedit/kept.ts'
import { actionsView, maskedNote, overtakenNote, previewView } from './jobedit/views.ts'
import { operate } from './operate.ts'
import { type FieldRefusal, refusedField } from './refusal.ts'

/** How long typing rests before Go reads the draft, in milliseconds. */
const REST = 250

/** Makes a job. */
export const newJobPage: Page = (host, signal) => edit(host, signal, '')

/** Changes a job. */
export const editJobPage: Page = (host, signal, { path }) => edit(host, signal, path['id'] ?? '')

/** The editor of a definition; `id` is "" for a new job. Go reads the draft after each change, as saving it would. */
function edit(host: HTMLElement, signal: AbortSignal, id: string): void {
  const creating = id === ''
  const frame = pageFrame(host, creating ? t('jobedit.new') : t('job.title', { id: visible(cut(id, 40).text) }))
  const kept = keptDraft(id)
  let detail: JobDetail | undefined
  let failure: Failure | undefined
  let draft: JobDraft = kept?.draft ?? NEW_JOB
  /** What was read: what the form began with, and the version that saving replaces. */
  let base: JobDraft | undefined = kept?.base ?? (creating ? NEW_JOB : undefined)
  let seen = kept?.seen ?? ''
  let check: JobCheck | undefined
  let conflict: Conflict | undefined
  /** What the database has against the draft as it was when it was saved. */
  let refusal: { of: JobDraft; at: FieldRefusal } | undefined
  const touched = new Set<string>(kept ? ['*'] : [])
  let resting: ReturnType<typeof setTimeout> | undefined
  let lift: (() => void) | undefined

  const editors = createEditors(signal, () => draft, change)
  const form = document.createElement('form')
  form.className = 'ops-job-form'
  form.setAttribute('aria-label', t('jobedit.form'))
  form.noValidate = true
  const preview = document.createElement('div')
  preview.className = 'ops-job-preview'

  const dirty = () => base !== undefined && !sameDraft(base, draft)

  /** Reads the stored job: the form's beginning, and later whether somebody else has changed it. */
  const refresh = latest(signal, () => getJob(id), {
    done(next) {
      detail = next
      failure = undefined
      readAt(parseTime(next.asOf) ?? nowShown(), Number.POSITIVE_INFINITY)
      if (base === undefined || (!dirty() && next.updatedAt !== seen)) take(next)
      frame.heading(html`${t('jobedit.title')} ${foreign(next.name, { max: 120 })}`)
      draw()
    },
    failed(why) {
      failure = why
      readAt(nowShown(), Number.POSITIVE_INFINITY)
      draw()
    },
  })

  function take(next: JobDetail): void {
    base = next.draft
    seen = next.updatedAt
    conflict = undefined
    show(next.draft)
  }

  /** Puts a draft into the form, whoever made it. */
  function show(next: JobDraft): void {
    draft = next
    editors.show(next)
    guard()
    read()
  }

  function change(next: JobDraft, field: string): void {
    const kind = next.schedule.kind !== draft.schedule.kind || next.type !== draft.type
    draft = next
    touched.add(field)
    if (kind) editors.show(next)
    guard()
    clearTimeout(resting)
    resting = setTimeout(read, kind ? 0 : REST)
    draw()
  }

  /** What is typed is kept over a change of language, and nobody leaves it by accident. */
  function guard(): void {
    if (dirty() && base) {
      keepDraft(id, { draft, base, seen })
      lift ??= guardLeaving(signal, () =>
        confirm(signal, {
          title: t('jobedit.leave'),
          body: t('jobedit.leave.text'),
          verb: t('jobedit.leave.verb'),
          danger: true,
        }).then((leave) => {
          if (leave) forgetDraft(id)
          return leave
        }),
      )
    } else unguard()
  }

  function unguard(): void {
    forgetDraft(id)
    lift?.()
    lift = undefined
  }

  const read = latest(
    signal,
    async () => {
      const of = draft
      return { of, check: await checkJob(of) }
    },
    {
      done(answer) {
        if (answer.of !== draft) return
        check = answer.check
        readAt(parseTime(check.asOf) ?? nowShown(), Number.POSITIVE_INFINITY)
        draw()
      },
      failed() {
        check = undefined
        draw()
      },
    },
  )

  /** Errors by field, of fields that were touched; JSON says at once where it breaks. */
  function errors(): Map<string, string> {
    const shown = new Map<string, string>()
    for (const { field, failure: why } of check?.problems ?? []) {
      const at = touched.has('*') || touched.has(field) || field === 'args' || field === 'json'
      if (at && !shown.has(field)) shown.set(field, failureText(why))
    }
    if (refusal?.of === draft) shown.set(refusal.at.field, refusal.at.text)
    return shown
  }

  function focus(field: string): void {
    if (!editors.focus(field)) form.querySelector<HTMLElement>(`#job-${field}`)?.focus()
  }

  function save(): void {
    touched.add('*')
    draw()
    const first = check?.problems[0]
    if (first) {
      focus(first.field)
      return
    }
    const wanted = draft
    operate(signal, {
      title: creating
        ? t('jobedit.create.title', { job: visible(cut(wanted.name, 80).text) })
        : t('jobedit.save.title', { job: visible(cut(wanted.name, 80).text) }),
      verb: creating ? t('jobedit.create') : t('jobedit.save'),
      plan: async () => {
        try {
          return creating ? await planCreateJob(wanted) : await planUpdateJob(id, seen, wanted)
        } catch (thrown) {
          // Both versions are put side by side below the dialog that says why.
          if (Failure.of(thrown).reason === 'job.changed') compare()
          throw thrown
        }
      },
      correct(outcome) {
        const at = refusedField(outcome, columnsOf(wanted))
        return at && (() => focus(at.field))
      },
      done: (outcome) => saved(outcome, wanted),
    })
  }

  function saved(outcome: Outcome, wanted: JobDraft): void {
    if (outcome.result === 'stale') compare()
    const at = refusedField(outcome, columnsOf(wanted))
    refusal = at && { of: wanted, at }
    draw()
    if (outcome.result !== 'done') return
    base = wanted
    unguard()
    const made = creating ? outcome.createdId : id
    if (made !== '') afterDialogs(signal, () => navigate(pathTo(routes.job, { id: made })))
  }

  /** Reads what is stored now and shows what differs from it. */
  function compare(): void {
    getJob(id).then(
      (next) => {
        if (signal.aborted || base === undefined) return
        detail = next
        if (next.updatedAt === seen) return
        const found = differences(base, next.draft, draft)
        conflict = { base, theirs: next.draft, yours: draft, found, chosen: obvious(found) }
        draw()
        frame.body.querySelector<HTMLElement>('#ops-conflict-title')?.scrollIntoView({ block: 'center' })
      },
      (thrown) => {
        failure = Failure.of(thrown)
        draw()
      },
    )
  }

  /** What was chosen becomes the form, and the stored version what saving replaces. */
  function resolve(): void {
    if (!conflict || !detail) return
    const { theirs, yours, chosen } = conflict
    base = theirs
    seen = detail.updatedAt
    conflict = undefined
    show(merged(theirs, yours, chosen))
    draw()
  }

  const overtaken = () => detail !== undefined && seen !== '' && detail.updatedAt !== seen && conflict === undefined

  function draw(): void {
    if (base === undefined) {
      render(face(failure ? missing(id, failure, refresh) : loadingFace()), frame.body)
      return
    }
    const now = parseTime(check?.asOf ?? '') ?? nowShown()
    editors.mark(check?.problems ?? [])
    render(
      jobForm({ draft, errors: errors(), composed: check?.schedule ?? draft.schedule.stored }, editors.elements, {
        change,
        leave(field) {
          if (touched.has(field)) return
          touched.add(field)
          draw()
        },
      }),
      form,
    )
    const state = { creating, allowed: may('admin'), dirty: dirty(), problems: check?.problems.length ?? 0 }
    render(html`${previewView(draft, check, now)}${actionsView(id, state, save)}`, preview)
    render(
      html`${overtaken() ? overtakenNote(compare) : nothing}
        ${
          conflict
            ? conflictView(conflict, {
                choose(part, side) {
                  if (conflict) conflict = { ...conflict, chosen: { ...conflict.chosen, [part]: side } }
                  draw()
                },
                apply: resolve,
                later() {
                  conflict = undefined
                  draw()
                },
              })
            : nothing
        }
        ${detail?.argsMasked ? maskedNote() : nothing}
        <div class="ops-job-edit">${form}${preview}</div>`,
      frame.body,
    )
  }

  signal.addEventListener('abort', () => clearTimeout(resting))
  form.addEventListener('submit', (event) => event.preventDefault())
  draw()
  if (kept) guard()
  if (creating || kept) read()
  if (creating) readAt(nowShown(), Number.POSITIVE_INFINITY)
  else {
    onChange('jobs', signal, refresh)
    refresh()
  }
}
