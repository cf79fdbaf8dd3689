import { auditOf, Operation } from '../support/operation.ts'
import { expect, test } from '../support/test.ts'

test('a leader that is told to steps down, another takes over, and nobody dies', async ({ app, cluster, page }) => {
  const leader = (await cluster.leader()) ?? ''
  const epoch = Number(await cluster.epoch())
  await app.open('#/ops/')
  await page.getByRole('button', { name: 'Make it step down' }).click()
  const degrade = new Operation(app, `Make the leader ${leader} step down`, 'Make it step down')
  await degrade.shown()
  await expect(degrade.dialog).toContainText(`Bound to epoch ${epoch}`)
  await degrade.perform('moving node-a')
  await degrade.ended('Done.')
  const id = await degrade.id()
  const next = (await cluster.leader()) ?? ''
  await expect(degrade.dialog).toContainText(`${next} leads now, in epoch ${epoch + 1}.`)
  await degrade.close()
  expect(next).not.toBe(leader)
  expect(Number(await cluster.epoch())).toBe(epoch + 1)
  expect((await cluster.workers()).map((w) => w.id)).toContain(leader)
  expect(await auditOf(cluster, id)).toEqual([
    'leader.degrade.requested admin moving node-a',
    'leader.degrade.succeeded admin moving node-a',
  ])
  await expect(app.panel('Leadership').locator('.ops-leader-id')).toHaveText(next)
})
