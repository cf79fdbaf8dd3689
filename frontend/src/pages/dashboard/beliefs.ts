import { html, nothing, type TemplateResult } from 'lit-html'
import type { Belief, Beliefs } from '../../api/dashboard.ts'
import { failureText } from '../../lib/failure.ts'
import { latency, signedLatency } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import { role } from '../../ui/badge.ts'
import { workerLink } from '../../ui/routes.ts'
import type { Column } from '../../ui/table.ts'
import { foreign, none } from '../../ui/text.ts'

/** What a participant's belief amounts to, the worst first. */
const VERDICTS = ['decides', 'claims', 'disagrees', 'unreached', 'agrees'] as const
type Verdict = (typeof VERDICTS)[number]

/** A line of the panel: Redis, which decides, or a worker. */
export interface BeliefRow {
  key: string
  /** Undefined for Redis. */
  worker?: Belief
  leader: string
  epoch: string
  wrongLeader: boolean
  wrongEpoch: boolean
  verdict: Verdict
}

/** The most workers that the panel lists; those in trouble come first. */
const LISTED = 50
/** Clocks further apart than this, in milliseconds, make times of different hosts misleading. */
const CLOCK_LIMIT = 1000

/** The lines of the panel: Redis first, then whoever is in trouble, then the others as Go sorts them. */
export function beliefRows(beliefs: Beliefs): BeliefRow[] {
  const { leaderId, epoch } = beliefs.leadership
  const redis: BeliefRow = {
    key: 'redis',
    leader: leaderId,
    epoch,
    wrongLeader: false,
    wrongEpoch: false,
    verdict: 'decides',
  }
  const workers = beliefs.workers.map((worker) => ({
    key: `worker:${worker.workerId}`,
    worker,
    leader: worker.leader,
    epoch: worker.epoch,
    wrongLeader: worker.leader !== '' && worker.leader !== leaderId,
    wrongEpoch: worker.epoch !== '' && epoch !== '' && worker.epoch !== epoch,
    verdict: verdictOf(worker, leaderId),
  }))
  const rank = (row: BeliefRow) => VERDICTS.indexOf(row.verdict)
  workers.sort((a, b) => rank(a) - rank(b)) // stable
  return [redis, ...workers.slice(0, LISTED)]
}

function verdictOf(worker: Belief, leaderId: string): Verdict {
  if (worker.claims && worker.workerId !== leaderId) return 'claims'
  if (worker.disagrees) return 'disagrees'
  return worker.failure ? 'unreached' : 'agrees'
}

const LOOKS: Record<Verdict, { icon: string; tone: string }> = {
  decides: { icon: 'bi-database-check', tone: 'plain' },
  agrees: { icon: 'bi-check-lg', tone: 'good' },
  disagrees: { icon: 'bi-x-octagon-fill', tone: 'bad' },
  claims: { icon: 'bi-exclamation-diamond-fill', tone: 'bad' },
  unreached: { icon: 'bi-plug', tone: 'warn' },
}

function verdict(kind: Verdict): TemplateResult {
  const look = LOOKS[kind]
  return html`<span class="ops-badge ops-verdict-${look.tone}"
    ><i class="bi ${look.icon}" aria-hidden="true"></i>${t(`dashboard.beliefs.verdict.${kind}`)}</span
  >`
}

