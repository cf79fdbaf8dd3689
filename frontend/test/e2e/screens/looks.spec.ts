import AxeBuilder from '@axe-core/playwright'
import type { Result } from 'axe-core'
import { LANGUAGES, SCREENS, THEMES } from '../support/app.ts'
import { expect, test } from '../support/test.ts'

const PICTURES = '../test-results/screens/chromium'

/** A violation in a line that says where it is. */
const line = (v: Result) =>
  `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 120)} ${n.failureSummary ?? ''}`).join('\n  ')}`

/** The screens by the names that their pictures have. */
const NAMES = [
  'welcome',
  'dashboard',
  'runs',
  'jobs',
  'workers',
  'run',
  'worker',
  'job',
  'jobedit',
  'timeline',
  'expected',
  'compare',
] as const

for (const name of NAMES) {
  test(`${name} is accessible in every language and theme, and has its picture taken`, async ({
    app,
    page,
    cluster,
  }) => {
    test.setTimeout(180_000) // six analyses
    const jobOf = (command: string) =>
      cluster.value<string>('select id from scheduler_job_definitions where command_name = $1', command)
    const addresses: Record<(typeof NAMES)[number], string> = {
      welcome: '#/',
      dashboard: SCREENS['dashboard.title'],
      runs: SCREENS['runs.title'],
      jobs: SCREENS['jobs.title'],
      workers: SCREENS['workers.title'],
      run: `#/ops/runs/${await cluster.value('select max(id) from scheduler_job_runs where state = $1', 'FAILED')}/`,
      worker: `#/ops/workers/${await cluster.leader()}/`,
      job: `#/ops/jobs/${await jobOf('order_report')}/`,
      jobedit: `#/ops/jobs/${await jobOf('standup_reminder')}/edit/`,
      timeline: SCREENS['timeline.title'],
      expected: SCREENS['expected.title'],
      compare: `#/ops/compare/${await cluster.value('select max(id) from scheduler_job_runs where state = $1', 'FAILED')}/${await cluster.value('select max(id) from scheduler_job_runs where state = $1', 'SUCCEEDED')}/`,
    }
    await app.open('#/ops/')
    await page.evaluate((hash) => {
      location.hash = hash
    }, addresses[name])
    for (const language of LANGUAGES) {
      await app.choose('language', language)
      for (const theme of THEMES) {
        await app.choose('theme', theme)
        await page.mouse.move(0, 0)
        await expect(app.content.locator('.ops-face-loading')).toHaveCount(0)
        // Without a screen, a transition may wait for a frame that nobody draws: colours are brought to their end.
        await page.evaluate(() => {
          for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
        })
        await page.screenshot({ path: `${PICTURES}/${name}-${language}-${theme}.png` })
        // Rows are alike, so some stand for all; colours don't follow the language.
        const axe = new AxeBuilder({ page }).exclude('tbody tr:nth-child(n+9)')
        if (language === 'en') axe.disableRules('color-contrast')
        const { violations } = await axe.analyze()
        expect(violations.map(line), `${language}, ${theme}`).toEqual([])
      }
    }
    if (name !== 'dashboard' && name !== 'runs') return
    await app.choose('theme', 'light')
    for (const width of [900, 1920]) {
      await page.setViewportSize({ width, height: 860 })
      await page.screenshot({ path: `${PICTURES}/${name}-en-light-${width}.png` })
    }
  })
}
