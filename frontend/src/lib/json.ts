/** A part of a JSON text, as it should look. */
export interface JsonPart {
  readonly kind: 'name' | 'text' | 'number' | 'word' | 'sign' | 'space'
  readonly text: string
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]|\s+/gy

/**
 * Splits a JSON text into parts and indents it anew. Numbers and names stay as they are written, which JSON.parse would
 * not keep. A text that is not JSON comes back as one part.
 */
export function prettyJson(text: string): JsonPart[] {
  const parts: JsonPart[] = []
  let depth = 0
  let at = 0
  const line = () => ({ kind: 'space', text: `\n${'  '.repeat(Math.min(depth, 40))}` }) as const
  const tokens = tokensOf(text)
  if (!tokens) return [{ kind: 'text', text }]
  for (const token of tokens) {
    const next = tokens[at + 1]
    const before = tokens[at - 1]
    if (token === '{' || token === '[') {
      parts.push({ kind: 'sign', text: token })
      depth++
      if (next !== '}' && next !== ']') parts.push(line())
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1)
      if (before !== '{' && before !== '[') parts.push(line())
      parts.push({ kind: 'sign', text: token })
    } else if (token === ',') parts.push({ kind: 'sign', text: token }, line())
    else if (token === ':') parts.push({ kind: 'sign', text: ': ' })
    else parts.push({ kind: kindOf(token, next), text: token })
    at++
  }
  return parts
}

/** The same by line; each line but the first begins with the space that broke it. */
export function prettyLines(text: string): JsonPart[][] {
  const lines: JsonPart[][] = [[]]
  for (const part of prettyJson(text)) {
    if (part.kind === 'space') lines.push([])
    lines.at(-1)?.push(part)
  }
  return lines
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    if (match[0].trim() !== '') tokens.push(match[0])
    end = match.index + match[0].length
  }
  return end === text.length ? tokens : undefined
}

function kindOf(token: string, next: string | undefined): JsonPart['kind'] {
  if (token.startsWith('"')) return next === ':' ? 'name' : 'text'
  return /^[-\d]/.test(token) ? 'number' : 'word'
}
