import { describe, expect, it, vi } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { auditFields, auditRequest } from '../../src/pages/audit/filter.ts'
import { createFilters, type Filter, filterOf } from '../../src/pages/lists/filters.ts'
import { createPaged, type Paged } from '../../src/pages/lists/paged.ts'
import { NOW } from './fixtures.ts'
import { stage } from './stage.ts'

const on = stage()
const now = new Date(NOW)

describe('the filters', () => {
  function bar(initial: Filter = {}) {
    const changed = vi.fn<(filter: Filter) => void>()
    const made = createFilters(on.life.signal, 'f', auditFields(), initial, changed)
    on.host.append(made.element)
    const field = (name: string) => made.element.elements.namedItem(name) as HTMLInputElement
    return { changed, made, field }
  }

  it('come from the address, as far as it can be read', () => {
    const query = new URLSearchParams('actor=a&action=job.delete,job.run&from=2026-11-23&before=nonsense&other=1')
    const filter = filterOf(query, auditFields())
    expect(filter).toEqual({
      actor: 'a',
      action: 'job.delete,job.run',
      from: '2026-11-23T00:00:00.000Z',
      range: 'custom',
    })
    expect(filterOf(new URLSearchParams('range=century'), auditFields())).toEqual({})
    const { field, made } = bar(filter)
    expect(field('actor').value).toBe('a')
    expect(field('from').value).toBe('2026-11-23T00:00')
    expect(made.element.querySelector('.ops-states')?.textContent).toContain('2 actions')
    expect(auditRequest(filter, now).actions).toEqual(['job.delete', 'job.run'])
  })

  it('wait until typing rests, keep what is typed, and are cleared at once', () => {
    vi.useFakeTimers()
    const { changed, field, made } = bar()
    field('actor').value = 'ad'
    field('actor').dispatchEvent(new Event('input', { bubbles: true }))
    vi.advanceTimersByTime(300)
    field('actor').value = 'admin'
    field('actor').dispatchEvent(new Event('input', { bubbles: true }))
    vi.advanceTimersByTime(400)
    expect(changed.mock.calls).toEqual([[{ actor: 'admin' }]])
    expect(field('actor').value).toBe('admin')
    made.element.querySelector<HTMLButtonElement>('.ops-filter-clear button')?.click()
    expect(changed.mock.lastCall).toEqual([{}])
    expect(field('actor').value).toBe('')
  })

  it('offer many choices, the chosen ones of the address among them', () => {
    const { changed, made } = bar({ action: 'gone.action' })
    made.offer('action', [{ value: 'job.delete', label: 'Delete job' }])
    const labels = [...made.element.querySelectorAll('.ops-many label')]
    expect(labels.map((l) => l.textContent?.trim())).toEqual(['gone.action', 'Delete job'])
    labels[1]?.querySelector('input')?.click()
    expect(changed.mock.lastCall).toEqual([{ action: 'gone.action,job.delete' }])
  })

  it('say at the field why they were refused', () => {
    const { made, field } = bar()
    made.refuse('text', 'too long')
    expect(field('text').getAttribute('aria-invalid')).toBe('true')
    expect(made.element.textContent).toContain('too long')
  })
})

describe('a list in pages', () => {
  const page = (of: Partial<Paged<string>>): Paged<string> => ({
    rows: ['a', 'b'],
    older: 'older',
    newer: '',
    reached: '',
    asOf: NOW,
    ...of,
  })

  function list(answers: Record<string, Paged<string> | Failure>, filtered = true) {
    const asked: string[] = []
    const made = createPaged<string>(on.host, on.life.signal, {
      id: 'paged',
      label: 'Rows',
      columns: [{ key: 'v', title: 'v', value: (v) => v }],
      key: (v) => v,
      open: () => undefined,
      topic: 'audit',
      every: 1000,
      async read(cursor) {
        asked.push(cursor)
        const answer = answers[cursor]
        if (answer instanceof Failure) throw answer
        return answer ?? page({})
      },
      moved: () => undefined,
      filtered: () => filtered,
      clear: () => undefined,
      refuse: (failure) => failure.reason === 'list.long_text',
      lastTyped: () => Number.NEGATIVE_INFINITY,
      empty: { kind: 'empty', title: 'Nothing at all' },
    })
    return { made, asked }
  }

  it('goes to the next page and back to the newest', async () => {
    const { made, asked } = list({
      older: page({ rows: ['c'], older: '', newer: 'newer' }),
      newer: page({ newer: '' }),
    })
    made.go('')
    await vi.waitFor(() => expect(on.text()).toContain('2 rows'))
    on.host.querySelector<HTMLButtonElement>('[data-ops-turn="next"]')?.click()
    await vi.waitFor(() => expect(on.text()).toContain('1 row'))
    on.host.querySelector<HTMLButtonElement>('[data-ops-turn="previous"]')?.click()
    await vi.waitFor(() => expect(asked).toEqual(['', 'older', 'newer', '']))
  })

  it('says how far a search came that was stopped, and goes on', async () => {
    const { made, asked } = list({
      '': page({ rows: [], reached: 'May' }),
      older: page({ rows: ['z'], older: '', newer: 'newer' }),
    })
    made.go('')
    await vi.waitFor(() => expect(on.text()).toContain('Searched back to May.'))
    const goOn = [...on.host.querySelectorAll('button')].find((b) => b.textContent?.includes('Search on'))
    goOn?.click()
    await vi.waitFor(() => expect(on.text()).toContain('z'))
    expect(asked.slice(0, 2)).toEqual(['', 'older'])
  })

  it.each([
    ['a filter', new Failure('invalid', 'list.long_text', 'no'), 'The filters can’t be used as they are'],
    ['a place', new Failure('invalid', 'list.bad_cursor', 'no'), 'This place in the list can’t be read'],
    ['an unreachable server', new Failure('unavailable', 'x', 'gone'), 'No answer'],
  ])('shows that %s was refused', async (_, failure, words) => {
    list({ '': failure }).made.go('')
    await vi.waitFor(() => expect(on.text()).toContain(words))
  })

  it('tells an empty list from one that was narrowed', async () => {
    list({ '': page({ rows: [] }) }, false).made.go('')
    await vi.waitFor(() => expect(on.text()).toContain('Nothing at all'))
  })
})
