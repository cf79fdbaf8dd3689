import type { JobDraft } from '../../api/jobs.ts'

/** The fields by the columns that the gate names. */
export function columnsOf({ schedule }: JobDraft): Readonly<Record<string, string>> {
  return {
    name: 'name',
    type: 'type',
    command_name: 'command',
    default_args_json: 'args',
    schedule: schedule.kind === 'json' ? 'json' : 'kind',
    timeout_seconds: 'timeout',
    max_retries: 'retries',
    retry_backoff_seconds: 'backoff',
    concurrency_policy: 'policy',
  }
}

/** The fields of a draft that belong to its schedule. */
export const SCHEDULE: ReadonlySet<string> = new Set([
  'type',
  'kind',
  'n',
  'minute',
  'weekday',
  'time',
  'timezone',
  'events',
  'json',
])
