// What the calls of memoized functions came to in this process, for `mintmark cache stats`. Only where MINTMARK_STATS is `1`, so that a hit
// costs nothing otherwise; one record at the end of the process. Runs of flows have their figures in their own records.

import { encode } from './codec.js'
import { FORMAT } from './contract.js'
import { newRunId } from './journal.js'
import { thisProcess } from './settings.js'
import type { Store } from './store.js'
import { tellStore } from './trouble.js'

/** The part of the room `runs` where those records are. No flow's name makes this one. */
export const STATS_FOLDER = '=stats='

export interface Figures {
  hits: number
  /** What the executions took that were not repeated, in milliseconds. */
  savedMs: number
  runs: number
  ranMs: number
  /** Why the runs were no hits. */
  readonly misses: Record<string, number>
}

export interface StatsRecord {
  readonly format: number
  /** Milliseconds since the epoch. */
  readonly started: number
  readonly ended: number
  readonly writer: string
  /** By `file#name`. */
  readonly functions: Readonly<Record<string, Figures>>
}

/** Whether anyone asked. */
export const isTallied = process.env.MINTMARK_STATS === '1'
const started = Date.now()
const tallies = new Map<Store, Map<string, Figures>>()

export function noteHit(store: Store, step: string, savedMs: number): void {
  if (!isTallied) return
  const figures = figuresOf(store, step)
  figures.hits++
  figures.savedMs += savedMs
}

export function noteRun(store: Store, step: string, why: string, ranMs: number): void {
  if (!isTallied) return
  const figures = figuresOf(store, step)
  figures.runs++
  figures.ranMs += ranMs
  figures.misses[why] = (figures.misses[why] ?? 0) + 1
}

function figuresOf(store: Store, step: string): Figures {
  let steps = tallies.get(store)
  if (steps === undefined) {
    steps = new Map()
    tallies.set(store, steps)
  }
  let figures = steps.get(step)
  if (figures === undefined) {
    figures = { hits: 0, savedMs: 0, runs: 0, ranMs: 0, misses: {} }
    steps.set(step, figures)
  }
  return figures
}

function writeAll(): void {
  const all = [...tallies]
  // What comes after is another record.
  tallies.clear()
  for (const [store, steps] of all) {
    const record: StatsRecord = { format: FORMAT, started, ended: Date.now(), writer: thisProcess(), functions: Object.fromEntries(steps) }
    store
      .put('runs', `${STATS_FOLDER}/${newRunId(record.ended)}`, encode(record))
      .catch((error: unknown) => tellStore(error, 'write to', store, false))
  }
}

if (isTallied) {
  process.on('beforeExit', writeAll)
  // After `process.exit()` a folder still takes it, since its calls are synchronous; a bucket does not.
  process.on('exit', writeAll)
}
