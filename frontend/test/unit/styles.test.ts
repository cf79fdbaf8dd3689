import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Color,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
} from 'culori'
import { describe, expect, it } from 'vitest'

const styles = join(import.meta.dirname, '../../src/styles')
const css = (name: string) => readFileSync(join(styles, name), 'utf8')
const files = readdirSync(styles).filter((f) => f.endsWith('.css'))
const tokenFiles = files.filter((f) => f.startsWith('tokens'))

/** The colours of a theme: the light ones, overridden. */
function theme(file: string): Map<string, string> {
  const tokens = new Map<string, string>()
  for (const source of new Set(['tokens.css', file])) {
    for (const [, name = '', value = ''] of css(source).matchAll(/(--ops-[\w-]+):\s*(#[0-9a-f]+);/g))
      tokens.set(name, value)
  }
  return tokens
}

function luminance(hex: string): number {
  const part = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

describe('styles', () => {
  it.each(files.filter((f) => !tokenFiles.includes(f)))('%s has no colour of its own', (file) => {
    const rules = css(file).replace(/\/\*[\s\S]*?\*\//g, '')
    expect(rules).not.toMatch(/#[0-9a-f]{3,8}\b/i)
    expect(rules).not.toMatch(/\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(/i)
    expect(rules).not.toMatch(
      /:\s*[^;{]*(?<![-\w])(white|black|red|green|blue|gr[ae]y|orange|yellow|purple)\b(?![-\w])/,
    )
  })

  it('define every token that they use', () => {
    const all = files.map(css).join('\n')
    const defined = new Set([...all.matchAll(/(--ops-[\w-]+):/g)].map((m) => m[1]))
    const used = new Set([...all.matchAll(/var\((--ops-[\w-]+)/g)].map((m) => m[1]))
    expect([...used].filter((name) => !defined.has(name))).toEqual([])
  })

  it.each(['tokens-dark.css', 'tokens-contrast.css'])('%s sets every colour anew', (file) => {
    const names = (source: string) => [...css(source).matchAll(/(--ops-[\w-]+):/g)].map((m) => m[1]).sort()
    expect(names(file)).toEqual(names('tokens.css'))
  })

  describe.each(tokenFiles)('the contrasts of %s', (file) => {
    const tokens = theme(file)
    const colour = (name: string) => tokens.get(`--ops-${name}`) ?? ''
    const pairs: [string, string, number][] = [
      ...['fg', 'muted', 'accent', 'danger', 'success', 'warning', 'info'].flatMap(
        (text): [string, string, number][] => [
          [text, 'bg', 4.5],
          [text, 'surface', 4.5],
          [text, 'surface-hover', 4.5],
        ],
      ),
      ['on-accent', 'accent', 4.5],
      ['on-danger', 'danger', 4.5],
      ['on-mark', 'mark', 4.5],
      ['control-border', 'surface', 3],
      ...['sandbox', 'development', 'staging', 'production'].map((k): [string, string, number] => [
        'on-env',
        `env-${k}`,
        4.5,
      ]),
      ...[...tokens.keys()]
        .filter((n) => n.startsWith('--ops-run-'))
        .map((n): [string, string, number] => [n.slice(6), 'surface', 3]),
      ...[...tokens.keys()]
        .filter((n) => n.startsWith('--ops-ansi-'))
        .map((n): [string, string, number] => [n.slice(6), 'surface', 4.5]),
    ]
    it.each(pairs)('%s on %s is at least %d', (text, ground, least) => {
      expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(least)
    })
  })

  // One man in twelve can't tell some hues apart. Shapes and words carry every state too; bars of a chart have only these.
  describe.each(tokenFiles)('the colours of %s, seen by people who', (file) => {
    const distance = differenceCiede2000()
    const views: [string, (colour: Color) => Color][] = [
      ['see all colours', (c) => c],
      ['see no red', filterDeficiencyProt(1)],
      ['see no green', filterDeficiencyDeuter(1)],
      ['see no blue', filterDeficiencyTrit(1)],
    ]
    const families: [string, number][] = [
      ['run', 10.5],
      ['env', 15],
    ]
    it.each(views.flatMap(([who, view]) => families.map(([family, least]) => [who, family, least, view] as const)))(
      '%s: those of %s differ by at least %d (CIEDE2000)',
      (_, family, least, view) => {
        const tokens = [...theme(file)]
          .filter(([name]) => name.startsWith(`--ops-${family}-`))
          .map(([name, value]) => [name, parse(value) as Color] as const)
        expect(tokens.length).toBeGreaterThan(3)
        const near = tokens.flatMap(([a, x], i) =>
          tokens.slice(i + 1).flatMap(([b, y]) => {
            const apart = distance(view(x), view(y))
            return apart < least ? [`${a} and ${b}: ${apart.toFixed(1)}`] : []
          }),
        )
        expect(near).toEqual([])
      },
    )
  })
})
