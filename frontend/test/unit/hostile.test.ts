import { describe, expect, it } from 'vitest'
import { cut, pieces, visible } from '../../src/lib/hostile.ts'

describe('visible', () => {
  it.each([
    ['plain text, 日本語, émoji 😀', 'plain text, 日本語, émoji 😀'],
    ['a\u202Eb', 'a⟨RLO⟩b'],
    ['a\u200Bb\u200D', 'a⟨ZWSP⟩b⟨ZWJ⟩'],
    ['\u0000\u001b[31m', '⟨NUL⟩⟨ESC⟩[31m'],
    ['tab\tline\nend\r', 'tab⟨HT⟩line⟨LF⟩end⟨CR⟩'],
    ['\u007f\u0085', '⟨DEL⟩⟨U+0085⟩'],
    ['\ufefftext', '⟨BOM⟩text'],
    ['x\u{e0041}y', 'x⟨U+E0041⟩y'],
    ['lone \ud800 surrogate', 'lone ⟨U+D800⟩ surrogate'],
    ['\u2066a\u2069', '⟨LRI⟩a⟨PDI⟩'],
  ])('shows %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('keeps what it is told to keep', () => {
    expect(visible('a\n\tb\u0000', '\n\t')).toBe('a\n\tb⟨NUL⟩')
  })
})

describe('pieces', () => {
  it('gives the harmless stretches and the tokens in order, losing nothing', () => {
    const found = pieces('a\u202Eb\u0000')
    expect(found).toEqual([
      'a',
      { token: '⟨RLO⟩', name: 'U+202E' },
      'b',
      { token: '␀', name: 'U+0000', letters: 'NUL' },
    ])
  })

  it('gives nothing for an empty text', () => {
    expect(pieces('')).toEqual([])
  })
})

describe('cut', () => {
  it('leaves a short text alone', () => {
    expect(cut('abc', 3)).toEqual({ text: 'abc', rest: 0 })
  })

  it('never cuts a character in two', () => {
    expect(cut('ab😀', 3)).toEqual({ text: 'ab', rest: 2 })
    expect(cut('a😀b', 3)).toEqual({ text: 'a😀', rest: 1 })
  })
})
