import { html, type TemplateResult } from 'lit-html'
import { visible } from '../lib/hostile.ts'
import { pathTo } from '../lib/router.ts'
import { foreign, none } from './text.ts'

/** The addresses of the screens. */
export const routes = {
  welcome: '/',
  newProfile: '/profiles/new/',
  profile: '/profiles/:id/',
  dashboard: '/ops/',
  jobs: '/ops/jobs/',
  newJob: '/ops/jobs/new/',
  job: '/ops/jobs/:id/',
  editJob: '/ops/jobs/:id/edit/',
  runs: '/ops/runs/',
  run: '/ops/runs/:id/',
  compare: '/ops/compare/:id/:other/',
  workers: '/ops/workers/',
  worker: '/ops/workers/:id/',
  timeline: '/ops/timeline/',
  expected: '/ops/expected/',
  failures: '/ops/failures/',
  events: '/ops/events/',
  settings: '/ops/settings/',
  audit: '/ops/audit/',
  histories: '/ops/histories/',
  watching: '/ops/watching/',
  environments: '/compare-environments/',
} as const

/** A link to a run, by its id. */
export function runLink(id: string): TemplateResult {
  if (id === '') return none()
  return html`<a class="ops-mono" href=${pathTo(routes.run, { id })}>${foreign(id, { max: 40 })}</a>`
}

/** A link to a job by its name; only the name where it has no id. */
export function jobLink(id: string, name: string, max = 80): TemplateResult {
  if (id === '' || id === '0') return foreign(name, { max })
  return html`<a class="ops-job-link" href=${pathTo(routes.job, { id })}
    >${name === '' ? `#${visible(id)}` : foreign(name, { max })}</a
  >`
}

/** A link to a worker, by its id. */
export function workerLink(id: string): TemplateResult {
  if (id === '') return none()
  return html`<a class="ops-mono" href=${pathTo(routes.worker, { id })}>${foreign(id, { max: 80 })}</a>`
}
