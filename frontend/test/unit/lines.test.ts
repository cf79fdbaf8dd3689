import { describe, expect, it } from 'vitest'
import { Lines, ROW_LENGTH } from '../../src/lib/lines.ts'

const rows = (lines: Lines) => Array.from({ length: lines.length }, (_, i) => lines.text(i))

function of(...chunks: string[]): Lines {
  const lines = new Lines()
  for (const chunk of chunks) lines.append(chunk)
  return lines
}

describe('Lines', () => {
  it('cuts at line ends, wherever the chunks end', () => {
    const whole = 'one\ntwo\r\n\nfour'
    for (let at = 0; at <= whole.length; at++) {
      expect(rows(of(whole.slice(0, at), whole.slice(at)))).toEqual(['one', 'two', '', 'four'])
    }
  })

  it('lets the last line grow, and ends it without an empty one', () => {
    const lines = of('a', 'b')
    expect(rows(lines)).toEqual(['ab'])
    lines.append('\n')
    expect(rows(lines)).toEqual(['ab'])
    lines.append('c')
    expect(rows(lines)).toEqual(['ab', 'c'])
  })

  it('breaks a long line into rows of one line number', () => {
    const lines = of(`${'x'.repeat(ROW_LENGTH * 2 + 5)}\nnext`)
    expect(rows(lines).map((r) => r.length)).toEqual([ROW_LENGTH, ROW_LENGTH, 5, 4])
    expect([0, 1, 2, 3].map((r) => lines.lineNumber(r))).toEqual([1, undefined, undefined, 2])
  })

  it('breaks a long line alike when it comes in pieces', () => {
    const piece = 'y'.repeat(700)
    const lines = of(...Array(10).fill(piece), '\nend')
    expect(rows(lines).join('')).toBe(`${piece.repeat(10)}end`)
    expect(Math.max(...rows(lines).map((r) => r.length))).toBeLessThanOrEqual(ROW_LENGTH)
    expect(lines.lineNumber(lines.length - 1)).toBe(2)
    expect(lines.lineNumber(1)).toBeUndefined()
  })

  it('never breaks a character in two', () => {
    const lines = of(`${'x'.repeat(ROW_LENGTH - 1)}😀tail`)
    expect(rows(lines)[1]).toBe('😀tail')
  })

  it('keeps a colour over lines until it ends, and through a sequence split between chunks', () => {
    const lines = of('plain\n\u001b[3', '1mred\nstill red\u001b[0m\nplain')
    expect(lines.spans(1)).toEqual([{ text: 'red', style: { fg: 'red' } }])
    expect(lines.spans(2)).toEqual([{ text: 'still red', style: { fg: 'red' } }])
    expect(lines.spans(3)).toEqual([{ text: 'plain', style: {} }])
  })

  it('finds text in both directions, whatever its case and colours', () => {
    const lines = of('start\n\u001b[32mNee\u001b[0mdle\nhay\nneedle\n')
    expect(lines.find('needle', 0, 1, 100)).toEqual({ row: 1, reached: 1, done: true })
    expect(lines.find('NEEDLE', 2, 1, 100).row).toBe(3)
    expect(lines.find('needle', 2, -1, 100).row).toBe(1)
    expect(lines.find('missing', 0, 1, 100)).toEqual({ reached: 4, done: true })
  })

  it('stops after its budget and says where to go on', () => {
    const lines = of('a\n'.repeat(10))
    expect(lines.find('b', 0, 1, 4)).toEqual({ reached: 4, done: false })
  })

  it.each(['ERROR: boom', 'panic: nil map', 'Traceback (most recent call last):', '処理に失敗しました'])(
    'takes %j for an error',
    (line) => {
      expect(of(`fine\nno terror here\n${line}`).findError(0, 100).row).toBe(2)
    },
  )
})
