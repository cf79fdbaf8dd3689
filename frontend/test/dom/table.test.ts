import { html } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setPreferences } from '../../src/lib/preferences.ts'
import { type Column, createTable, type Table, type TableOptions } from '../../src/ui/table.ts'
import { foreign } from '../../src/ui/text.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'

interface Row {
  id: string
  name: string
  load: number | null
}

let life = new AbortController()
let host: HTMLElement

beforeEach(() => {
  setPreferences({ language: 'en' })
  host = document.createElement('div')
  document.body.append(host)
})
afterEach(() => {
  life.abort()
  life = new AbortController()
  document.body.replaceChildren()
  localStorage.clear()
  sessionStorage.clear()
})

const columns: Column<Row>[] = [
  { key: 'name', title: 'Name', value: (r) => r.name, cell: (r) => foreign(r.name), pinned: true },
  { key: 'load', title: 'Load', value: (r) => r.load, align: 'end' },
  {
    key: 'link',
    title: 'Link',
    value: () => '',
    cell: (r) => html`<a href=${`#/x/${encodeURIComponent(r.id)}`}>go</a>`,
  },
]

function make(options: Partial<TableOptions<Row>> = {}): Table<Row> {
  return createTable<Row>(host, life.signal, {
    id: 'test',
    label: 'Test',
    columns,
    key: (r) => r.id,
    empty: { kind: 'empty', title: 'Nothing here' },
    ...options,
  })
}

const row = (id: string, name = id, load: number | null = 0): Row => ({ id, name, load })
const trs = () => [...host.querySelectorAll<HTMLTableRowElement>('tbody tr[data-key]')]
const names = () => trs().map((tr) => tr.cells[0]?.textContent)
const many = (n: number) => Array.from({ length: n }, (_, i) => row(`r${String(i).padStart(3, '0')}`))

function type(text: string): void {
  const field = host.querySelector<HTMLInputElement>('[data-ops-search]')!
  field.value = text
  field.dispatchEvent(new Event('input'))
}

function mark(node: Node | null | undefined): void {
  const range = document.createRange()
  range.selectNodeContents(node!)
  document.getSelection()?.removeAllRanges()
  document.getSelection()?.addRange(range)
}

