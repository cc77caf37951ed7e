// `mintmark cache gc`: removes what is too old or too much, and then the blobs that nothing refers to any more.
//
// Runs may go on meanwhile. Entries go before blobs, so that no entry is left without its blob by this process being stopped. A blob that is
// younger than the grace period stays in any case: its entry may be about to be written, and a writer who finds a blob in place that is
// not quite young puts it again (`runtime/blob.ts`). A folder and memory look at a file and remove it in one step; in a bucket one that is put anew
// between the last look at it and its removal is lost. Whatever happens, a blob that is gone is a miss, and the next result heals it.

import type { Ref } from '../../runtime/entry.js'
import type { Listing, Room, Store } from '../../runtime/store.js'
import { ahead } from './desk.js'
import { type DigestSet, openDigestSet } from './digest-set.js'
import { isBlob, type Marked, markEntry } from './looks.js'
import { newestFirst } from './newest.js'
import { blobsOfRecord, type RunGroup, runGroups } from './records.js'
import { lookAt } from './shards.js'

export interface GcOptions {
  /** The store's folder, when it is one: several threads look at it. */
  readonly folder?: string | undefined
  /** Entries, runs and claims that were written longer ago go. Default: none. */
  readonly maxAgeMs?: number | undefined
  /** Bytes of all rooms but claims: from the newest entry on, what fits stays. Default: any. */
  readonly maxBytes?: number | undefined
  readonly graceMs: number
  readonly dryRun: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly progress: (text: string) => void
}

export interface Removed {
  removed: number
  bytes: number
  kept: number
}

export interface GcReport {
  readonly entries: Removed
  readonly blobs: Removed
  readonly runs: Removed
  readonly claims: Removed
  /** Entries of a later version: which blobs they need cannot be told, so no blob was removed. */
  newer: number
}

/** What an envelope adds to a blob, roughly. */
const ENVELOPE = 48

export async function collectGarbage(store: Store, options: GcOptions): Promise<GcReport> {
  const { folder, maxBytes, maxAgeMs, graceMs, now, progress } = options
  const report: GcReport = { entries: none(), blobs: none(), runs: none(), claims: none(), newer: 0 }
  const needed = openDigestSet()
  /** Bytes of what stays. */
  let held = 0
  const isOld = (modified: number) => maxAgeMs !== undefined && now - modified > maxAgeMs
  const isYoung = (modified: number) => now - modified <= graceMs

  async function remove(room: Room, id: string, before: number): Promise<void> {
    if (!options.dryRun) await store.delete(room, id, { before })
  }

  /** Unless it was put anew since it was listed. */
  async function drop(room: Room, { id, size, modified }: Listing, count: Removed): Promise<void> {
    await remove(room, id, modified + 1)
    count.removed++
    count.bytes += size
  }

  async function overRuns(): Promise<void> {
    for await (const group of runGroups(store)) {
      progress(`${report.runs.kept + report.runs.removed} runs`)
      if (isOld(group.modified)) {
        // The record of the run goes first: what is left without it is no run.
        for (const { id, modified } of runFirst(group)) await remove('runs', id, modified + 1)
        report.runs.removed++
        report.runs.bytes += group.bytes
        continue
      }
      report.runs.kept++
      held += group.bytes
      if (group.kind !== 'run' || !reads) continue
      for await (const refs of ahead(group.records, ({ id }) => blobsOfRecord(store, id))) held += mark(needed, refs ?? [])
    }
  }

  /** Those that are too much are not looked into. */
  async function overNewest(): Promise<void> {
    for await (const listing of newestFirst(store.list('entries')))
      if (isTooMuch(listing.size)) await drop('entries', listing, report.entries)
      else await settle(await markEntry(store, listing, marking))
  }

  function isTooMuch(bytes: number): boolean {
    return maxBytes !== undefined && held + bytes > maxBytes
  }

  /** Marks what an entry needs that stays. */
  async function settle(marked: Marked | number): Promise<void> {
    if (typeof marked === 'number') return keep(marked)
    const { listing, kind, blobs } = marked
    if (kind === 'gone') return
    if (kind === 'old') return drop('entries', listing, report.entries)
    if (kind === 'newer') report.newer++
    const more = listing.size + blobs.reduce((sum, { digest, length }) => sum + (needed.has(digest) ? 0 : length + ENVELOPE), 0)
    if (isTooMuch(more)) return drop('entries', listing, report.entries)
    keep(listing.size + mark(needed, blobs))
  }

  function keep(bytes: number): void {
    held += bytes
    report.entries.kept++
    progress(`${report.entries.kept} entries stay, ${report.entries.removed} go`)
  }

  async function isAnyBlobOld(): Promise<boolean> {
    for await (const { modified } of store.list('blobs')) if (!isYoung(modified)) return true
    return false
  }

  async function overBlobs(): Promise<void> {
    const look = async (listing: Listing): Promise<void> => {
      const { id, modified } = listing
      progress(`${report.blobs.kept + report.blobs.removed} blobs`)
      // Looked at again, since someone may have put it anew after it was listed.
      const stays = needed.has(id) || isYoung(modified) || (await isYoungNow(store, id, isYoung))
      if (stays) report.blobs.kept++
      else await drop('blobs', listing, report.blobs)
    }
    for await (const _ of ahead(store.list('blobs'), look));
  }

  async function overClaims(): Promise<void> {
    for await (const listing of store.list('claims'))
      if (now - listing.modified > graceMs) await drop('claims', listing, report.claims)
      else report.claims.kept++
  }

  // Where no blob may go, nobody need know which are needed.
  const reads = maxBytes !== undefined || (await isAnyBlobOld())
  const marking = { before: maxAgeMs === undefined ? Number.NEGATIVE_INFINITY : now - maxAgeMs, reads }
  await overRuns()
  // One after the other: each decides what is left for those after it.
  if (maxBytes !== undefined) await overNewest()
  else for await (const _ of ahead(lookAt({ store, folder: reads ? folder : undefined }, 'marks', marking), settle));
  if (report.newer === 0) await overBlobs()
  await overClaims()
  return report
}

function runFirst({ records }: RunGroup): Listing[] {
  return [...records].sort((a, b) => Number(b.id.endsWith('/run')) - Number(a.id.endsWith('/run')))
}

async function isYoungNow(store: Store, id: string, isYoung: (modified: number) => boolean): Promise<boolean> {
  for await (const listing of store.list('blobs', id)) if (listing.id === id) return isYoung(listing.modified)
  return true
}

/** Answers the bytes of those that were not marked yet. */
function mark(needed: DigestSet, refs: readonly Pick<Ref, 'digest' | 'length' | 'inline'>[]): number {
  let bytes = 0
  for (const { digest, length } of refs.filter(isBlob))
    if (needed.add(digest)) bytes += (Number.isSafeInteger(length) ? length : 0) + ENVELOPE
  return bytes
}

function none(): Removed {
  return { removed: 0, bytes: 0, kept: 0 }
}
