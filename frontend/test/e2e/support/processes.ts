import { readdirSync, readFileSync } from 'node:fs'

export interface Process {
  pid: number
  parent: number
  command: string
}

/** Every process of this machine; zombies, which no longer run, are left out. */
export function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        // The name stands in parentheses and may hold anything.
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (state === 'Z') return []
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return [{ pid: Number(pid), parent: Number(parent), command }]
      } catch {
        return [] // it has just ended
      }
    })
}

/** A process and all that descend from it. */
export function tree(root: number): number[] {
  const all = processes()
  const found = [root]
  for (const pid of found) found.push(...all.filter((p) => p.parent === pid).map((p) => p.pid))
  return found
}
