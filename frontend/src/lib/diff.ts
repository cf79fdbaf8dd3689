/** A line of two texts put together: in both, or in one of them only. */
export interface DiffLine {
  readonly side: 'both' | 'left' | 'right'
  readonly text: string
}

/** Lines that are the same at both ends are left out of the comparison itself; beyond this many it is given up. */
const MOST = 1000

/**
 * The shortest way from one text to the other, line by line. Where the texts differ in more lines than can be compared at
 * once, all of one stand before all of the other. Lines are the same when `key` makes the same of them; the left one is
 * shown then.
 */
export function diffLines(
  left: readonly string[],
  right: readonly string[],
  key: (line: string) => string = (line) => line,
): DiffLine[] {
  const lines = walk(left.map(key), right.map(key))
  const next = { left: 0, right: 0 }
  return lines.map(({ side }) => {
    const text = (side === 'right' ? right[next.right] : left[next.left]) ?? ''
    if (side !== 'right') next.left++
    if (side !== 'left') next.right++
    return { side, text }
  })
}

function walk(left: readonly string[], right: readonly string[]): DiffLine[] {
  let start = 0
  while (start < left.length && start < right.length && left[start] === right[start]) start++
  let end = 0
  while (
    end < left.length - start &&
    end < right.length - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  ) {
    end++
  }
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ side: 'both', text }))
  return [
    ...same(left.slice(0, start)),
    ...middle(left.slice(start, left.length - end), right.slice(start, right.length - end)),
    ...same(left.slice(left.length - end)),
  ]
}

function middle(left: readonly string[], right: readonly string[]): DiffLine[] {
  const only = (side: 'left' | 'right', lines: readonly string[]): DiffLine[] => lines.map((text) => ({ side, text }))
  if (left.length === 0 || right.length === 0 || left.length > MOST || right.length > MOST) {
    return [...only('left', left), ...only('right', right)]
  }
  // How many lines the rests from i and j on have in common.
  const width = right.length + 1
  const common = new Uint16Array((left.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      common[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const out: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) {
      out.push({ side: 'both', text: left[i] ?? '' })
      i++
      j++
    } else if (at(i + 1, j) >= at(i, j + 1)) out.push({ side: 'left', text: left[i++] ?? '' })
    else out.push({ side: 'right', text: right[j++] ?? '' })
  }
  return [...out, ...only('left', left.slice(i)), ...only('right', right.slice(j))]
}

/** Only the lines around differences, with how many were left out before each stretch. */
export function excerpts(lines: readonly DiffLine[], around: number): { skipped: number; lines: DiffLine[] }[] {
  const wanted = lines.map((_, i) =>
    lines.slice(Math.max(0, i - around), i + around + 1).some(({ side }) => side !== 'both'),
  )
  const out: { skipped: number; lines: DiffLine[] }[] = []
  let skipped = 0
  for (const [i, line] of lines.entries()) {
    if (!wanted[i]) {
      skipped++
      continue
    }
    const last = out.at(-1)
    if (last && skipped === 0) last.lines.push(line)
    else out.push({ skipped, lines: [line] })
    skipped = 0
  }
  if (skipped > 0 && out.length > 0) out.push({ skipped, lines: [] })
  return out
}
