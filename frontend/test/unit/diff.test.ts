import { describe, expect, it } from 'vitest'
import { diffLines, excerpts } from '../../src/lib/diff.ts'

const show = (left: string, right: string) =>
  diffLines(left.split(''), right.split(''))
    .map(({ side, text }) => (side === 'both' ? text : side === 'left' ? `-${text}` : `+${text}`))
    .join('')

describe('a difference of lines', () => {
  it.each([
    ['abc', 'abc', 'abc'],
    ['', '', ''],
    ['abc', 'axc', 'a-b+xc'],
    ['abc', 'abcd', 'abc+d'],
    ['xabc', 'abc', '-xabc'],
  ])('%s to %s', (left, right, want) => {
    expect(show(left, right)).toBe(want)
  })

  it('gives both texts back, whatever they are', () => {
    for (let i = 0; i < 500; i++) {
      const text = (seed: number, n: number) =>
        Array.from({ length: n }, (_, k) => 'abc'[(seed * (k + 3) + k * k) % 3] ?? '')
      const [left, right] = [text(i, i % 13), text(i * 7 + 1, (i * 5) % 11)]
      const lines = diffLines(left, right)
      expect(lines.filter(({ side }) => side !== 'right').map((l) => l.text)).toEqual(left)
      expect(lines.filter(({ side }) => side !== 'left').map((l) => l.text)).toEqual(right)
    }
  })

  it('takes lines for the same by what counts of them, and shows the left one', () => {
    const lines = diffLines(['1 a', '2 b', '3 c'], ['9 a', '8 x', '7 c'], (line) => line.slice(2))
    expect(lines).toEqual([
      { side: 'both', text: '1 a' },
      { side: 'left', text: '2 b' },
      { side: 'right', text: '8 x' },
      { side: 'both', text: '3 c' },
    ])
  })

  it('is not tried where it would take too long', () => {
    const left = Array.from({ length: 2000 }, (_, i) => `l${i}`)
    const right = Array.from({ length: 2000 }, (_, i) => `r${i}`)
    const lines = diffLines(['same', ...left], ['same', ...right])
    expect(lines).toHaveLength(4001)
    expect(lines[0]).toEqual({ side: 'both', text: 'same' })
  })

  it('is shown with a few lines around', () => {
    const left = Array.from({ length: 30 }, (_, i) => String(i))
    const right = left.map((line) => (line === '10' || line === '12' ? `${line}!` : line))
    const parts = excerpts(diffLines(left, right), 2)
    expect(parts.map((p) => [p.skipped, p.lines.length])).toEqual([
      [8, 9],
      [15, 0],
    ])
    expect(excerpts(diffLines(left, left), 2)).toEqual([])
  })
})
