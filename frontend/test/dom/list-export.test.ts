import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { suggestList } from '../../src/api/exports.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { openExport } from '../../src/pages/lists/export.ts'
import { dialogsGone } from './stage.ts'

vi.mock('../../src/api/exports.ts', () => ({
  suggestList: vi.fn((name: string, format: string) =>
    Promise.resolve({ path: `/tmp/${name}.${format}`, limit: format === 'csv' ? 1_000_000 : 0 }),
  ),
  chooseFile: vi.fn(),
  stepExport: vi.fn(() =>
    Promise.resolve({ token: 't', path: '/tmp/runs.parquet', rows: 3, done: true, capped: false }),
  ),
  stopExport: vi.fn(() => Promise.resolve()),
}))

let life = new AbortController()
beforeEach(() => setPreferences({ language: 'en', zone: 'utc' }))
afterEach(async () => {
  life.abort()
  await dialogsGone()
  life = new AbortController()
  for (const left of document.querySelectorAll('.notyf__toast')) left.remove()
})

it('a list tells the bound of its format, and is written as Parquet', async () => {
  const start = vi.fn(() =>
    Promise.resolve({ token: 't', path: '/tmp/runs.parquet', rows: 0, done: false, capped: false }),
  )
  openExport(life.signal, { name: 'runs', title: 'Export', about: '', formats: ['csv', 'ndjson', 'parquet'], start })
  const bound = () => document.querySelector('#ops-export-limit')?.textContent
  const path = () => document.querySelector<HTMLInputElement>('[name=path]')?.value
  const format = document.querySelector<HTMLSelectElement>('#ops-export-format')
  if (!format) throw new Error('there is no choice of formats')
  await vi.waitFor(() => expect(bound()).toContain('At most 1,000,000 rows'))
  format.value = 'parquet'
  format.dispatchEvent(new Event('change'))
  await vi.waitFor(() => expect(path()).toBe('/tmp/runs.parquet'))
  expect(bound()).toBeUndefined()
  expect(suggestList).toHaveBeenLastCalledWith('runs', 'parquet')
  document.querySelector<HTMLFormElement>('#ops-export')?.requestSubmit()
  await vi.waitFor(() => expect(start).toHaveBeenCalledWith('parquet', '/tmp/runs.parquet'))
})