describe('update', () => {
  it('patches only the cells that changed, in the rows that are there', async () => {
    const table = make()
    table.update([row('a', 'alpha', 1), row('b', 'beta', 2)])
    const before = trs()
    const link = before[0]?.querySelector('a')
    const seen: MutationRecord[] = []
    const observer = new MutationObserver((records) => seen.push(...records))
    observer.observe(host.querySelector('tbody')!, { subtree: true, childList: true, characterData: true })
    table.update([row('a', 'alpha', 7), row('b', 'beta', 2)])
    seen.push(...observer.takeRecords())
    observer.disconnect()
    expect(trs()).toEqual(before)
    expect(before[0]?.cells[1]?.textContent).toBe('7')
    expect(before[0]?.querySelector('a')).toBe(link)
    const touched = new Set(
      seen.map((r) => (r.target instanceof Element ? r.target : r.target.parentElement)?.closest('td')),
    )
    touched.delete(null) // a text node that was replaced is in no cell any more
    expect([...touched]).toEqual([before[0]?.cells[1]])
  })

  it('keeps the page, the order and the search', () => {
    const table = make({ pageLength: 25, order: ['name', 'desc'] })
    table.update(many(60))
    host.querySelector<HTMLButtonElement>('[data-ops-turn=next]')?.click()
    expect(names()[0]).toBe('r034')
    table.update([...many(60)].reverse())
    expect(names()[0]).toBe('r034')
    type('r01')
    expect(names().length).toBe(10)
    table.update(many(60))
    expect(names().length).toBe(10)
    expect(host.querySelector('.ops-table-note')?.textContent).toBe('10 of 60 match')
  })

  it('keeps the keyboard where it is while rows come and go', () => {
    const table = make()
    table.update([row('b'), row('c')])
    const link = trs()[1]?.querySelector('a')
    link?.focus()
    table.update([row('a'), row('b', 'b', 5), row('c')])
    expect(names()).toEqual(['a', 'b', 'c'])
    expect(document.activeElement).toBe(link)
  })

  it('takes rows in the order that they come when nothing else is asked for', () => {
    const table = make()
    table.update([row('z'), row('a'), row('m')])
    table.update([row('new'), row('z'), row('m')])
    expect(names()).toEqual(['new', 'z', 'm'])
  })

  it('puts missing values last in both directions, and numbers by size', async () => {
    const table = make({ order: ['load', 'asc'] })
    table.update([row('none', 'none', null), row('ten', 'ten', 10), row('two', 'two', 2)])
    expect(names()).toEqual(['two', 'ten', 'none'])
    host.querySelectorAll('th')[1]?.click()
    await vi.waitFor(() => expect(names()).toEqual(['ten', 'two', 'none']))
  })

  it('draws a row of another page as it is when its turn comes', () => {
    const table = make({ pageLength: 25 })
    table.update(many(30))
    table.update(many(30).map((r) => ({ ...r, load: 9 })))
    host.querySelector<HTMLButtonElement>('[data-ops-turn=next]')?.click()
    expect(trs().map((tr) => tr.cells[1]?.textContent)).toEqual(['9', '9', '9', '9', '9'])
  })

  it('holds rows still while text is marked, and offers what is new', () => {
    const table = make()
    table.update([row('a', 'alpha', 1)])
    mark(trs()[0]?.cells[0])
    table.update([row('new'), row('a', 'alpha', 2)])
    expect(names()).toEqual(['alpha'])
    expect(trs()[0]?.cells[1]?.textContent).toBe('2')
    const offer = host.querySelector<HTMLButtonElement>('.ops-table-waiting button')
    expect(offer?.textContent).toContain('1 change')
    offer?.click()
    expect(names()).toEqual(['new', 'alpha'])
    document.getSelection()?.removeAllRanges()
  })
})

describe('hostile texts', () => {
  it('stay texts in cells and keys, and are found by the search', () => {
    const table = make({ pageLength: 100 })
    table.update(HOSTILE.map((text, i) => row(`${text}${i}`, text)))
    expect(trs().length).toBe(HOSTILE.length)
    expect(intruders(host)).toEqual([])
    expect(names()[0]).toBe(HOSTILE[0])
    for (const text of HOSTILE) {
      type(text)
      expect(names().length).toBeGreaterThan(0)
      expect(intruders(document)).toEqual([])
    }
    expect(Reflect.get(globalThis, 'owned')).toBeUndefined()
  })

  it('stay texts when a cell gives a plain string', () => {
    const table = make({ columns: [{ key: 'name', title: 'Name', value: (r: Row) => r.name }] })
    table.update(HOSTILE.map((text) => row(text, text)))
    expect(intruders(host)).toEqual([])
  })
})

describe('the keyboard', () => {
  it('moves between rows and opens one', () => {
    const opened: string[] = []
    const table = make({ open: (r) => opened.push(r.id) })
    table.update([row('a'), row('b')])
    table.focus()
    const press = (key: string) =>
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    press('ArrowDown')
    press('Enter')
    press('Home')
    press('Enter')
    expect(opened).toEqual(['b', 'a'])
  })
})

describe('selection', () => {
  it('keeps what is selected through an update, and drops what has left', () => {
    const told: string[][] = []
    const table = make({ onSelect: (keys) => told.push([...keys]) })
    table.update([row('a'), row('b'), row('c')])
    const box = (key: string) => host.querySelector<HTMLInputElement>(`[data-ops-select="${key}"]`)!
    box('a').click()
    box('b').click()
    table.update([row('b', 'b', 3), row('c')])
    expect(told).toEqual([['a'], ['a', 'b'], ['b']])
    expect(box('b').checked).toBe(true)
    expect(box('b').closest('tr')?.classList).toContain('table-active')
    expect([...table.selected()]).toEqual(['b'])
  })
})

