// A store behind a guard: what the guard does not admit is as if it were not there, and it never stands in the way of what is put.

import { type Digest, digest } from '../contract.js'
import type { Pieces } from '../pieces.js'
import type { PutOptions, Room, Store } from '../store.js'
import { getInPieces, noteInPieces, proveBlob, putInPieces } from './in-pieces.js'
import { type Deeper, deeper, noteDeeper } from './tiers.js'

export interface Guard {
  /** What `get` answers for these stored bytes. */
  admit(room: Room, id: string, stored: Uint8Array): Uint8Array | undefined
  /** Whether `admit` would answer stored bytes of that digest, as they are, in the room of blobs. */
  admitsBlob(id: string, digest: () => Digest): boolean
  /** What is stored for these bytes in any other room. Blobs are stored as they are. */
  issue(room: Room, id: string, bytes: Uint8Array): Uint8Array
  /** What a put is answered of which nothing is stored; `undefined` where it is. */
  declines?(room: Room): boolean | undefined
}

export function guardedStore(inner: Store, name: string, { admit, admitsBlob, issue, declines = () => undefined }: Guard): Store {
  async function behind(room: Room, id: string, stored: Uint8Array): Promise<Deeper | undefined> {
    const other = await deeper(inner, room, id, stored)
    const bytes = other && admit(room, id, other.bytes)
    return bytes && { bytes, take: other.take }
  }

  async function putBlob(id: string, pieces: Pieces, options: PutOptions): Promise<boolean> {
    const declined = declines('blobs')
    if (declined !== undefined) return declined
    if (await putInPieces(inner, id, pieces, options)) return true
    const there = await proveBlob(inner, id)
    return there === undefined || admitsBlob(id, () => there) ? false : putInPieces(inner, id, pieces, { replace: true })
  }

  const store: Store = {
    name,

    async get(room, id) {
      const stored = await inner.get(room, id)
      if (stored === undefined) return undefined
      const admitted = admit(room, id, stored)
      if (admitted !== undefined) return admitted
      const better = await behind(room, id, stored)
      await better?.take()
      return better?.bytes
    },

    async put(room, id, bytes, options = {}) {
      if (room === 'blobs') return putBlob(id, [bytes], options)
      const declined = declines(room)
      if (declined !== undefined) return declined
      const issued = issue(room, id, bytes)
      if (await inner.put(room, id, issued, options)) return true
      const there = await inner.get(room, id)
      // What cannot even be read is left to the store: it may be of a later version.
      return there === undefined || admit(room, id, there) !== undefined ? false : inner.put(room, id, issued, { replace: true })
    },

    delete: (room, id, options) => inner.delete(room, id, options),
    list: (room, prefix) => inner.list(room, prefix),
    close: () => inner.close(),
  }
  noteInPieces(store, {
    put: putBlob,
    async get(id, split) {
      const found = await getInPieces(inner, id, split)
      if (found === undefined || admitsBlob(id, () => found.digest ?? digest(found.pieces))) return found
      const bytes = await store.get('blobs', id)
      return bytes && { pieces: [bytes], digest: undefined }
    },
  })
  noteDeeper(store, async (room, id) => {
    const stored = await inner.get(room, id)
    return stored && behind(room, id, stored)
  })
  return store
}
