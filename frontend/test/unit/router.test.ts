import { describe, expect, it } from 'vitest'
import { match, type Page, pathTo, type Routes, routeOf } from '../../src/lib/router.ts'

const page: Page = () => undefined
const routes: Routes = [
  ['/', page],
  ['/ops/', page],
  ['/ops/runs/', page],
  ['/ops/runs/:id/', page],
]

describe('match', () => {
  it.each([
    ['/', '/', {}],
    ['/ops/', '/ops/', {}],
    ['/ops', '/ops/', {}],
    ['/ops/runs/?state=FAILED', '/ops/runs/', {}],
    ['/ops/runs/42/', '/ops/runs/:id/', { id: '42' }],
    ['/ops/runs/42?x=1', '/ops/runs/:id/', { id: '42' }],
    ['/ops/runs/a%2Fb%3F/', '/ops/runs/:id/', { id: 'a/b?' }],
  ])('%s is %s', (route, pattern, path) => {
    const found = match(routes, route)
    expect(found?.pattern).toBe(pattern)
    expect(found?.params.path).toEqual(path)
  })

  it.each(['/nowhere/', '/ops/runs//', '/ops/runs/%E0%A4%A/', '/ops/runs/1/2/'])('%s is no screen', (route) => {
    expect(match(routes, route)).toBeUndefined()
  })

  it('gives the query', () => {
    expect(match(routes, '/ops/runs/?state=FAILED&state=RUNNING')?.params.query.getAll('state')).toEqual([
      'FAILED',
      'RUNNING',
    ])
  })
})

describe('pathTo', () => {
  it.each(['42', 'a/b?c#d', '<img src=x>', '日本語 id', '\u202Eabc', '..'])('leads back to the id %j', (id) => {
    const address = pathTo('/ops/runs/:id/', { id }, { tab: 'log' })
    const found = match(routes, routeOf(address))
    expect(found?.params.path['id']).toBe(id)
    expect(found?.params.query.get('tab')).toBe('log')
  })
})

describe('routeOf', () => {
  it.each([
    ['#/ops/', '/ops/'],
    ['', '/'],
    ['#top', '/'],
  ])('%j is %j', (hash, route) => {
    expect(routeOf(hash)).toBe(route)
  })
})
