import { html, nothing, render, type TemplateResult } from 'lit-html'
import { changeTask, type ExportTask, readTasks } from '../../api/archiving.ts'
import { onSession, openArchive } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { count, percent } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { latest } from '../../lib/latest.ts'
import { mayLeave } from '../../lib/leave.ts'
import { onChange } from '../../lib/live.ts'
import { t, tryText } from '../../text/text.ts'
import { confirm } from '../../ui/confirm.ts'
import { notifyError } from '../../ui/notify.ts'
import { foreign } from '../../ui/text.ts'

/** The panel of exports: how far each is, and what can be done about it. It is there while there are any. */
export function createTasks(signal: AbortSignal): { readonly element: HTMLElement; draw(): void } {
  const element = document.createElement('section')
  element.id = 'ops-tasks'
  element.hidden = true
  let tasks: readonly ExportTask[] = []

  const read = latest(signal, readTasks, {
    done(list) {
      tasks = list
      draw()
    },
    failed: () => undefined, // it is read again when something changes
  })

  async function act(deed: () => Promise<unknown>): Promise<void> {
    try {
      await deed()
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
    read()
  }

  async function discard(task: ExportTask): Promise<void> {
    const sure =
      task.phase === 'finished' ||
      (await confirm(signal, {
        title: t('archive.task.discardTitle'),
        body: t('archive.task.discardBody', { path: task.path }),
        verb: t('archive.task.discard'),
        danger: true,
      }))
    if (sure) await act(() => changeTask(task.id, 'discard'))
  }

  function actions(task: ExportTask): TemplateResult {
    const button = (label: string, icon: string, run: () => void, off = false) => html`<button
      type="button"
      class="btn btn-sm btn-outline-secondary"
      title=${label}
      ?disabled=${off}
      aria-label=${`${label}: ${task.title}`}
      @click=${run}
    >
      <i class="bi ${icon}" aria-hidden="true"></i>
    </button>`
    const change = (deed: 'pause' | 'go' | 'stop') => () => void act(() => changeTask(task.id, deed))
    switch (task.phase) {
      case 'running':
        return html`${button(t('archive.task.pause'), 'bi-pause-fill', change('pause'))}${button(t('archive.task.stop'), 'bi-stop-fill', change('stop'))}`
      case 'paused':
        return html`${button(t('archive.task.continue'), 'bi-play-fill', change('go'))}${button(t('archive.task.stop'), 'bi-stop-fill', change('stop'))}`
      case 'finished':
        return html`${button(t('archive.task.open'), 'bi-folder2-open', () => void open(task))}${button(t('archive.task.forget'), 'bi-x-lg', () => void discard(task))}`
      default:
        return html`${button(t('archive.task.continue'), 'bi-play-fill', change('go'), !task.here)}${button(t('archive.task.discard'), 'bi-trash', () => void discard(task))}`
    }
  }

  async function open(task: ExportTask): Promise<void> {
    if (await mayLeave()) await act(() => openArchive(task.path))
  }

  function draw(): void {
    element.hidden = tasks.length === 0
    element.setAttribute('aria-label', t('archive.tasks'))
    render(
      tasks.length === 0
        ? nothing
        : html`<details open>
            <summary>${t('archive.tasks')}</summary>
            <ul>
              ${tasks.map(
                (task) => html`<li class="ops-task ops-task-${task.phase}">
                  <div class="ops-task-head">
                    <b title=${task.path}>${foreign(task.title, { max: 60 })}</b>
                    <span class="ops-task-actions">${actions(task)}</span>
                  </div>
                  <progress max="1" value=${task.share} aria-label=${t('archive.task.progress', { title: task.title })}></progress>
                  <div class="ops-soft">${taskText(task)}</div>
                  ${
                    task.here || !['stopped', 'failed'].includes(task.phase)
                      ? nothing
                      : html`<div class="ops-soft">${t('archive.task.elsewhere', { name: visible(task.environment) })}</div>`
                  }
                </li>`,
              )}
            </ul>
          </details>`,
      element,
    )
  }

  onChange('exports', signal, read)
  onSession(signal, read) // what an export needs may be open now
  read()
  return { element, draw }
}

/** How far an export is, or what became of it, in words. */
export function taskText(task: ExportTask): string {
  const runs = count(task.runs)
  switch (task.phase) {
    case 'finished':
      return t('archive.task.finished', { runs, rows: count(task.rows) })
    case 'failed':
      return task.failure ? failureText(task.failure) : t('archive.task.failed')
    case 'paused':
    case 'stopped':
      if (task.left) return t('archive.task.left')
      return t(`archive.task.${task.phase}`, { runs })
    default:
      return task.finishing
        ? t('archive.task.finishing', { share: percent(task.share) })
        : t('archive.task.reading', {
            part: tryText(`archive.part.${task.part}`, {}) ?? task.part,
            runs,
            share: percent(task.share),
          })
  }
}
