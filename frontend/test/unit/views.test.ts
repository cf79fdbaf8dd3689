import { beforeEach, describe, expect, it } from 'vitest'
import { MOST_VIEWS, removeView, savedViews, saveView } from '../../src/lib/views.ts'

beforeEach(() => localStorage.clear())

const view = (name: string) => ({ name, query: 'state=FAILED', columns: { worker: false, log: true } })

describe('saved views', () => {
  it('belong to an environment and a list', () => {
    expect(saveView('staging', 'runs', view('failures'))).toBe(true)
    expect(savedViews('staging', 'runs')).toEqual([view('failures')])
    expect(savedViews('production', 'runs')).toEqual([])
    expect(savedViews('staging', 'jobs')).toEqual([])
  })

  it('are replaced by name, stand in order, and can be forgotten', () => {
    for (const name of ['b', 'a', 'b']) saveView('e', 'runs', { ...view(name), query: name })
    expect(savedViews('e', 'runs').map((v) => v.name)).toEqual(['a', 'b'])
    removeView('e', 'runs', 'a')
    expect(savedViews('e', 'runs').map((v) => v.name)).toEqual(['b'])
  })

  it('have a bound', () => {
    for (let i = 0; i < MOST_VIEWS; i++) expect(saveView('e', 'runs', view(`v${i}`))).toBe(true)
    expect(saveView('e', 'runs', view('one more'))).toBe(false)
    expect(saveView('e', 'runs', view('v3'))).toBe(true)
  })

  it.each(['', 'null', '{', '7', '{"a":1}', '[1,null,{},{"name":"","query":""},{"name":"x"}]'])(
    'survive a damaged store: %s',
    (text) => {
      localStorage.setItem('opsdeck.views.runs@e', text)
      expect(savedViews('e', 'runs')).toEqual([])
      expect(saveView('e', 'runs', view('x'))).toBe(true)
      expect(savedViews('e', 'runs')).toHaveLength(1)
    },
  )

  it('keep only what can be a column', () => {
    localStorage.setItem(
      'opsdeck.views.runs@e',
      '[{"name":"x","query":"q","columns":{"a":true,"b":"yes","__proto__":false}}]',
    )
    expect(Object.keys(savedViews('e', 'runs')[0]?.columns ?? {})).not.toContain('b')
  })
})
