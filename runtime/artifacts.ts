// The artifacts of a run: what a task hands on is a record of slots, each the digest of a value's bytes. Values are encoded once, when
// the task that wrote them ends, and decoded where they are read, so no task can change what another one sees.

import { putBlob } from './blob.js'
import { codecsIn, decode, encodeInPieces, isDecodable } from './codec.js'
import { type Digest, digest } from './contract.js'
import { INLINE_LIMIT, type Ref, readBytes } from './entry.js'
import { MintmarkError } from './errors.js'
import { chunksIn, putFiles } from './file.js'
import { markLost } from './lost.js'
import { type Pieces, sizeOf, wholeOf } from './pieces.js'
import type { Store } from './store.js'

/** A value that has no stable bytes: handed on alive within the process, never stored. */
export interface Live {
  readonly digest: undefined
  readonly value: unknown
  /** Why it has no bytes. */
  readonly cause: unknown
}

export type Slot = Ref | Live

/** The artifacts that a task sees, by name. Never changed: tasks share them. */
export type Artifacts = Readonly<Record<string, Slot>>

/** Up to this many bytes a value travels inside the records that mention it. */
export const INLINE_BYTES = 4096

export const isLive = (slot: Slot): slot is Live => slot.digest === undefined

/** The same bytes; without bytes, the same value. */
export function sameSlot(a: Slot | undefined, b: Slot | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return isLive(a) ? isLive(b) && a.value === b.value : a.digest === b.digest
}

/** The bytes behind refs during one run: small ones are in the ref, large ones here, the longest unused in the store alone. */
export interface Pool {
  /** Encodes; what cannot be encoded becomes a live slot. What may travel inside an entry is kept here for now, and not yet in the store. */
  write(value: unknown): Promise<Slot>
  /** The ref of an entry, its bytes proven to be there and brought here from the store that has them; `undefined` when they are lost, or need a codec that is not registered. */
  adopt(ref: Ref, from: Store): Promise<Ref | undefined>
  /** How an entry in `to` may be given this output: as a ref when the bytes are there already, else, or when it may travel inside, as bytes. */
  offer(ref: Ref, to: Store): Promise<Ref | Uint8Array | undefined>
  /** Brings these to the store, so that other runs may find them under their digest. */
  settle(slots: Iterable<Slot>): Promise<void>
  /** The bytes of a ref, `undefined` when they are lost. */
  read(ref: Ref): Promise<Uint8Array | undefined>
}

/** Bytes at hand, for reading without waiting. */
export type Bytes = (ref: Ref) => Uint8Array

export interface PoolOptions {
  readonly store: Store
  /** False: nothing is written to the store, everything stays in memory. */
  readonly writable: boolean
  /** What happens when the store does not take a blob; the value then stays in memory. */
  readonly onTrouble: (error: unknown) => void
  /** Bytes of blobs kept in memory. Default 256 MiB. */
  readonly budget?: number
}

