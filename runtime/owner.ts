// Which process this is, said so that another one can tell whether it is still there: by its id and, since ids are given again, by the moment
// at which it began. What is asked is the system and never the process itself, whose event loop may be blocked for long.

import { randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface Owner {
  /** Where process ids mean the same: one boot of one machine, and on Linux one namespace of ids in it, as each container has its own. */
  readonly place: string
  readonly pid: number
  /** When it began, in the system's own count; empty where that cannot be told. */
  readonly began: string
  /** Tells apart what runs in one process: it may have loaded this twice, or have threads. */
  readonly instance: string
}

let known: Owner | undefined

export function thisOwner(): Owner {
  known ??= { place: here(), pid: process.pid, began: statOf('self')?.began ?? '', instance: randomBytes(6).toString('hex') }
  return known
}

/** `elsewhere`: it is in a place from which nobody here can tell. */
export function standing({ place, pid, began }: Owner): 'alive' | 'dead' | 'elsewhere' {
  if (place !== thisOwner().place) return 'elsewhere'
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: there is one, and it is another user's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'dead'
  }
  const stat = statOf(pid)
  if (stat === undefined || began === '') return 'alive'
  return stat.began === began && !stat.ended ? 'alive' : 'dead'
}

function here(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** What Linux tells of a process: proc_pid_stat(5), state (3) and starttime (22). `ended`: killed, and nobody has asked for its exit yet. */
function statOf(pid: number | 'self'): { readonly began: string; readonly ended: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the name in brackets, and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { began: fields[19] ?? '', ended: fields[0] === 'Z' || fields[0] === 'X' }
  } catch {
    return undefined
  }
}
