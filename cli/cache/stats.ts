// `mintmark cache stats`: what the cache has been worth, from the records of runs and processes, and what it holds.

import type { RunRecord } from '../../runtime/journal.js'
import { ROOMS, type Room, type Store } from '../../runtime/store.js'
import type { Figures, StatsRecord } from '../../runtime/tally.js'
import { ahead } from './desk.js'
import { type RunGroup, readRecord, runGroups } from './records.js'

/** Of a flow or a function. */
export interface Worth {
  /** Runs of a flow, or processes in which a function was called. */
  runs: number
  executed: number
  hits: number
  /** Taken over from a run that was resumed. */
  resumed: number
  failed: number
  savedMs: number
  misses: Record<string, number>
}

export interface Stats {
  readonly flows: Record<string, Worth>
  readonly functions: Record<string, Worth>
  readonly rooms: Record<Room, { count: number; bytes: number }>
}

export interface StatsOptions {
  /** Milliseconds since the epoch: what ended before does not count. */
  readonly since: number
  readonly progress: (text: string) => void
}

export async function gatherStats(store: Store, { since, progress }: StatsOptions): Promise<Stats> {
  const stats: Stats = { flows: {}, functions: {}, rooms: { entries: nothing(), blobs: nothing(), runs: nothing(), claims: nothing() } }
  let read = 0

  async function look(group: RunGroup): Promise<void> {
    const { runs } = stats.rooms
    runs.count += group.records.length
    runs.bytes += group.bytes
    if (group.modified < since) return
    progress(`${++read} records`)
    const id = group.kind === 'stats' ? group.name : `${group.name}/run`
    const record = group.kind === 'items' ? undefined : await readRecord(store, id)
    if (typeof record !== 'object' || record === null) return
    if (group.kind === 'stats')
      for (const [step, figures] of Object.entries((record as StatsRecord).functions ?? {})) addFunction(step, figures)
    else addRun(record as RunRecord)
  }

  function addRun({ flow, counts, misses }: RunRecord): void {
    // Without counts it is under way, or was killed.
    if (counts === undefined) return
    const worth = (stats.flows[flow] ??= none())
    add(worth, {
      runs: 1,
      executed: counts.run,
      hits: counts.hit,
      resumed: counts.resumed,
      failed: counts.failed,
      savedMs: counts.savedMs,
      misses: misses ?? {},
    })
  }

  function addFunction(step: string, { hits, savedMs, runs, misses }: Figures): void {
    add((stats.functions[step] ??= none()), { runs: 1, executed: runs, hits, resumed: 0, failed: 0, savedMs, misses })
  }

  for await (const _ of ahead(runGroups(store), look));
  for (const room of ROOMS) {
    if (room === 'runs') continue
    for await (const { size } of store.list(room)) {
      stats.rooms[room].count++
      stats.rooms[room].bytes += size
      progress(`${stats.rooms[room].count} ${room}`)
    }
  }
  return stats
}

function add(to: Worth, { misses, ...more }: Worth): void {
  for (const [name, count] of Object.entries(more)) to[name as keyof typeof more] += Number.isFinite(count) ? count : 0
  for (const [why, count] of Object.entries(misses)) to.misses[why] = (to.misses[why] ?? 0) + count
}

function none(): Worth {
  return { runs: 0, executed: 0, hits: 0, resumed: 0, failed: 0, savedMs: 0, misses: {} }
}

function nothing(): { count: number; bytes: number } {
  return { count: 0, bytes: 0 }
}
