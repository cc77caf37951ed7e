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
  const stats: Stats = {
    flows: Object.create(null),
    functions: Object.create(null),
    rooms: { entries: nothing(), blobs: nothing(), runs: nothing(), claims: nothing() },
  }
  let read = 0

  async function look(group: RunGroup): Promise<void> {
    const { runs } = stats.rooms
    runs.count += group.records.length
    runs.bytes += group.bytes
    if (group.modified < since) return
    progress(`${++read} records`)
    const id = group.kind === 'stats' ? group.name : `${group.name}/run`
    const record = group.kind === 'items' ? undefined : await readRecord(store, id)
    if (!isRecord(record)) return
    if (group.kind === 'stats')
      for (const [step, figures] of Object.entries((record as StatsRecord).functions ?? {})) addFunction(step, figures)
    else addRun(record as RunRecord)
  }

  function addRun({ flow, counts, misses }: Partial<RunRecord>): void {
    // Without counts it is under way, or was killed.
    if (!isRecord(counts)) return
    const { run, hit, resumed, failed, savedMs } = counts
    add((stats.flows[String(flow)] ??= none()), { runs: 1, executed: run, hits: hit, resumed, failed, savedMs, misses: misses ?? {} })
  }

  function addFunction(step: string, figures: Partial<Figures> | null): void {
    const { hits = 0, savedMs = 0, runs = 0, misses = {} } = figures ?? {}
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

/** Who wrote the records is not known, so only what is a number counts. */
function add(to: Worth, { misses, ...more }: Worth): void {
  for (const [name, count] of Object.entries(more)) to[name as keyof typeof more] += finite(count)
  for (const [why, count] of Object.entries(misses ?? {})) to.misses[why] = (to.misses[why] ?? 0) + finite(count)
}

function finite(count: unknown): number {
  return typeof count === 'number' && Number.isFinite(count) ? count : 0
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Names come from records, and one may be `__proto__`. */
function none(): Worth {
  return { runs: 0, executed: 0, hits: 0, resumed: 0, failed: 0, savedMs: 0, misses: Object.create(null) }
}

function nothing(): { count: number; bytes: number } {
  return { count: 0, bytes: 0 }
}
