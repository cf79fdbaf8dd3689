import { html, svg, type TemplateResult } from 'lit-html'

/** Small bars without axes: how something spread over time, the oldest first. The label says it in words. */
export function spark(values: readonly number[], label: string): TemplateResult {
  const most = Math.max(1, ...values)
  const width = 100 / Math.max(1, values.length)
  return html`<svg class="ops-spark" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label=${label}>
    ${values.map((n, i) => {
      const height = n === 0 ? 0.6 : Math.max(2, (n / most) * 20)
      return svg`<rect class=${n === 0 ? 'ops-spark-none' : ''} x=${i * width} y=${20 - height} width=${width * 0.8} height=${height} />`
    })}
  </svg>`
}
