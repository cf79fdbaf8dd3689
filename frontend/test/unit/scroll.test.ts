import { describe, expect, it } from 'vitest'
import { rowScroll } from '../../src/lib/scroll.ts'

describe('rowScroll', () => {
  it('is the identity for a short log', () => {
    const map = rowScroll(1000, 18, 360)
    expect(map.scaled).toBe(false)
    expect(map.height).toBe(18_000)
    expect(map.rowAt(180)).toBe(10)
    expect(map.scrollTopOf(10)).toBe(180)
    expect(map.last).toBe(980)
  })

  it.each([2_000_000, 50_000_000])('reaches both ends of %d rows on a bar that browsers can lay out', (rows) => {
    const map = rowScroll(rows, 18, 360)
    expect(map.scaled).toBe(true)
    expect(map.height).toBeLessThan(33_000_000)
    expect(map.rowAt(0)).toBe(0)
    expect(map.rowAt(map.height - 360)).toBeCloseTo(rows - 20)
    expect(map.rowAt(map.scrollTopOf(1_234_567))).toBeCloseTo(1_234_567)
  })

  it('stays inside a log that is shorter than the view', () => {
    const map = rowScroll(3, 18, 360)
    expect(map.last).toBe(0)
    expect(map.rowAt(500)).toBe(0)
    expect(map.scrollTopOf(2)).toBe(0)
  })

  it('copes with an empty log', () => {
    expect(rowScroll(0, 18, 360).rowAt(10)).toBe(0)
  })
})
