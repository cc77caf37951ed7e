// Blobs that go into a store and come out of it in pieces, so that what is large is in memory once: as itself. Where a store does not know how, they go whole.

import { type Digest, digest } from '../contract.js'
import { type Pieces, wholeOf } from '../pieces.js'
import type { PutOptions, Store } from '../store.js'

export interface InPieces {
  /** As `Store.put`, through which they go where this is absent. The pieces are not used any more when it resolves. */
  put?(id: string, pieces: Pieces, options: PutOptions): Promise<boolean>
  /** As `Store.get`. The pieces are nobody else's. */
  get(id: string, split: Split): Promise<FoundPieces | undefined>
  /** The digest of the bytes that `get` would answer, of which nothing is held. Where this is absent they are read. */
  prove?(id: string): Promise<Digest | undefined>
}

export interface FoundPieces {
  readonly pieces: Pieces
  /** Of all bytes, where the store has just made it. */
  readonly digest: Digest | undefined
}

/** Of the bytes that are here already and are followed by `unread` others: a stretch that goes on among those and is to be a piece of its own. */
export type Split = (pieces: Pieces, unread: number) => { readonly start: number; readonly length: number } | undefined

const known = new WeakMap<Store, InPieces>()

export function noteInPieces(store: Store, inPieces: InPieces): void {
  known.set(store, inPieces)
}

export async function putInPieces(store: Store, id: string, pieces: Pieces, options: PutOptions = {}): Promise<boolean> {
  const inPieces = pieces.length > 1 ? known.get(store) : undefined
  return inPieces?.put?.(id, pieces, options) ?? store.put('blobs', id, wholeOf(pieces), options)
}

export async function getInPieces(store: Store, id: string, split: Split): Promise<FoundPieces | undefined> {
  const inPieces = known.get(store)
  if (inPieces !== undefined) return inPieces.get(id, split)
  const bytes = await store.get('blobs', id)
  return bytes && { pieces: [bytes], digest: undefined }
}

/** The digest of a blob as it is there now; `undefined` when there is none, or a damaged one. */
export async function proveBlob(store: Store, id: string): Promise<Digest | undefined> {
  const inPieces = known.get(store)
  if (inPieces?.prove !== undefined) return inPieces.prove(id)
  const found = await getInPieces(store, id, () => undefined)
  return found && (found.digest ?? digest(found.pieces))
}

/** Payloads from this length on are inflated piece by piece, and in files deflated, written and read so. */
export const LARGE_FROM = 8 * 1024 * 1024

/** Fills all of `into` with what follows. */
export type Read = (into: Uint8Array) => void | Promise<void>

/** Of what no stretch is known to be in, so much is read at a time. */
const LOOK_BYTES = 64 * 1024
/** To find a stretch is to read again what is known by then. */
const MOST_SPLITS = 64

/** So many bytes, which begin with those that were read already. */
export async function readPieces(length: number, begun: Uint8Array, read: Read, split: Split): Promise<Pieces> {
  const pieces: Uint8Array[] = []
  let last = begun
  let unread = length - begun.length
  for (let count = 0; unread > 0 && count < MOST_SPLITS; count++) {
    const stretch = split([...pieces, last], unread)
    if (stretch === undefined) break
    const from = last.length - (length - unread - stretch.start)
    const own = Buffer.allocUnsafeSlow(stretch.length)
    own.set(last.subarray(from))
    const filled = last.length - from
    await read(own.subarray(filled))
    pieces.push(last.subarray(0, from), own)
    unread -= stretch.length - filled
    last = Buffer.allocUnsafeSlow(Math.min(unread, LOOK_BYTES))
    await read(last)
    unread -= last.length
  }
  if (unread === 0) return [...pieces, last]
  const rest = Buffer.allocUnsafeSlow(last.length + unread)
  rest.set(last)
  await read(rest.subarray(last.length))
  return [...pieces, rest]
}
