import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program under test, with everything that it has said so far. */
export interface Program {
  readonly pid: number
  /** Resolves when a line that the program says contains the text; fails when the program ends first. */
  says(text: string, timeout: number): Promise<void>
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>
}

/**
 * Starts a program, and gives it its input. Its output is kept for the message of a failure and shown when OPSDECK_E2E_VERBOSE is
 * set.
 */
export function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Program {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
  child.stdin.end(input)
  const lines: string[] = []
  const heard = new Set<() => void>()
  const hear = (line: string) => {
    lines.push(line)
    if (process.env.OPSDECK_E2E_VERBOSE) process.stderr.write(`${line}\n`)
    for (const look of heard) look()
  }
  createInterface({ input: child.stdout }).on('line', hear)
  createInterface({ input: child.stderr }).on('line', hear)
  const ended = once(child, 'exit')
  ended.then(([code, signal]) => hear(`(ended with ${signal ?? code})`))

  return {
    pid: child.pid ?? 0,
    says: (text, timeout) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void) => {
          clearTimeout(timer)
          heard.delete(look)
          finish()
        }
        const fail = (why: string) =>
          settle(() => reject(new Error(`${command} ${why}; it said:\n${lines.slice(-40).join('\n')}`)))
        const timer = setTimeout(() => fail(`did not say “${text}” within ${timeout} ms`), timeout)
        const look = () => {
          if (lines.some((line) => line.includes(text))) settle(resolve)
          else if (hasEnded(child)) fail(`ended before it said “${text}”`)
        }
        heard.add(look)
        look()
      }),
    stop: async () => {
      if (!hasEnded(child)) child.kill('SIGTERM')
      await ended
    },
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null
