import { afterEach, describe, expect, it, vi } from 'vitest'
import { findPlaces } from '../../src/app/palette.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { type Destination, openPalette } from '../../src/ui/palette.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'
import { dialogsGone } from './stage.ts'

const place = (name: string): Destination => ({ kind: 'Job', name, icon: 'bi-calendar-event', address: `#/x/${name}` })

describe('findPlaces', () => {
  const places = ['Nightly report', 'Report cleanup', 'Mail queue'].map(place)
  const names = (text: string) => findPlaces(places, text).map((p) => p.name)

  it('finds every word in any order, what begins with the text first', () => {
    expect(names('report')).toEqual(['Report cleanup', 'Nightly report'])
    expect(names('rep nightly')).toEqual(['Nightly report'])
    expect(names('nothing')).toEqual([])
    expect(names('')).toEqual(['Nightly report', 'Report cleanup', 'Mail queue'])
  })

  it.each(['42', '#42', ' 42 '])('takes %j for the number of a run', (text) => {
    expect(findPlaces([], text).map((p) => p.address)).toEqual(['#/ops/runs/42/'])
  })
})

describe('the palette', () => {
  let life = new AbortController()
  // Bootstrap ends its transitions by timers, which must not outlive the page.
  afterEach(async () => {
    life.abort()
    life = new AbortController()
    await dialogsGone()
    document.body.replaceChildren()
  })

  async function open(places: readonly Destination[], go: (address: string) => void) {
    setPreferences({ language: 'en' })
    openPalette(life.signal, { find: (text) => findPlaces(places, text), go })
    const field = await vi.waitFor(() => document.querySelector<HTMLInputElement>('[role=combobox]')!)
    const press = (key: string) =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    return { field, press }
  }

  it('goes by arrows and Enter to what it names to assistive technology', async () => {
    const went: string[] = []
    const { field, press } = await open(['a', 'b', 'c'].map(place), (address) => went.push(address))
    press('ArrowDown')
    const chosen = document.getElementById(field.getAttribute('aria-activedescendant') ?? '')
    expect(chosen?.getAttribute('aria-selected')).toBe('true')
    expect(chosen?.textContent).toContain('b')
    press('Enter')
    expect(went).toEqual(['#/x/b'])
  })

  it('shows hostile names as texts', async () => {
    await open(HOSTILE.slice(0, 12).map(place), () => undefined)
    expect(document.querySelectorAll('[role=option]').length).toBe(12)
    expect(intruders(document.querySelector('[role=listbox]')!)).toEqual([])
  })
})
