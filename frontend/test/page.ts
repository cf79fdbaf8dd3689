import { readFileSync } from 'node:fs'
import { afterAll, expect, vi } from 'vitest'

/** What base.html brings and the widgets need: the dialog's template, without Go's comment. Tests empty the body, not the head. */
const partial = readFileSync('../backend/shell/templates/partials/modal.html', 'utf8').replace(/\{\{-?.*?-?\}\}/gs, '')
const template = document.createElement('template')
template.id = 'ops-partial-modal'
// biome-ignore lint/plugin: our own file, and the way a browser takes it
template.innerHTML = partial
document.head.append(template)

/** How long a test waits for what comes by itself, in milliseconds. Vitest's own second is short on a busy machine. */
const PATIENCE = 20_000

const waitFor = vi.waitFor
vi.waitFor = (check, options = PATIENCE) => waitFor(check, options)

// Timers of a dialog that is left behind fire when this page is gone, and fail the whole run: stage.ts waits for them.
afterAll(() => expect(document.querySelector('.modal, .modal-backdrop')).toBeNull())
