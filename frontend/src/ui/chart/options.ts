import type { CustomSeriesOption } from 'echarts/charts'
import type { EChartsCoreOption } from 'echarts/core'
import { count, fullTime, printTime } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { activeTheme, token } from '../../lib/theme.ts'
import type { ByName, ChartSpec, Lanes, OverTime } from './types.ts'

/** What ECharts is told to draw, in the colours of the theme in force. */
export function chartOptions(spec: ChartSpec): EChartsCoreOption {
  const common = base()
  switch (spec.kind) {
    case 'bars':
    case 'lines':
      return { ...common, ...overTime(spec) }
    case 'names':
      return { ...common, ...byName(spec) }
    case 'lanes':
      return { ...common, ...lanes(spec) }
  }
}

function base(): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token('--ops-fg') },
    aria: { enabled: false, decal: { show: activeTheme() === 'contrast' } },
    grid: { left: 8, right: 12, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
  }
}

function tooltip(more: Record<string, unknown>): Record<string, unknown> {
  return {
    renderMode: 'richText',
    confine: true,
    backgroundColor: token('--ops-surface'),
    borderColor: token('--ops-border'),
    textStyle: { color: token('--ops-fg'), fontSize: 12 },
    ...more,
  }
}

const line = () => ({ lineStyle: { color: token('--ops-border') } })
const label = () => ({ color: token('--ops-muted'), fontSize: 11, hideOverlap: true })

/** Below this span, in milliseconds, minutes don't tell the ticks of an axis apart. */
const SHORT = 10 * 60_000
/** Above this one, hours don't. */
const LONG = 40 * 3_600_000

function timeAxis(from: number, to: number): Record<string, unknown> {
  const length = to - from < SHORT ? 8 : 5
  const print = (value: number) => {
    const printed = printTime(new Date(value))
    return to - from > LONG ? printed.date.slice(5) : printed.time.slice(0, length)
  }
  return {
    type: 'time',
    min: from,
    max: to,
    ...(to - from > LONG ? { minInterval: 24 * 3_600_000 } : {}),
    axisLine: line(),
    axisTick: { show: false },
    axisLabel: { ...label(), formatter: print },
    splitLine: { show: false },
  }
}

function valueAxis(format: (value: number) => string): Record<string, unknown> {
  return {
    type: 'value',
    axisLabel: { ...label(), formatter: format },
    splitLine: line(),
    minInterval: 1,
  }
}

function legend(names: readonly string[]): Record<string, unknown> {
  return {
    data: [...names],
    top: 0,
    left: 0,
    itemWidth: 10,
    itemHeight: 10,
    icon: 'roundRect',
    textStyle: { color: token('--ops-muted'), fontSize: 12 },
    inactiveColor: token('--ops-border'),
  }
}

function overTime(spec: OverTime): EChartsCoreOption {
  const format = spec.format ?? count
  const start = (i: number) => spec.from.getTime() + i * spec.bucketMs
  // A bar stands in the middle of its stretch.
  const at = (i: number) => start(i) + (spec.kind === 'bars' ? spec.bucketMs / 2 : 0)
  const names = spec.series.map((s) => visible(s.name))
  const many = spec.series.length > 1
  return {
    ...(many ? { legend: legend(names) } : {}),
    grid: {
      left: 8,
      right: 12,
      top: many ? 30 : 12,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: tooltip({
      trigger: 'axis',
      axisPointer: { type: spec.kind === 'bars' ? 'shadow' : 'line', label: { show: false } },
      formatter: (points: { dataIndex: number; seriesIndex: number }[]) => {
        const index = points[0]?.dataIndex ?? 0
        const lines = points.flatMap((p) => {
          const value = spec.series[p.seriesIndex]?.values[index]
          return value ? [`${names[p.seriesIndex]}  ${format(value)}`] : []
        })
        return [fullTime(new Date(start(index))).replace(/\.\d+/, ''), ...lines].join('\n')
      },
    }),
    xAxis: timeAxis(start(0), start(Math.max(1, spec.series[0]?.values.length ?? 1))),
    yAxis: valueAxis(format),
    series: spec.series.map((s, i) => ({
      name: names[i],
      type: spec.kind === 'bars' ? 'bar' : 'line',
      ...(spec.kind === 'bars'
        ? { stack: 'all', barMaxWidth: 24, barCategoryGap: '15%' }
        : { showSymbol: lone(s.values), symbolSize: 5 }),
      itemStyle: { color: token(s.token) },
      lineStyle: { color: token(s.token), width: 1.5 },
      data: s.values.map((value, j) => [at(j), value]),
    })),
  }
}

/** Whether some value has no neighbour that a line could lead to. */
function lone(values: readonly (number | null)[]): boolean {
  const gap = (i: number) => (values[i] ?? null) === null
  return values.some((_, i) => !gap(i) && gap(i - 1) && gap(i + 1))
}

function byName(spec: ByName): EChartsCoreOption {
  const format = spec.format ?? count
  return {
    tooltip: tooltip({ trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: format }),
    xAxis: valueAxis(format),
    yAxis: {
      type: 'category',
      inverse: true,
      data: spec.names.map((n) => visible(n)),
      axisLine: line(),
      axisTick: { show: false },
      axisLabel: { ...label(), width: 160, overflow: 'truncate' },
    },
    series: spec.series.map((s) => ({
      name: visible(s.name),
      type: 'bar',
      stack: 'all',
      barMaxWidth: 14,
      itemStyle: { color: token(s.token) },
      data: [...s.values],
    })),
  }
}

function lanes(spec: Lanes): EChartsCoreOption {
  const series: CustomSeriesOption = {
    type: 'custom',
    encode: { x: [1, 2], y: 0 },
    data: spec.stretches.map((s) => ({
      name: s.id,
      value: [s.lane, s.from.getTime(), s.to.getTime()],
      itemStyle: { color: token(s.token) },
    })),
    renderItem: (_params, api) => {
      const [x = 0, y = 0] = api.coord([api.value(1), api.value(0)])
      const [end = 0] = api.coord([api.value(2), api.value(0)])
      const size = api.size?.([0, 1])
      const band = Array.isArray(size) ? (size[1] ?? 0) : 0
      const height = Math.min(18, band * 0.7)
      // A run of a second is still something to see and to click.
      return {
        type: 'rect',
        shape: { x, y: y - height / 2, width: Math.max(3, end - x), height, r: 2 },
        style: { fill: api.visual('color') as string },
      }
    },
  }
  return {
    tooltip: tooltip({
      trigger: 'item',
      formatter: (point: { dataIndex: number }) => visible(spec.stretches[point.dataIndex]?.label ?? '', '\n'),
    }),
    xAxis: timeAxis(spec.from.getTime(), spec.to.getTime()),
    yAxis: {
      type: 'category',
      data: spec.lanes.map((n) => visible(n)),
      axisLine: line(),
      axisTick: { show: false },
      axisLabel: label(),
    },
    series: [series],
  }
}
