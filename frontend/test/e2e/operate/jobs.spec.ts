import type { App } from '../support/app.ts'
import { calm } from '../support/calm.ts'
import { auditOf, Operation } from '../support/operation.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

// Who gets the runs of these tests, and when, must not hang on what else the sandbox has to do.
let restore: () => Promise<void>
test.beforeAll(async ({ cluster }) => {
  restore = await calm(cluster)
})
test.afterAll(() => restore())

const stored = (id: string) =>
  `select name, command_name, enabled, schedule, default_args_json as args, timeout_seconds as timeout,
     concurrency_policy as policy from scheduler_job_definitions where id = ${id}`

/** Types over the JSON in an editor of the page. */
async function typeJson(app: App, label: string, text: string): Promise<void> {
  const editor = app.page.getByRole('textbox', { name: label, exact: true })
  await editor.click()
  await app.page.keyboard.press('Control+a')
  await app.page.keyboard.press('Delete')
  await app.page.keyboard.insertText(text)
}

test('a job is made in the form, changed, and its history says by whom', async ({ app, cluster, page }) => {
  await app.open('#/ops/jobs/')
  await page.getByRole('link', { name: 'New job' }).click()
  await expect(app.heading).toHaveText('New job')
  const form = app.content.getByRole('form', { name: 'Job definition' })
  await page.getByRole('button', { name: 'Create…' }).isDisabled()
  await form.getByLabel('Name').fill('e2e made')
  await form.getByLabel('Command').fill('heart beat')
  await form.getByLabel('Command').blur()
  await expect(form).toContainText('A command is one word')
  await form.getByLabel('Command').fill('heartbeat')
  await form.getByLabel('It fires').selectOption('every_n_minutes')
  await form.getByLabel('Minutes').fill('7')
  const preview = app.panel('When it will be due')
  await expect(preview).toContainText('Every 7 minutes')
  await expect(preview).toContainText('Starts over each hour')
  await expect(preview.getByRole('row')).toHaveCount(11)
  await typeJson(app, 'Arguments', '{\n  "a": 1,\n  "a": 2\n}')
  await expect(app.content).toContainText('Line 3, column 3: the name “a” stands twice')
  await page.getByRole('button', { name: 'Create…' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await typeJson(app, 'Arguments', '{"a": 1.10}')
  await expect(app.content).toContainText('Ready to be saved.')

  await page.getByRole('button', { name: 'Create…' }).click()
  const create = new Operation(app, 'Create job e2e made', 'Create')
  await create.perform('a test')
  await create.ended('Done.')
  await create.close()
  await expect(app.heading).toContainText('e2e made')
  const id = page.url().match(/jobs\/(\d+)\//)?.[1] ?? ''
  const [made] = await cluster.rows(stored(id))
  expect(made).toMatchObject({ command_name: 'heartbeat', enabled: false, schedule: { kind: 'every_n_minutes', n: 7 } })

  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await form.getByLabel('It fires').selectOption('weekdays')
  await form.getByLabel('At', { exact: true }).fill('09:30')
  await form.getByRole('combobox', { name: 'Timezone' }).fill('Asia/Tokyo')
  await page.keyboard.press('Enter')
  await expect(preview).toContainText('Monday to Friday at 09:30')
  await expect(preview.getByRole('row').nth(1)).toContainText('09:30')
  await page.getByRole('button', { name: 'Save…' }).click()
  const save = new Operation(app, 'Save job e2e made', 'Save')
  await save.perform('earlier')
  await save.ended('Done.')
  const operation = await save.id()
  await save.close()
  expect(await auditOf(cluster, operation)).toEqual(['job.update admin earlier'])
  const [changed] = await cluster.rows(stored(id))
  expect(changed?.['schedule']).toEqual({ kind: 'weekdays', time: '09:30', timezone: 'Asia/Tokyo' })
  await expect(app.panel('Changes').getByRole('row').nth(1)).toContainText(
    /admin\s+Changed[\s\S]*schedule:[\s\S]*earlier/,
  )
})

test('unsaved work is not left by accident, and survives a change of language', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e unsaved', command: 'heartbeat' })
  await app.open(`#/ops/jobs/${job}/edit/`)
  const limit = page.locator('#job-timeout')
  await limit.fill('77')
  await app.nav.getByRole('link', { name: 'Runs' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(`jobs/${job}/edit/`))
  await app.choose('language', 'ja')
  await expect(limit).toHaveValue('77')
  await app.choose('language', 'en')
  await app.nav.getByRole('link', { name: 'Runs' }).click()
  await dialog.getByRole('button', { name: 'Leave' }).click()
  await expect(app.heading).toHaveText('Runs')
  expect(await cluster.value(`select timeout_seconds from scheduler_job_definitions where id = $1`, job)).toBe(0)
})

test('what somebody else saved meanwhile stands beside one’s own', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e conflict', command: 'heartbeat' })
  await app.open(`#/ops/jobs/${job}/edit/`)
  await page.locator('#job-timeout').fill('30')
  await page.locator('#job-policy').selectOption('replace')
  await cluster.rows(
    `update scheduler_job_definitions set timeout_seconds = 90, command_name = 'order_report', updated_at = clock_timestamp() where id = $1`,
    job,
  )
  await expect(app.content).toContainText('Ready to be saved.')
  await page.getByRole('button', { name: 'Save…' }).click()
  const refused = page.getByRole('dialog', { name: 'Save job e2e conflict' })
  await expect(refused).toContainText('Somebody else changed this job meanwhile.')
  await refused.locator('.modal-footer').getByRole('button', { name: 'Close' }).click()

  const conflict = app.panel('Two versions of this job')
  await expect(
    conflict
      .getByRole('row', { name: /^Command/ })
      .getByRole('radio')
      .first(),
  ).toBeChecked()
  await expect(conflict.getByRole('button', { name: 'Take the chosen parts' })).toBeDisabled()
  await conflict
    .getByRole('row', { name: /^Time limit/ })
    .getByRole('radio')
    .last()
    .check()
  await conflict.getByRole('button', { name: 'Take the chosen parts' }).click()
  await expect(page.locator('#job-command')).toHaveValue('order_report')
  await expect(app.content).toContainText('Ready to be saved.')
  await page.getByRole('button', { name: 'Save…' }).click()
  const save = new Operation(app, 'Save job e2e conflict', 'Save')
  await save.perform('both')
  await save.ended('Done.')
  await save.close()
  const [row] = await cluster.rows(stored(job))
  expect(row).toMatchObject({ command_name: 'order_report', timeout: 30, policy: 'replace' })
})

test('a job runs now with other arguments, and is deleted with its runs', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e by hand', command: 'heartbeat' })
  await addFailedRun(cluster, job)
  await app.open(`#/ops/jobs/${job}/`)
  const menu = (name: string) => async () => {
    await page.getByRole('button', { name: 'What can be done with e2e by hand' }).click()
    await page.getByRole('button', { name, exact: true }).click()
  }
  await menu('Run now with other arguments')()
  const dialog = page.getByRole('dialog', { name: 'Arguments of one run of e2e by hand' })
  await expect(dialog.getByRole('textbox', { name: 'Arguments' })).toContainText('{}')
  await typeJson(app, 'Arguments', '[1,]')
  await dialog.getByRole('button', { name: 'Next…' }).click()
  await expect(dialog).toContainText('Line 1, column 4: “]” is not expected here.')
  await typeJson(app, 'Arguments', '{"by": "hand"}')
  await dialog.getByRole('button', { name: 'Next…' }).click()
  const run = new Operation(app, 'Run e2e by hand now', 'Run now')
  await run.perform('to see')
  await run.ended('Done.')
  const id = ((await run.fact('New run').textContent()) ?? '').trim()
  await run.close()
  const args = await cluster.value('select args_json from opsdeck_node.run_args where run_id = $1', id)
  expect(args).toEqual({ by: 'hand' })
  await expect
    .poll(() => cluster.value<string>('select state from scheduler_job_runs where id = $1', id), { timeout: 45_000 })
    .toBe('SUCCEEDED')

  await menu('Enable')()
  const enable = new Operation(app, 'Enable job e2e by hand', 'Enable')
  await enable.perform('on')
  await enable.ended('Done.')
  await enable.close()
  await expect(app.heading).toContainText('Enabled')
  await menu('Disable')()
  const disable = new Operation(app, 'Disable job e2e by hand', 'Disable')
  await disable.perform('off')
  await disable.ended('Done.')
  await disable.close()

  await menu('Delete')()
  const remove = new Operation(app, 'Delete job e2e by hand', 'Delete')
  await remove.shown()
  await expect(remove.dialog.locator('.ops-preview-touches')).toContainText('2')
  await remove.dialog.locator('[name="typedName"]').fill('e2e by hand')
  await remove.dialog.getByLabel('Reason').fill('done with it')
  await remove.dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await remove.ended('Done.')
  await remove.close()
  expect(await cluster.value('select count(*)::int from scheduler_job_runs where job_definition_id = $1', job)).toBe(0)
})

test('a job is duplicated on the list', async ({ app, cluster, page }) => {
  await addJob(cluster, {
    name: 'e2e original',
    command: 'heartbeat',
    schedule: { every_n_minutes: 20, owner: 'kita' },
  })
  await app.open('#/ops/jobs/')
  await page.getByRole('button', { name: 'What can be done with e2e original' }).click()
  await page.getByRole('button', { name: 'Duplicate', exact: true }).click()
  const name = page.getByLabel('Name of the copy')
  await expect(name).toHaveValue('e2e original (copy)')
  await page.getByRole('button', { name: 'Next…' }).click()
  const copy = new Operation(app, 'Duplicate job e2e original', 'Duplicate')
  await copy.perform('a second one')
  await copy.ended('Done.')
  await copy.close()
  await expect(app.rows('Jobs').filter({ hasText: 'e2e original (copy)' })).toContainText('Disabled')
  expect(
    await cluster.value(`select schedule from scheduler_job_definitions where name = 'e2e original (copy)'`),
  ).toEqual({ every_n_minutes: 20, owner: 'kita' })
})

test('what the gate refuses stands at its field in the editor', async ({ app, cluster, page }) => {
  const id = await addJob(cluster, { name: 'e2e refused', command: 'heartbeat' })
  await app.open(`#/ops/jobs/${id}/edit/`)
  await typeJson(app, 'Arguments', '{"note": "<masked>"}')
  await expect(app.content).toContainText('Ready to be saved.')
  await page.getByRole('button', { name: 'Save…' }).click()
  const save = new Operation(app, 'Save job e2e refused', 'Save')
  await save.perform('a test')
  await save.ended('Refused.')
  await save.dialog.getByRole('button', { name: 'Correct it' }).click()
  await expect(save.dialog).toHaveCount(0)
  await expect(page.locator('#job-args-error')).toContainText('a masked value that belongs elsewhere')
  await expect(page.getByRole('textbox', { name: 'Arguments', exact: true })).toBeFocused()
  await typeJson(app, 'Arguments', '{"note": "n"}')
  await expect(app.content).not.toContainText('a masked value that belongs elsewhere')
})
