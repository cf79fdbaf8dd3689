/** A series that a token colours, such as "--ops-run-failed". */
export interface Series {
  name: string
  token: string
  /** A value for each point; null leaves a gap. */
  values: readonly (number | null)[]
}

/** Values over equal stretches of time, as stacked bars or as lines. */
export interface OverTime {
  kind: 'bars' | 'lines'
  from: Date
  bucketMs: number
  series: readonly Series[]
  /** How a value is printed; whole numbers by default. */
  format?(value: number): string
}

/** Small bars by name, the longest on top as given. */
export interface ByName {
  kind: 'names'
  names: readonly string[]
  series: readonly Series[]
  format?(value: number): string
}

/** Stretches on lanes over a time axis. */
export interface Lanes {
  kind: 'lanes'
  from: Date
  to: Date
  lanes: readonly string[]
  stretches: readonly Stretch[]
}

export interface Stretch {
  lane: number
  id: string
  from: Date
  to: Date
  token: string
  /** Said in the tooltip and the table. */
  label: string
}

export type ChartSpec = OverTime | ByName | Lanes

export interface ChartOptions {
  /** The accessible name; also the caption of the table. */
  label: string
  size?: 'small' | 'medium' | 'lane'
  /** A click on a stretch's id, or on a bar's index and the series it belongs to. */
  onPick?(id: string, series?: number): void
}

export interface Chart {
  readonly element: HTMLElement
  draw(spec: ChartSpec): void
}
