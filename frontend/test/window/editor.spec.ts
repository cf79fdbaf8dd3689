import { TEXTS } from '../e2e/support/app.ts'
import { addJob } from '../e2e/support/records.ts'
import { choose, expect, open, test } from './test.ts'

test('the JSON editor works under the policy: its styles are constructed, none is refused', async ({
  window,
  cluster,
}) => {
  const job = await addJob(cluster, { name: 'window editor', command: 'heartbeat' })
  await open(window, '#/ops/jobs/')
  await choose(window, 'language', 'ja') // the window keeps what was chosen last
  await window.run(`
    window.__refused = []
    document.addEventListener('securitypolicyviolation', (e) => window.__refused.push(e.effectiveDirective + ' ' + e.sourceFile))`)
  await open(window, `#/ops/jobs/${job}/edit/`)
  const editor = () =>
    window.run<{ sheets: number; elements: number; gutter: string; text: string } | null>(`
      const root = [...document.querySelectorAll('.ops-json-host')].at(-1)?.shadowRoot
      const content = root?.querySelector('.cm-content')
      return content ? {
        sheets: root.adoptedStyleSheets.length,
        elements: root.querySelectorAll('style').length,
        gutter: getComputedStyle(root.querySelector('.cm-gutters')).display,
        text: content.innerText.trim(),
      } : null`)
  await expect.poll(editor).toMatchObject({ sheets: 1, elements: 0, gutter: 'flex', text: '{}' })
  // As an input method would: the editor sees the document change.
  await window.run(`
    const root = [...document.querySelectorAll('.ops-json-host')].at(-1).shadowRoot
    const content = root.querySelector('.cm-content')
    content.focus()
    document.execCommand('insertText', false, 'x')`)
  await expect.poll(() => window.text('#job-args-error')).toContain('x')
  expect(await window.run('return window.__refused')).toEqual([])
  await window.run('document.querySelector(".ops-form-actions a").click()')
  await expect.poll(() => window.text('.modal.show .modal-title')).toBe(TEXTS.ja['jobedit.leave'])
  await window.click('.modal.show .btn-danger')
  await expect.poll(() => window.run('return document.querySelector(".ops-job-edit") === null')).toBe(true)
})

test('the timeline draws', async ({ window }) => {
  await open(window, '#/ops/timeline/')
  const drawn = () =>
    window.run<number>(`
      const canvas = document.querySelector('.ops-lanes-canvas')
      if (!canvas || canvas.width === 0) return 0
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size`)
  await expect.poll(drawn).toBeGreaterThan(5)
})
