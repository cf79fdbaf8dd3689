import { archives } from './en/archives.ts'
import { audit } from './en/audit.ts'
import { common } from './en/common.ts'
import { compare } from './en/compare.ts'
import { connectionErrors } from './en/connection-errors.ts'
import { dashboard } from './en/dashboard.ts'
import { desktop } from './en/desktop.ts'
import { doctor } from './en/doctor.ts'
import { environments } from './en/environments.ts'
import { errors } from './en/errors.ts'
import { events } from './en/events.ts'
import { expected } from './en/expected.ts'
import { failures } from './en/failures.ts'
import { frame } from './en/frame.ts'
import { histories } from './en/histories.ts'
import { job } from './en/job.ts'
import { jobedit } from './en/jobedit.ts'
import { jobs } from './en/jobs.ts'
import { log } from './en/log.ts'
import { operationErrors } from './en/operation-errors.ts'
import { operations } from './en/operations.ts'
import { profileErrors } from './en/profile-errors.ts'
import { profiles } from './en/profiles.ts'
import { run } from './en/run.ts'
import { runs } from './en/runs.ts'
import { secretErrors } from './en/secret-errors.ts'
import { settingNames } from './en/settingnames.ts'
import { settings } from './en/settings.ts'
import { timeline } from './en/timeline.ts'
import { watching } from './en/watching.ts'
import { welcome } from './en/welcome.ts'
import { widgets } from './en/widgets.ts'
import { workers } from './en/workers.ts'

/** Every English text. Keys end up in one flat list, so a file's keys begin with what it is about. */
export const en = {
  ...common,
  ...compare,
  ...connectionErrors,
  ...profileErrors,
  ...dashboard,
  ...desktop,
  ...doctor,
  ...environments,
  ...errors,
  ...archives,
  ...audit,
  ...events,
  ...expected,
  ...failures,
  ...settingNames,
  ...secretErrors,
  ...settings,
  ...frame,
  ...histories,
  ...job,
  ...jobedit,
  ...jobs,
  ...log,
  ...operationErrors,
  ...operations,
  ...profiles,
  ...run,
  ...runs,
  ...timeline,
  ...watching,
  ...welcome,
  ...widgets,
  ...workers,
} as const
