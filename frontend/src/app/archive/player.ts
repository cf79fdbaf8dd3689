import type { Moment } from '../../api/archive.ts'
import { PACES, type Pace, play } from './steps.ts'

/** How long a step of the player is seen at least, in milliseconds. */
const BEAT = 1000

/** What the player moves. */
export interface Played {
  /** The instant that is shown, in milliseconds. */
  at(): number
  /** The end of the archive's window. */
  end(): number
  moments(): readonly Moment[]
  /** Shows another instant, at which something happened or not; resolves when the screens are as of it. */
  go(at: number, happened: Moment | undefined): Promise<void>
  /** Called when it begins or stops. */
  changed(): void
}

/** Moves the moment on, a step a second, until its end, something that happened, or the operator stops it. */
export interface Player {
  readonly playing: boolean
  pace: Pace
  /** Whether it stops where something happened. */
  stops: boolean
  toggle(): void
  stop(): void
}

/** Makes a player. For whoever wants no motion, it takes a single step each time that it is started. */
export function createPlayer(signal: AbortSignal, played: Played): Player {
  let resting: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  const player = {
    playing: false,
    pace: '10m' as Pace,
    stops: true,
    toggle() {
      if (player.playing) return stop()
      if (played.at() >= played.end()) return
      player.playing = true
      played.changed()
      void step(++turn)
    },
    stop,
  }

  function stop(): void {
    clearTimeout(resting)
    turn++
    if (!player.playing) return
    player.playing = false
    played.changed()
  }

  async function step(mine: number): Promise<void> {
    const began = performance.now()
    const next = play(played.at(), PACES[player.pace], played.end(), player.stops ? played.moments() : [])
    await played.go(next.at, next.happened)
    if (mine !== turn) return
    if (next.happened || next.at >= played.end() || calm()) return stop()
    resting = setTimeout(() => void step(mine), Math.max(0, BEAT - (performance.now() - began)))
  }

  signal.addEventListener('abort', stop)
  document.addEventListener('visibilitychange', () => document.hidden && stop(), { signal })
  return player
}

/** Whether the operator's system asks for no motion. */
export function calm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}
