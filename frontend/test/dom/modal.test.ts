import { html, render } from 'lit-html'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openModal } from '../../src/ui/modal.ts'
import { dialogsGone, stage } from './stage.ts'

const at = stage()
afterEach(async () => {
  at.life.abort()
  await dialogsGone()
})

const shown = (element: HTMLElement) =>
  new Promise((done) => element.addEventListener('shown.bs.modal', done, { once: true }))

/** A dialog that has come in, over a page with a button that had the focus and a heading. */
async function open() {
  render(html`<h1 tabindex="-1">Runs</h1><button>Open</button>`, at.host)
  const heading = at.host.querySelector('h1') as HTMLElement
  const button = at.host.querySelector('button') as HTMLElement
  button.focus()
  const modal = openModal(at.life.signal, { title: 'Keyboard', body: html`<p>Keys</p>` })
  await shown(modal.element)
  return { heading, button, modal }
}

describe('the page behind a dialog', () => {
  it('is out of reach until the dialog begins to go', async () => {
    const { modal } = await open()
    expect(at.host.inert).toBe(true)
    modal.close()
    expect(at.host.inert).toBe(false)
    expect(modal.element.isConnected).toBe(true) // it still fades
  })

  it('stays out of reach while another dialog stands over it', async () => {
    const { modal } = await open()
    const second = openModal(at.life.signal, { title: 'Sure?', body: html`<p>…</p>` })
    await shown(second.element)
    second.close()
    expect(at.host.inert).toBe(true)
    await vi.waitFor(() => expect(second.element.isConnected).toBe(false))
    modal.close()
    expect(at.host.inert).toBe(false)
  })

  it('has the focus back where it was', async () => {
    const { button, modal } = await open()
    modal.close()
    await dialogsGone()
    expect(document.activeElement).toBe(button)
  })

  it('keeps the focus that something took while the dialog faded', async () => {
    const { heading, modal } = await open()
    modal.close()
    heading.focus()
    await dialogsGone()
    expect(document.activeElement).toBe(heading)
  })
})
