import { render } from 'lit-html'
import { onTheme } from '../lib/theme.ts'
import { t } from '../text/text.ts'
import { alternative } from './chart/alternative.ts'
import { chartOptions } from './chart/options.ts'
import type { Chart, ChartOptions, ChartSpec } from './chart/types.ts'

export type { ByName, Chart, ChartOptions, ChartSpec, Lanes, OverTime, Series, Stretch } from './chart/types.ts'

/**
 * Puts a chart into the host. It keeps its height from the start, follows the theme and the host's width, has its
 * numbers as a table, and is gone when the signal aborts. The engine is loaded with the first chart.
 */
export function createChart(host: HTMLElement, signal: AbortSignal, options: ChartOptions): Chart {
  const element = document.createElement('figure')
  element.className = `ops-chart ops-chart-${options.size ?? 'medium'}`
  const canvas = document.createElement('div')
  canvas.className = 'ops-chart-canvas'
  canvas.setAttribute('role', 'img')
  canvas.setAttribute('aria-label', options.label)
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.textContent = t('chart.numbers')
  const table = document.createElement('div')
  table.className = 'ops-chart-table'
  table.tabIndex = 0
  table.setAttribute('role', 'region')
  table.setAttribute('aria-label', options.label)
  details.append(summary, table)
  element.append(canvas, details)
  host.append(element)

  let spec: ChartSpec | undefined
  let engine: typeof import('./chart/engine.ts') | undefined
  let chart: ReturnType<typeof import('./chart/engine.ts')['init']> | undefined

  function draw(): void {
    if (!spec) return
    resize()
    chart?.setOption(chartOptions(spec), { notMerge: true })
    if (details.open) render(alternative(options.label, spec), table)
  }

  /**
   * Gives the chart the size of its canvas. The engine takes the "100%" of a hidden canvas for 100 pixels, so the chart
   * begins with the first size there is.
   */
  function resize(): void {
    if (!engine || canvas.clientWidth === 0) return
    if (!chart) {
      chart = engine.init(canvas, null, { renderer: 'canvas' })
      chart.on('click', (event) => {
        if (spec?.kind === 'lanes') options.onPick?.(String(event.name))
        else options.onPick?.(String(event.dataIndex), event.seriesIndex)
      })
    } else if (chart.getWidth() !== canvas.clientWidth || chart.getHeight() !== canvas.clientHeight) chart.resize()
  }

  async function load(): Promise<void> {
    engine = await import('./chart/engine.ts')
    if (!signal.aborted) draw()
  }

  const resizes = new ResizeObserver(() => (chart ? resize() : draw()))
  resizes.observe(canvas)
  onTheme(signal, draw)
  details.addEventListener('toggle', draw, { signal })
  signal.addEventListener('abort', () => {
    resizes.disconnect()
    chart?.dispose()
    element.remove()
  })
  void load()

  return {
    element,
    draw(next) {
      spec = next
      draw()
    },
  }
}
