import type { JobDraft, ScheduleDraft } from '../../api/jobs.ts'

/** What a new job's form begins with. */
export const NEW_JOB: JobDraft = {
  name: '',
  enabled: false,
  type: 'time',
  command: '',
  args: '{}',
  schedule: {
    kind: 'daily',
    n: '',
    minute: '',
    time: '00:00',
    weekday: '',
    timezone: '',
    eventTypes: [],
    json: '',
    stored: '',
  },
  timeoutSeconds: '0',
  maxRetries: '0',
  backoffSeconds: '0',
  policy: 'forbid',
}

/** The kinds of schedules that a form can show for a job's type; "json" shows everything. */
export function kindsOf(type: string): readonly string[] {
  return type === 'event' ? ['event', 'json'] : ['every_n_minutes', 'hourly', 'daily', 'weekdays', 'weekly', 'json']
}

/** The schedule with another kind, its fields filled where that kind needs some that are empty. */
export function withKind(schedule: ScheduleDraft, kind: string, composed: string): ScheduleDraft {
  const next = { ...schedule, kind }
  switch (kind) {
    case 'every_n_minutes':
      return { ...next, n: schedule.n || '10' }
    case 'hourly':
      return { ...next, minute: schedule.minute || '0' }
    case 'weekly':
      return { ...next, time: schedule.time || '00:00', weekday: schedule.weekday || '0' }
    case 'daily':
    case 'weekdays':
      return { ...next, time: schedule.time || '00:00' }
    case 'json':
      return { ...next, json: indented(composed) || schedule.json || '{}' }
    default:
      return next
  }
}

/** The draft with another type: schedules of one type mean nothing to the other. */
export function withType(draft: JobDraft, type: string): JobDraft {
  const [kind = 'json'] = kindsOf(type).includes(draft.schedule.kind) ? [draft.schedule.kind] : kindsOf(type)
  return { ...draft, type, schedule: withKind(draft.schedule, kind, '') }
}

/** JSON as people lay it out, numbers kept to the digit; "" for what is no JSON. */
export function indented(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    return ''
  }
  let depth = 0
  const pad = () => '  '.repeat(depth)
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  let out = ''
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1]
    const empty = (token === '{' && next === '}') || (token === '[' && next === ']')
    if (token === '{' || token === '[') {
      out += token
      if (!empty) {
        depth++
        out += `\n${pad()}`
      }
    } else if (token === '}' || token === ']') {
      const opened = tokens[i - 1] === (token === '}' ? '{' : '[')
      if (!opened) {
        depth--
        out += `\n${pad()}`
      }
      out += token
    } else if (token === ',') out += `,\n${pad()}`
    else out += token === ':' ? ': ' : token
  }
  return out
}

/** Whether two drafts would be saved as the same job. */
export function sameDraft(a: JobDraft, b: JobDraft): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
}

/** Only what counts of a draft: a schedule's fields that its kind doesn't use are noise. */
function plain(draft: JobDraft): unknown {
  const { name, enabled, type, command, args, timeoutSeconds, maxRetries, backoffSeconds, policy } = draft
  return [name, enabled, type, command, args, timeoutSeconds, maxRetries, backoffSeconds, policy, scheduleKey(draft)]
}

/** A schedule as one text: equal for drafts whose schedules are the same. */
export function scheduleKey({ type, schedule: s }: JobDraft): string {
  const used: Readonly<Record<string, readonly unknown[]>> = {
    every_n_minutes: [s.n, s.timezone],
    hourly: [s.minute, s.timezone],
    daily: [s.time, s.timezone],
    weekdays: [s.time, s.timezone],
    weekly: [s.time, s.weekday, s.timezone],
    event: [s.eventTypes],
    json: [s.json],
  }
  return JSON.stringify([type, s.kind, ...(Object.hasOwn(used, s.kind) ? (used[s.kind] ?? []) : [])])
}
