import { html, nothing, type TemplateResult } from 'lit-html'
import type { TermHistory } from '../../api/dashboard.ts'
import { duration, fullTime, parseTime } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import type { Lanes } from '../../ui/chart.ts'

/** The most leaders that get a lane of their own, the latest first. */
const LANES = 5

/** Neighbours differ, so that a change shows even between two terms of the same leader. */
const TOKENS = ['--ops-accent', '--ops-muted'] as const

/** Terms as bands on a lane for each leader, the latest lowest; on one lane where nobody knows who led. */
export function termLanes(history: TermHistory): Lanes {
  const from = parseTime(history.from) ?? new Date(0)
  const to = parseTime(history.to) ?? from
  const latest = [...new Set(history.terms.map((term) => term.workerId).reverse())].slice(0, LANES)
  const shown = history.terms.filter((term) => latest.includes(term.workerId))
  return {
    kind: 'lanes',
    from,
    to,
    lanes: latest.map((id) => (id === '' ? t('dashboard.terms.unknown') : id)),
    stretches: shown.map((term, i) => {
      const since = parseTime(term.since) ?? from
      const until = parseTime(term.until) ?? to
      return {
        lane: latest.indexOf(term.workerId),
        id: term.workerId,
        from: new Date(Math.max(since.getTime(), from.getTime())),
        to: new Date(Math.min(until.getTime(), to.getTime())),
        token: TOKENS[i % TOKENS.length] ?? TOKENS[0],
        label: [
          t('dashboard.terms.epoch', { epoch: term.epoch }),
          term.workerId === '' ? t('dashboard.terms.unknown') : term.workerId,
          `${fullTime(since)} – ${term.until === '' ? t('dashboard.terms.now') : fullTime(until)}`,
          duration(until.getTime() - since.getTime()),
        ].join('\n'),
      }
    }),
  }
}

/** How often the lead changed, in one line beside the heading. */
export function termSummary(history: TermHistory): TemplateResult {
  const from = parseTime(history.from) ?? new Date(0)
  const changes = history.terms.filter((term) => (parseTime(term.since) ?? from) >= from).length
  return html`<span class="ops-soft">${t('dashboard.terms.changes', { n: changes })}</span>`
}

/** Said where terms are a conclusion and no record. */
export function termNote(history: TermHistory): TemplateResult | typeof nothing {
  if (history.recorded || history.terms.length === 0) return nothing
  return html`<p class="ops-soft ops-terms-note">${t('dashboard.terms.inferred')}</p>`
}