/** The columns; made anew for each page, because titles follow the language. */
export function beliefColumns(): Column<BeliefRow>[] {
  const wrong = (is: boolean, content: unknown) =>
    is
      ? html`<strong class="ops-bad"><i class="bi bi-x-lg" aria-hidden="true"></i> ${content}</strong>`
      : html`${content}`
  return [
    {
      key: 'participant',
      title: t('dashboard.beliefs.participant'),
      pinned: true,
      value: (row) => row.worker?.workerId ?? t('dashboard.beliefs.redis'),
      cell: (row) =>
        row.worker
          ? workerLink(row.worker.workerId)
          : html`<strong title=${t('dashboard.beliefs.redisTitle')}>${t('dashboard.beliefs.redis')}</strong>`,
    },
    {
      key: 'role',
      title: t('dashboard.beliefs.role'),
      value: (row) => row.worker?.role ?? null,
      cell: (row) => (row.worker ? role(row.worker.role) : none()),
    },
    {
      key: 'verdict',
      title: t('dashboard.beliefs.verdict'),
      className: 'ops-wrap',
      value: (row) => VERDICTS.indexOf(row.verdict),
      cell: (row) => html`${verdict(row.verdict)}${row.worker?.failure ? why(row.worker) : nothing}`,
    },
    {
      key: 'leader',
      title: t('dashboard.beliefs.leader'),
      value: (row) => row.leader,
      cell: (row) => wrong(row.wrongLeader, leaderCell(row)),
    },
    {
      key: 'epoch',
      title: t('dashboard.beliefs.epoch'),
      align: 'end',
      value: (row) => (row.epoch === '' ? null : Number(row.epoch)),
      cell: (row) => (row.epoch === '' ? none() : wrong(row.wrongEpoch, row.epoch)),
    },
    {
      key: 'offset',
      title: t('dashboard.beliefs.offset'),
      align: 'end',
      value: (row) => row.worker?.clockOffsetMs ?? null,
      cell: (row) => {
        const offset = row.worker?.clockOffsetMs
        if (offset === undefined) return none()
        const far = Math.abs(offset) > CLOCK_LIMIT
        return html`<span class=${far ? 'ops-warn' : nothing}
          >${far ? html`<i class="bi bi-clock-history" aria-hidden="true"></i> ` : nothing}${signedLatency(offset)}</span
        >`
      },
    },
    {
      key: 'roundTrip',
      title: t('dashboard.beliefs.roundTrip'),
      align: 'end',
      value: (row) => row.worker?.roundTripMs ?? null,
      cell: (row) => (row.worker?.roundTripMs === undefined ? none() : latency(row.worker.roundTripMs)),
    },
    {
      key: 'node',
      title: t('dashboard.beliefs.node'),
      value: (row) => row.worker?.nodeId ?? null,
      cell: (row) => (row.worker?.nodeId ? foreign(row.worker.nodeId) : none()),
    },
  ]
}

function leaderCell(row: BeliefRow): TemplateResult {
  if (row.leader !== '') return workerLink(row.leader)
  if (!row.worker) return html`<strong class="ops-bad">${t('dashboard.beliefs.nobody')}</strong>`
  return html`<span class="ops-soft">${t('dashboard.beliefs.leaderSilent')}</span>`
}

function why(worker: Belief): TemplateResult {
  return html`<span class="ops-belief-why">${worker.failure ? failureText(worker.failure) : nothing}</span>`
}

/** How it stands in one line beside the heading. */
export function beliefSummary(beliefs: Beliefs): TemplateResult {
  const disagree = beliefs.workers.filter((w) => w.disagrees).length
  const unreached = beliefs.workers.filter((w) => w.failure).length
  if (disagree + unreached === 0) return verdictLine('good', 'bi-check-lg', t('dashboard.beliefs.agree'))
  return html`<span
    >${disagree > 0 ? verdictLine('bad', 'bi-x-octagon-fill', t('dashboard.beliefs.disagree', { n: disagree })) : nothing}
    ${unreached > 0 ? verdictLine('warn', 'bi-plug', t('dashboard.beliefs.unreached', { n: unreached })) : nothing}</span
  >`
}

function verdictLine(tone: string, icon: string, text: string): TemplateResult {
  return html`<span class="ops-badge ops-verdict-${tone}" role="status"
    ><i class="bi ${icon}" aria-hidden="true"></i>${text}</span
  >`
}

/** Named when somebody other than the one leader takes itself for it. */
export function claimants(beliefs: Beliefs): TemplateResult | typeof nothing {
  const claiming = beliefs.workers.filter((w) => w.claims)
  if (claiming.every((w) => w.workerId === beliefs.leadership.leaderId)) return nothing
  return html`<div class="ops-callout ops-callout-bad" role="alert">
    <i class="bi bi-exclamation-diamond-fill" aria-hidden="true"></i>
    <div>
      <strong>${t('dashboard.beliefs.claimants', { n: claiming.length })}</strong>
      ${claiming.map((w) => html`<span class="ops-claimant">${workerLink(w.workerId)} (${w.epoch || '–'})</span>`)}
      <p>${t('dashboard.beliefs.split')}</p>
    </div>
  </div>`
}
