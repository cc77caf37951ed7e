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
import { newestFirst } from './newest.js'
import { blobsOfRecord, type RunGroup, runGroups, seeEntry, withFiles } from './records.js'

export interface GcOptions {
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

const DIGEST = /^[0-9a-f]{64}$/
/** What an envelope adds to a blob, roughly. */
const ENVELOPE = 48

export async function collectGarbage(store: Store, options: GcOptions): Promise<GcReport> {
  const { maxBytes, maxAgeMs, graceMs, now, progress } = options
  const report: GcReport = { entries: none(), blobs: none(), runs: none(), claims: none(), newer: 0 }
  const needed = openDigestSet()
  /** Bytes of what stays. */
  let held = 0
  const isOld = (modified: number) => maxAgeMs !== undefined && now - modified > maxAgeMs

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
      if (group.kind !== 'run') continue
      for await (const refs of ahead(group.records, ({ id }) => blobsOfRecord(store, id))) held += mark(needed, refs ?? [])
    }
  }

  /** Reads those that may stay, and marks what they need. */
  async function overEntry(listing: Listing): Promise<void> {
    const { size } = listing
    const tooMuch = (bytes: number) => maxBytes !== undefined && held + bytes > maxBytes
    if (isOld(listing.modified) || tooMuch(size)) return drop('entries', listing, report.entries)
    const seen = await seeEntry(store, listing.id)
    if (seen.kind === 'gone') return
    if (seen.kind === 'newer') report.newer++
    const refs = seen.kind === 'entry' ? Object.values(seen.entry.outputs).flatMap(withFiles).filter(isBlob) : []
    const more = size + refs.reduce((sum, { digest, length }) => sum + (needed.has(digest) ? 0 : length + ENVELOPE), 0)
    if (tooMuch(more)) return drop('entries', listing, report.entries)
    held += size + mark(needed, refs)
    report.entries.kept++
    progress(`${report.entries.kept} entries stay, ${report.entries.removed} go`)
  }

  async function overBlobs(): Promise<void> {
    const isYoung = (modified: number) => now - modified <= graceMs
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

  await overRuns()
  if (maxBytes === undefined) for await (const _ of ahead(store.list('entries'), overEntry));
  // One after the other: each decides what is left for those after it.
  else for await (const entry of newestFirst(store.list('entries'))) await overEntry(entry)
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
function mark(needed: DigestSet, refs: readonly Ref[]): number {
  let bytes = 0
  for (const { digest, length } of refs.filter(isBlob))
    if (needed.add(digest)) bytes += (Number.isSafeInteger(length) ? length : 0) + ENVELOPE
  return bytes
}

/** Who wrote the ref is not known, so its digest may be anything. */
function isBlob({ digest, inline }: Ref): boolean {
  return inline === undefined && DIGEST.test(digest)
}

function none(): Removed {
  return { removed: 0, bytes: 0, kept: 0 }
}