export function openPool({ store, writable, onTrouble, budget = 256 * 1024 * 1024 }: PoolOptions): Pool {
  /** In order of last use. */
  const kept = new Map<string, Uint8Array>()
  /** Blobs that are nowhere else. */
  const pinned = new Map<string, Uint8Array>()
  /** What may be inside an entry and is not in the store under its digest: a hit costs one read and no write, a miss one write. */
  const loose = new Map<string, Uint8Array>()
  let held = 0
  let heldLoose = 0

  function keep(id: string, bytes: Uint8Array): void {
    if (kept.delete(id)) held -= bytes.length
    kept.set(id, bytes)
    held += bytes.length
    for (const [oldest, old] of kept) {
      if (held <= budget || oldest === id) break
      kept.delete(oldest)
      held -= old.length
    }
  }

  async function put(id: string, bytes: Uint8Array): Promise<void> {
    if (kept.has(id) || pinned.has(id)) return
    if (!writable) {
      pinned.set(id, bytes)
      return
    }
    try {
      await putBlob(store, id, bytes)
      keep(id, bytes)
      if (loose.delete(id)) heldLoose -= bytes.length
    } catch (error) {
      pinned.set(id, bytes)
      onTrouble(error)
    }
  }

  /** What is too large to be kept here, in pieces that are memory of the value itself. False when they changed before they were anywhere. */
  async function putLarge(id: Digest, pieces: Pieces): Promise<boolean> {
    try {
      await putBlob(store, id, pieces)
    } catch (error) {
      onTrouble(error)
      const bytes = wholeOf(pieces)
      if (digest(bytes) !== id) return false
      pinned.set(id, bytes)
    }
    return true
  }

  async function take(id: string, bytes: Uint8Array, mayBeInside: boolean): Promise<void> {
    if (kept.has(id) || pinned.has(id) || loose.has(id)) return
    if (!mayBeInside || !writable || heldLoose + bytes.length > budget / 4) return put(id, bytes)
    loose.set(id, bytes)
    heldLoose += bytes.length
  }

  async function read(ref: Ref): Promise<Uint8Array | undefined> {
    const known = ref.inline ?? pinned.get(ref.digest) ?? loose.get(ref.digest) ?? kept.get(ref.digest)
    if (known !== undefined) {
      if (kept.has(ref.digest)) keep(ref.digest, known)
      return known
    }
    const found = await readBytes(store, ref)
    if (found.kind === 'miss') return undefined
    keep(ref.digest, found.bytes)
    return found.bytes
  }

  return {
    read,

    async write(value) {
      let pieces: Pieces
      try {
        pieces = encodeInPieces(value, { borrows: true })
        // A codec that cannot read what it wrote would fail the step that reads it.
        if (codecsIn(pieces[0]!).length > 0) decode(pieces)
        if (sizeOf(pieces) <= budget || !writable) pieces = [wholeOf(pieces)]
        if (writable) await putFiles(store, pieces)
      } catch (cause) {
        return { digest: undefined, value, cause }
      }
      const files = chunksIn(pieces)
      const ref: Ref = { digest: digest(pieces), length: sizeOf(pieces), ...(files.length > 0 && { files }) }
      if (pieces.length > 1) return (await putLarge(ref.digest, pieces)) ? ref : { digest: undefined, value, cause: undefined }
      const bytes = pieces[0]!
      // A copy: small buffers share slabs of memory, and one that is kept would keep its slab.
      if (bytes.length <= INLINE_BYTES) return { ...ref, inline: new Uint8Array(bytes) }
      await take(ref.digest, bytes, bytes.length <= INLINE_LIMIT)
      return ref
    },

    async adopt({ digest: id, length, inline, files }, from) {
      // Of files, what counts is in the store.
      const known = files === undefined ? (kept.get(id) ?? pinned.get(id) ?? loose.get(id)) : undefined
      const found = known === undefined ? await readBytes(from, { digest: id, length, ...(inline && { inline }) }) : undefined
      if (found?.kind === 'miss') return undefined
      const bytes = known ?? (found as { bytes: Uint8Array }).bytes
      if (!isDecodable(bytes)) return undefined
      if (from !== store && writable) await putFiles(store, bytes).catch(onTrouble)
      const more = files && { files }
      if (length <= INLINE_BYTES) return { digest: id, length, inline: bytes, ...more }
      if (from === store && inline === undefined) keep(id, bytes)
      else await take(id, bytes, inline !== undefined)
      return { digest: id, length, ...more }
    },

    async offer(ref, to) {
      const { digest: id, length, inline } = ref
      if (to !== store || inline !== undefined || pinned.has(id)) return read(ref)
      return loose.get(id) ?? (length <= INLINE_LIMIT ? kept.get(id) : undefined) ?? ref
    },

    async settle(slots) {
      const ids = new Set([...slots].flatMap((slot) => (isLive(slot) ? [] : [slot.digest])))
      await Promise.all([...ids].map((id) => (loose.has(id) ? put(id, loose.get(id) as Uint8Array) : undefined)))
    },
  }
}

/** Brings the bytes of many slots to hand, for as long as the answer is held. */
export async function loadAll(pool: Pool, slots: Iterable<Slot>): Promise<Bytes> {
  const wanted = new Map<string, Ref>()
  for (const slot of slots) if (!isLive(slot) && slot.inline === undefined) wanted.set(slot.digest, slot)
  const loaded = new Map<string, Uint8Array>()
  const loading = [...wanted].map(async ([id, ref]) => {
    const bytes = await pool.read(ref)
    if (bytes !== undefined) loaded.set(id, bytes)
  })
  await Promise.all(loading)
  return (ref) => {
    const bytes = ref.inline ?? loaded.get(ref.digest)
    if (bytes !== undefined) return bytes
    const message = `the blob ${ref.digest} was deleted from the store during the run. \`resume\` makes it again and goes on.`
    throw markLost(new MintmarkError('MM4027', message))
  }
}

/** A copy of the value of its own; a live value is handed over as it is. */
export const readSlot = (slot: Slot, bytes: Bytes): unknown => (isLive(slot) ? slot.value : decode(bytes(slot)))

/** True when reading it gives something that can be changed in place. */
export const isMutable = (value: unknown): boolean => (typeof value === 'object' && value !== null) || typeof value === 'function'
