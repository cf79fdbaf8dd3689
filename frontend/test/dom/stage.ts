import { afterEach, beforeEach, expect, vi } from 'vitest'
import { setPreferences } from '../../src/lib/preferences.ts'

/** Where a test draws: an element in the document and the life of what is drawn, both new for each test. */
export interface Stage {
  readonly life: AbortController
  readonly host: HTMLElement
  /** What can be read in the element. */
  text(): string
}

/** Sets up a stage for every test of a file, in English and UTC. */
export function stage(): Stage {
  let life = new AbortController()
  let host = document.createElement('div')
  beforeEach(() => {
    setPreferences({ language: 'en', zone: 'utc' })
    life = new AbortController()
    host = document.createElement('div')
    document.body.append(host)
  })
  afterEach(() => {
    life.abort()
    host.remove()
    vi.useRealTimers()
  })
  return {
    get life() {
      return life
    },
    get host() {
      return host
    },
    text: () => host.textContent?.replace(/\s+/g, ' ').trim() ?? '',
  }
}

/** Waits until no dialog stands or fades any more: Bootstrap's timers would outlive the page of the test else. */
export async function dialogsGone(): Promise<void> {
  await vi.waitFor(() => expect(document.querySelector('.modal, .modal-backdrop')).toBeNull())
}
