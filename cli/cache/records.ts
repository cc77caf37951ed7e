// What a store holds, for those who look on: nothing here takes an entry for a result, so signatures are set aside and not asked for.

import { codecVersion, decode } from '../../runtime/codec.js'
import { type Entry, type MissReason, type Ref, readEntry } from '../../runtime/entry.js'
import { MintmarkError } from '../../runtime/errors.js'
import type { RunRecord, TaskRecord } from '../../runtime/journal.js'
import type { Listing, Room, Store } from '../../runtime/store.js'
import { openSigned, payloadOf } from '../../runtime/stores/signature.js'
import { STATS_FOLDER } from '../../runtime/tally.js'

export interface FoundEntry {
  readonly kind: 'entry'
  readonly id: string
  readonly entry: Entry
  /** The public key of the writer that the signature claims. */
  readonly signer: string | undefined
}

/** `gone`: deleted since it was listed. `damaged`: the store does not give it, or it is no entry. */
export type SeenEntry = FoundEntry | { readonly kind: 'gone' | Extract<MissReason, 'damaged' | 'format' | 'newer'>; readonly id: string }

export async function seeEntry(store: Store, id: string): Promise<SeenEntry> {
  const bytes = await store.get('entries', id)
  if (bytes === undefined) return { kind: (await isThere(store, 'entries', id)) ? 'damaged' : 'gone', id }
  const signed = openSigned(bytes)
  const read = readEntry(payloadOf(bytes))
  if (read.kind === 'hit')
    return { kind: 'entry', id, entry: read.entry, signer: signed && `ed25519:${Buffer.from(signed.writer).toString('base64url')}` }
  return { kind: read.reason === 'format' || read.reason === 'newer' ? read.reason : 'damaged', id }
}

/** True when the store lists it, whether or not it can be read. */
export async function isThere(store: Store, room: Room, id: string): Promise<boolean> {
  for await (const listing of store.list(room, id)) if (listing.id === id) return true
  return false
}

/** The one entry whose key starts so. MM5042 when there is none, or more than one. */
export async function keyOf(store: Store, prefix: string): Promise<string> {
  const start = prefix.toLowerCase()
  if (!/^[0-9a-f]{4,64}$/.test(start))
    throw new MintmarkError('MM5042', `${JSON.stringify(prefix)} is no key: it takes 64 hex digits, or the first of them, from 4 on.`)
  const found: string[] = []
  for await (const { id } of store.list('entries', start)) {
    found.push(id)
    if (found.length > 1) break
  }
  const [id, other] = found
  if (id === undefined) throw new MintmarkError('MM5042', `${store.name} has no entry ${start}. \`mintmark cache ls\` lists them.`)
  if (other !== undefined)
    throw new MintmarkError('MM5042', `${store.name} has several entries that start with ${start}. Give more digits.`)
  return id
}

/** The blobs that a record in the room `runs` speaks of; `undefined` when it cannot be read. */
export async function blobsOfRecord(store: Store, id: string): Promise<Ref[] | undefined> {
  const record = await readRecord(store, id)
  try {
    const tasks = Array.isArray(record) ? (record as TaskRecord[]).map(({ outputs }) => outputs) : [(record as RunRecord).artifacts]
    return tasks.flatMap((refs) => Object.values(refs ?? {}).flatMap(withFiles)).filter(({ inline }) => inline === undefined)
  } catch {
    // Not what a run writes.
    return undefined
  }
}

/** The ref, and those of the files that it needs. Who wrote it is not known. */
export function withFiles(ref: Ref): Ref[] {
  return Array.isArray(ref.files) ? [ref, ...ref.files] : [ref]
}

/** A record of the room `runs`, decoded; `undefined` when it is gone, damaged or of another version. */
export async function readRecord(store: Store, id: string): Promise<unknown> {
  const bytes = await store.get('runs', id)
  const payload = bytes && payloadOf(bytes)
  if (payload === undefined || codecVersion(payload) === undefined) return undefined
  try {
    return decode(payload)
  } catch {
    return undefined
  }
}

/** What belongs together in the room `runs`: the records of one run, or the kept items of one task. */
export interface RunGroup {
  readonly name: string
  readonly kind: 'run' | 'items' | 'stats'
  readonly records: readonly Listing[]
  readonly bytes: number
  /** When the newest of them was written. */
  readonly modified: number
}

/** Groups in the order of the list, one at a time: what has one prefix stands together there. */
export async function* runGroups(store: Store): AsyncGenerator<RunGroup> {
  let name = ''
  let records: Listing[] = []
  for await (const listing of store.list('runs')) {
    const parts = listing.id.split('/')
    const own = parts.slice(0, parts[1] === 'items' ? 3 : 2).join('/')
    if (own !== name && records.length > 0) yield groupOf(name, records)
    if (own !== name) records = []
    name = own
    records.push(listing)
  }
  if (records.length > 0) yield groupOf(name, records)
}

function groupOf(name: string, records: readonly Listing[]): RunGroup {
  const [flow, second] = name.split('/')
  const modified = records.reduce((newest, record) => Math.max(newest, record.modified), 0)
  const bytes = records.reduce((sum, { size }) => sum + size, 0)
  return { name, kind: flow === STATS_FOLDER ? 'stats' : second === 'items' ? 'items' : 'run', records, bytes, modified }
}
