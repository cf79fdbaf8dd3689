/** Texts that a careless screen would run, obey or be turned around by. Each would set window.__pwned or ask a server. */
export const HOSTILE = [
  '<img src=x onerror="window.__pwned=1">',
  '</script><script>window.__pwned=1</script>',
  '"><svg/onload=window.__pwned=1>',
  "'-(window.__pwned=1)-'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template's syntax, as foreign text
  '${window.__pwned=1}{{constructor.constructor("window.__pwned=1")()}}',
  '<style>@import "https://hostile.example/a.css"</style><link rel=prefetch href=https://hostile.example/b>',
  '<a href="javascript:window.__pwned=1">https://hostile.example/</a>',
  'invoice\u202efdp.exe \u2066isolated\u200b\ufeff',
  '\u001b[31mred\u001b[0m\u001b]8;;https://hostile.example/\u0007link\u001b]8;;\u0007\u001b[2J\u0007',
  '=cmd|" /C calc"!A0',
  '../../etc/passwd%00',
] as const

/** All of them in one text of at most `length` characters. */
export function hostileText(length: number): string {
  return HOSTILE.join(' ')
    .repeat(Math.ceil(length / 400))
    .slice(0, length)
}
