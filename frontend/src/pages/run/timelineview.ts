import { html, nothing, type TemplateResult } from 'lit-html'
import type { Run } from '../../api/runs.ts'
import { duration, parseTime } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { properties } from '../../ui/properties.ts'
import { time } from '../../ui/text.ts'
import { isFinal } from '../runs/measures.ts'
import { MOMENTS, type Moment, type RunTimes, type Timeline, timeline } from './timeline.ts'

const ICONS: Record<Moment, string> = {
  scheduled: 'bi-calendar-event',
  assigned: 'bi-arrow-right-square',
  started: 'bi-play-fill',
  finished: 'bi-flag-fill',
}

/** The moments of a run and the waits between them, as a bar and in words. */
export function timelineView(run: Run, now: Date): TemplateResult {
  const wires: Record<Moment, string> = {
    scheduled: run.scheduledFor,
    assigned: run.assignedAt,
    started: run.startedAt,
    finished: run.finishedAt,
  }
  const times: RunTimes = {}
  for (const moment of MOMENTS) {
    const at = parseTime(wires[moment])
    if (at) times[moment] = at.getTime()
  }
  if (!isFinal(run.state)) times.now = now.getTime()
  const line = timeline(times)
  return html`${barView(line)}
    <ol class="ops-moments">
      ${MOMENTS.map(
        (moment) => html`<li class=${times[moment] === undefined ? 'ops-moment-missing' : ''}>
          <i class="bi ${ICONS[moment]}" aria-hidden="true"></i>
          <span class="ops-moment-name">${t(`run.moment.${moment}`)}</span>
          ${
            times[moment] === undefined
              ? html`<span class="ops-soft">${absent(run, moment, times)}</span>`
              : html`<span class="ops-moment-time">${time(wires[moment])}</span>`
          }
          <span class="ops-moment-words">${words(run, moment, times)}</span>
        </li>`,
      )}
    </ol>
    ${
      line.disordered
        ? html`<p class="ops-warn mt-2 mb-0">
            <i class="bi bi-clock-history" aria-hidden="true"></i> ${t('run.timeline.disordered')}
          </p>`
        : nothing
    }`
}

function barView(line: Timeline): TemplateResult {
  if (line.stretches.length === 0) {
    return line.marks.length === 0 ? html`<p class="ops-soft">${t('run.timeline.none')}</p>` : html``
  }
  return html`<div class="ops-timeline" aria-hidden="true">
      ${line.stretches.map(
        (s) => html`<span
          class="ops-stretch ops-phase-${s.phase}"
          title="${t(`run.phase.${s.phase}`)}: ${duration(s.millis)}"
          ${properties({ '--ops-share': String(s.width) })}
        ></span>`,
      )}
    </div>
    <ul class="ops-phases" aria-label=${t('run.timeline.bar')}>
      ${line.stretches.map(
        (s) => html`<li>
          <span class="ops-swatch ops-phase-${s.phase}" aria-hidden="true"></span>${t(`run.phase.${s.phase}`)}
          <strong>${duration(s.millis)}</strong>
        </li>`,
      )}
    </ul>`
}

/** Why a moment has no time: it is still to come, or nobody wrote it down. */
function absent(run: Run, moment: Moment, times: RunTimes): string {
  const later = MOMENTS.slice(MOMENTS.indexOf(moment) + 1).some((m) => times[m] !== undefined)
  return isFinal(run.state) || later || moment === 'scheduled' ? t('run.moment.unknown') : t('run.moment.notYet')
}

function words(run: Run, moment: Moment, times: RunTimes): string {
  const { scheduled, assigned, started, now } = times
  const at = times[moment]
  const since = (from: number) => duration(Math.abs((at ?? now ?? from) - from))
  switch (moment) {
    case 'scheduled':
      return at !== undefined && now !== undefined && at > now ? t('run.wait.ahead', { span: since(now) }) : ''
    case 'assigned':
      if (at === undefined) return waiting(run, 'PENDING', scheduled, now)
      return assignedWords(run, at, scheduled)
    case 'started':
      if (at === undefined) return waiting(run, 'ASSIGNED', assigned, now)
      return [
        scheduled === undefined
          ? ''
          : t(at < scheduled ? 'run.wait.started.scheduled.early' : 'run.wait.started.scheduled', {
              span: since(scheduled),
            }),
        assigned === undefined || at < assigned ? '' : t('run.wait.started.assigned', { span: since(assigned) }),
      ]
        .filter((text) => text !== '')
        .join(' · ')
    case 'finished':
      if (at === undefined) {
        const running = run.state === 'RUNNING' && started !== undefined
        return running ? t('run.wait.running', { span: since(started) }) : ''
      }
      if (started !== undefined && at >= started) return t('run.wait.finished.started', { span: since(started) })
      return ''
  }
}

function assignedWords(run: Run, at: number, scheduled: number | undefined): string {
  const worker = visible(cut(run.workerId, 60).text)
  if (scheduled === undefined) return worker === '' ? '' : t('run.wait.assigned.alone', { worker })
  const span = duration(Math.abs(at - scheduled))
  return t(at < scheduled ? 'run.wait.assigned.scheduled.early' : 'run.wait.assigned.scheduled', { worker, span })
}

function waiting(run: Run, state: string, from: number | undefined, now: number | undefined): string {
  if (run.state !== state || from === undefined || now === undefined || now < from) return ''
  return t('run.wait.waiting', { span: duration(now - from) })
}