describe('keyset pages', () => {
  it('turn by the caller, and show what is known of the total', () => {
    const turned: string[] = []
    const table = make({
      keyset: {
        first: () => turned.push('first'),
        previous: () => turned.push('previous'),
        next: () => turned.push('next'),
      },
    })
    table.update([row('b'), row('a')], { hasPrevious: false, hasNext: true, note: '10,000+' })
    const button = (to: string) => host.querySelector<HTMLButtonElement>(`[data-ops-turn=${to}]`)
    expect(names()).toEqual(['b', 'a'])
    expect(button('previous')?.disabled).toBe(true)
    expect(button('last')).toBeNull()
    expect(host.querySelector('[data-ops-search]')).toBeNull()
    button('next')?.click()
    expect(turned).toEqual(['next'])
    expect(host.querySelector('.ops-table-note')?.textContent).toBe('10,000+')
  })
})

describe('columns', () => {
  it('can be hidden, but for the pinned one, and stay hidden next time', () => {
    make().update([row('a')])
    const boxes = () => [...host.querySelectorAll<HTMLInputElement>('.dropdown-menu input')]
    expect(boxes().map((b) => b.disabled)).toEqual([true, false, false])
    boxes()[1]!.click()
    expect([...host.querySelectorAll('thead th')].map((th) => th.textContent?.trim())).toEqual(['Name', 'Link'])
    life.abort()
    life = new AbortController()
    make().update([row('a')])
    expect([...host.querySelectorAll('thead th')].map((th) => th.textContent?.trim())).toEqual(['Name', 'Link'])
  })
})

describe('listeners', () => {
  /** Listeners that DataTables holds, by event: it keeps them in a list that outlives the table. */
  function watch(): Map<string, number> {
    const held = new Map<string, number>()
    let prototype: EventTarget = host
    while (!Object.hasOwn(prototype, 'addEventListener')) prototype = Object.getPrototypeOf(prototype)
    const count = (name: 'addEventListener' | 'removeEventListener', by: number) => {
      const original = prototype[name]
      vi.spyOn(prototype, name).mockImplementation(function (this: EventTarget, ...args: [string, unknown]) {
        const listener: unknown = args[1]
        if (typeof listener === 'function' && 'namespaces' in listener) held.set(args[0], (held.get(args[0]) ?? 0) + by)
        return Reflect.apply(original, this, args)
      })
    }
    count('addEventListener', 1)
    count('removeEventListener', -1)
    return held
  }

  it('do not pile up with refreshes, and go with the table', () => {
    const held = watch()
    const table = make({ columns: columns.map((c) => ({ ...c, hidden: c.key === 'load' })) })
    table.update(many(3))
    const before = new Map(held)
    for (let i = 0; i < 10; i++) table.update(many(3).map((r) => ({ ...r, load: i })))
    expect(held).toEqual(before)
    expect([...before.values()].some((n) => n > 0)).toBe(true)
    life.abort()
    expect([...held].filter(([, n]) => n !== 0)).toEqual([])
  })
})

describe('faces', () => {
  it('say that there is nothing, nothing that matches, or why there is nothing', () => {
    const table = make()
    const face = () => host.querySelector('.ops-table-face .ops-face-title')?.textContent
    table.update([])
    expect(face()).toBe('Nothing here')
    table.update([row('a')])
    expect(face()).toBeUndefined()
    type('zzz')
    expect(face()).toBe('No row matches the search')
    table.face({ kind: 'unreachable', title: 'No answer' })
    expect(face()).toBe('No answer')
    expect(host.querySelector('[role=alert]')).not.toBeNull()
    type('')
    table.update([row('a')])
    expect(face()).toBeUndefined()
  })

  it('leave nothing behind when the page is left', () => {
    make().update([row('a')])
    life.abort()
    expect(host.childElementCount).toBe(0)
  })
})
