import type { Routes } from '../lib/router.ts'
import { welcomePage } from '../pages/welcome.ts'
import { workerPage } from '../pages/worker.ts'
import { workersPage } from '../pages/workers.ts'
import { routes } from '../ui/routes.ts'

/** Every screen by its route. */
export const screens: Routes = [
  [routes.welcome, welcomePage],
  [routes.workers, workersPage],
  [routes.worker, workerPage],
]
