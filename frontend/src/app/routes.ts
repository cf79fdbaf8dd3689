import type { Routes } from '../lib/router.ts'
import { auditPage } from '../pages/audit.ts'
import { comparePage } from '../pages/compare.ts'
import { dashboardPage } from '../pages/dashboard.ts'
import { environmentsPage } from '../pages/environments.ts'
import { eventsPage } from '../pages/events.ts'
import { expectedPage } from '../pages/expected.ts'
import { failuresPage } from '../pages/failures.ts'
import { historiesPage } from '../pages/histories.ts'
import { jobPage } from '../pages/job.ts'
import { editJobPage, newJobPage } from '../pages/jobedit.ts'
import { jobsPage } from '../pages/jobs.ts'
import { newProfilePage, profilePage } from '../pages/profile.ts'
import { runPage } from '../pages/run.ts'
import { runsPage } from '../pages/runs.ts'
import { settingsPage } from '../pages/settings.ts'
import { timelinePage } from '../pages/timeline.ts'
import { watchingPage } from '../pages/watching.ts'
import { welcomePage } from '../pages/welcome.ts'
import { workerPage } from '../pages/worker.ts'
import { workersPage } from '../pages/workers.ts'
import { routes } from '../ui/routes.ts'

/** Every screen by its route. */
export const screens: Routes = [
  [routes.welcome, welcomePage],
  [routes.newProfile, newProfilePage],
  [routes.profile, profilePage],
  [routes.dashboard, dashboardPage],
  [routes.jobs, jobsPage],
  [routes.newJob, newJobPage],
  [routes.job, jobPage],
  [routes.editJob, editJobPage],
  [routes.runs, runsPage],
  [routes.run, runPage],
  [routes.compare, comparePage],
  [routes.timeline, timelinePage],
  [routes.expected, expectedPage],
  [routes.workers, workersPage],
  [routes.worker, workerPage],
  [routes.failures, failuresPage],
  [routes.events, eventsPage],
  [routes.settings, settingsPage],
  [routes.audit, auditPage],
  [routes.histories, historiesPage],
  [routes.watching, watchingPage],
  [routes.environments, environmentsPage],
]
