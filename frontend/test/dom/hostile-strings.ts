/** Texts that must stay texts wherever they are shown. */
export const HOSTILE: readonly string[] = [
  '<img src=x onerror="globalThis.owned = true">',
  '<script>globalThis.owned = true</script>',
  '"><svg onload=globalThis.owned=true>',
  "' onmouseover='globalThis.owned=true",
  '&lt;b&gt;&amp;<b>bold</b>',
  '&#60;img src=x onerror=globalThis.owned=true&#62;',
  '<!--<img src=x onerror=globalThis.owned=true>-->',
  '</td></tr></table><iframe srcdoc="<script>parent.owned=true</script>">',
  'javascript:globalThis.owned=true',
  '<a href="javascript:globalThis.owned=true">click</a>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must not be taken for one
  '${globalThis.owned=true}',
  '{{constructor.constructor("globalThis.owned=true")()}}',
  '<template><img src=x onerror=globalThis.owned=true></template>',
  '<math><mtext></mtext><style><img src=x onerror=globalThis.owned=true></style></math>',
  'plain\u202Etxt.exe',
  'zero\u200Bwidth\u0000nul\u001b[31m',
  '__proto__',
  'constructor',
]

const FORBIDDEN =
  'img, script, svg, iframe, b, template:not(#ops-partial-modal), math, style, object, embed, link, meta, base, form'

/** The elements that a text could have become. */
export function intruders(root: ParentNode): Element[] {
  return [...root.querySelectorAll(FORBIDDEN)].concat(
    [...root.querySelectorAll('*')].filter((e) => e.getAttributeNames().some((name) => name.startsWith('on'))),
  )
}
