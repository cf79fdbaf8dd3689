import { archives } from './ja/archives.ts'
import { audit } from './ja/audit.ts'
import { common } from './ja/common.ts'
import { compare } from './ja/compare.ts'
import { connectionErrors } from './ja/connection-errors.ts'
import { dashboard } from './ja/dashboard.ts'
import { desktop } from './ja/desktop.ts'
import { doctor } from './ja/doctor.ts'
import { environments } from './ja/environments.ts'
import { errors } from './ja/errors.ts'
import { events } from './ja/events.ts'
import { expected } from './ja/expected.ts'
import { failures } from './ja/failures.ts'
import { frame } from './ja/frame.ts'
import { histories } from './ja/histories.ts'
import { job } from './ja/job.ts'
import { jobedit } from './ja/jobedit.ts'
import { jobs } from './ja/jobs.ts'
import { log } from './ja/log.ts'
import { operationErrors } from './ja/operation-errors.ts'
import { operations } from './ja/operations.ts'
import { profileErrors } from './ja/profile-errors.ts'
import { profiles } from './ja/profiles.ts'
import { run } from './ja/run.ts'
import { runs } from './ja/runs.ts'
import { secretErrors } from './ja/secret-errors.ts'
import { settingNames } from './ja/settingnames.ts'
import { settings } from './ja/settings.ts'
import { timeline } from './ja/timeline.ts'
import { watching } from './ja/watching.ts'
import { welcome } from './ja/welcome.ts'
import { widgets } from './ja/widgets.ts'
import { workers } from './ja/workers.ts'

/** Every Japanese text. */
export const ja = {
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
