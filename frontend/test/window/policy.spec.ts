import { execFileSync } from 'node:child_process'
import { expect, open, test } from './test.ts'

test('inline scripts, eval, and everything from outside are refused by policy', async ({ window }) => {
  await open(window, '#/ops/')
  const refused = await window.runAsync<Record<string, string>>(`
    const seen = {}
    document.addEventListener('securitypolicyviolation', (e) => { seen[e.effectiveDirective] = e.blockedURI || 'inline' })
    const added = []
    const element = (tag, attributes) => {
      added.push(Object.assign(document.createElement(tag), attributes))
      document.body.append(added.at(-1))
    }
    element('script', { textContent: 'window.__pwned = 1' })
    element('img', { src: 'https://hostile.example/a.png' })
    element('link', { rel: 'stylesheet', href: 'https://hostile.example/a.css' })
    element('iframe', { src: 'https://hostile.example/' })
    element('script', { src: 'https://hostile.example/a.js' })
    await Promise.allSettled([
      fetch('https://hostile.example/'),
      new Promise((settle) => { try { new WebSocket('wss://hostile.example/').onerror = settle } catch { settle() } }),
    ])
    try { eval('window.__pwned = 2') } catch (error) { seen.eval = error.name }
    await new Promise((settle) => setTimeout(settle)) // violations are told in their own turn
    for (const e of added) e.remove()
    return seen`)
  expect(Object.keys(refused)).toEqual(
    expect.arrayContaining(['script-src-elem', 'img-src', 'style-src-elem', 'frame-src', 'connect-src', 'eval']),
  )
  expect(refused['eval']).toBe('EvalError')
  expect(await window.run('return "__pwned" in window')).toBe(false)
})

test('a link to elsewhere does not leave the program', async ({ window }) => {
  await open(window, '#/ops/')
  await window.run(`
    const link = Object.assign(document.createElement('a'), { href: 'https://hostile.example/', id: 'out', textContent: 'out' })
    document.querySelector('main').prepend(link)`)
  await window.click('#out')
  await window.run('document.querySelector("#out").remove()')
  expect(await window.run('return location.href')).toBe('wails://wails/#/ops/')
})

test('a release has no door for drivers', () => {
  const function_ = 'webkit_web_view_new_with_user_content_manager'
  const defined = (program: string) => execFileSync('nm', ['-D', '--defined-only', program], { encoding: 'utf8' })
  expect(defined('../bin/opsdeck-e2e')).toContain(function_)
  expect(defined('../bin/opsdeck')).not.toContain(function_)
})
