/**
 * How programs write when something happened: dates with or without a time, times of day, and the seconds since 1970 that begin
 * a line. Offsets and fractions belong to them.
 */
const STAMP =
  /\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ,]+\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?)?(?:\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2}(?: \d{2}:\d{2}:\d{2})?|\d{4}年\d{1,2}月\d{1,2}日(?:\s?\d{1,2}時\d{1,2}分(?:\d{1,2}秒)?)?|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?|^\[?\d{10}(?:\.\d+)?\]?(?=\s)/g

/** The text with one sign for every time stamp: what is left of two lines that say the same at different times. */
export function withoutStamps(text: string): string {
  return text.replace(STAMP, '⏱')
}
