import { describe, expect, it } from 'vitest'
import { prettyJson } from '../../src/lib/json.ts'

const joined = (text: string) =>
  prettyJson(text)
    .map((p) => p.text)
    .join('')

describe('a JSON text', () => {
  it('is indented anew, and nothing of it changes', () => {
    const text = '{"a": [1, 2.50, {"b": null}], "n": 12345678901234567890, "e": {}, "l": [], "s": "x\\"y, {z}"}'
    const pretty = joined(text)
    expect(JSON.parse(pretty)).toEqual(JSON.parse(text))
    expect(pretty).toContain('12345678901234567890')
    expect(pretty).toContain('2.50')
    expect(pretty.split('\n').slice(0, 4)).toEqual(['{', '  "a": [', '    1,', '    2.50,'])
    expect(pretty).toContain('"e": {},')
  })

  it('knows names from texts, numbers and words', () => {
    const kinds = prettyJson('{"a": "a", "b": -1e5, "c": true}').filter((p) => p.kind !== 'sign' && p.kind !== 'space')
    expect(kinds.map((p) => p.kind)).toEqual(['name', 'text', 'name', 'number', 'name', 'word'])
  })

  it.each(['', 'not json', '{"a": <b>}', '"unfinished'])('stays as it is when it is none: %j', (text) => {
    expect(joined(text)).toBe(text)
  })

  it('survives any depth', () => {
    const deep = '['.repeat(5000) + ']'.repeat(5000)
    expect(joined(deep).replace(/\s/g, '')).toBe(deep)
  })
})
