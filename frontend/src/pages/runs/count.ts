import type { RunCount } from '../../api/runs.ts'
import { preferences } from '../../lib/preferences.ts'
import { t } from '../../text/text.ts'

/** How many runs match, in words that say how sure that is. */
export function countWords(count: RunCount): string {
  if (count.unknown) return t('runs.count.many')
  if (!count.capped) return t('runs.count', { n: count.n })
  return t('runs.count.capped', { n: count.n, guess: rounded(count.guess) })
}

/** A guess with as many digits as it deserves: "1.2 million", "120万". */
function rounded(guess: number): string {
  return new Intl.NumberFormat(preferences().language, {
    notation: 'compact',
    compactDisplay: 'long',
    maximumSignificantDigits: 2,
  }).format(guess)
}
