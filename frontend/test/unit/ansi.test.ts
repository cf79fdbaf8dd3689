import { describe, expect, it } from 'vitest'
import { PLAIN, parseLine, stripEscapes } from '../../src/lib/ansi.ts'

const ESC = '\u001b'

describe('parseLine', () => {
  it('colours what follows and carries the style to the next line', () => {
    const { spans, end } = parseLine(`a${ESC}[1;31mb`, PLAIN)
    expect(spans).toEqual([
      { text: 'a', style: {} },
      { text: 'b', style: { bold: true, fg: 'red' } },
    ])
    expect(parseLine('c', end).spans).toEqual([{ text: 'c', style: { bold: true, fg: 'red' } }])
  })

  it.each([
    ['reset', `${ESC}[31m${ESC}[0m`, {}],
    ['reset without a number', `${ESC}[31m${ESC}[m`, {}],
    ['default colour only', `${ESC}[1;31;44m${ESC}[39m`, { bold: true, bg: 'blue' }],
    ['bold off', `${ESC}[1;2m${ESC}[22m`, {}],
    ['bright', `${ESC}[92;101m`, { fg: 'bright-green', bg: 'bright-red' }],
    ['256 colours', `${ESC}[38;5;9m`, { fg: 'bright-red' }],
    ['colour cube', `${ESC}[38;5;196m`, { fg: 'bright-red' }],
    ['true colour', `${ESC}[38;2;0;0;160m`, { fg: 'blue' }],
    ['true colour with colons', `${ESC}[38:2:0:200:0m`, { fg: 'green' }],
    ['true colour with a colour space', `${ESC}[38:2::0:200:0m`, { fg: 'green' }],
    ['a colour of 256 with colons, and what follows', `${ESC}[38:5:9;1m`, { fg: 'bright-red', bold: true }],
    ['the colour of an underline, which has none here', `${ESC}[58;5;1m${ESC}[58:2::1:3:4m`, {}],
    ['a curly underline', `${ESC}[4:3m`, { underline: true }],
    ['no underline', `${ESC}[4m${ESC}[4:0m`, {}],
    ['a colour that is cut off', `${ESC}[38m${ESC}[48m`, {}],
    ['hidden text, which is shown', `${ESC}[8m`, {}],
    ['unknown numbers', `${ESC}[999m`, {}],
    ['eight-bit CSI', '\u009b32m', { fg: 'green' }],
  ])('%s', (_, text, style) => {
    expect(parseLine(text, PLAIN).end).toEqual(style)
  })

  it.each([
    ['a title', `a${ESC}]0;owned\u0007b`],
    ['a link', `a${ESC}]8;;https://evil.example${ESC}\\b`],
    ['an unterminated string', `ab${ESC}]52;c;cHduZWQ=`],
    ['cursor moves and erasing', `a${ESC}[2J${ESC}[10;10H${ESC}[Kb`],
    ['a device string', `a${ESC}P1$r${ESC}\\b`],
    ['a charset', `a${ESC}(Bb`],
    ['a bare escape', `ab${ESC}`],
    ['an unfinished sequence', `ab${ESC}[3`],
  ])('drops %s', (_, text) => {
    expect(stripEscapes(text)).toBe('ab')
    expect(
      parseLine(text, PLAIN)
        .spans.map((s) => s.text)
        .join(''),
    ).toBe('ab')
    expect(parseLine(text, PLAIN).end).toEqual({})
  })
})
