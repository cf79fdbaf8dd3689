import { html, type TemplateResult } from 'lit-html'
import { pathTo } from '../lib/router.ts'
import { foreign, none } from './text.ts'

/** The addresses of the screens. */
export const routes = {
  welcome: '/',
  dashboard: '/ops/',
  jobs: '/ops/jobs/',
  runs: '/ops/runs/',
  run: '/ops/runs/:id/',
  workers: '/ops/workers/',
  worker: '/ops/workers/:id/',
} as const

/** A link to a run, by its id. */
export function runLink(id: string): TemplateResult {
  if (id === '') return none()
  return html`<a class="ops-mono" href=${pathTo(routes.run, { id })}>${foreign(id, { max: 40 })}</a>`
}

/** A link to a worker, by its id. */
export function workerLink(id: string): TemplateResult {
  if (id === '') return none()
  return html`<a class="ops-mono" href=${pathTo(routes.worker, { id })}>${foreign(id, { max: 80 })}</a>`
}
