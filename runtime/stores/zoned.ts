// A store that reads from several places and writes to one: a zone of one's own beside those that one trusts.

import type { Store } from '../store.js'
import { getInPieces, noteInPieces, putInPieces } from './in-pieces.js'
import { deeper, noteDeeper } from './tiers.js'

/**
 * Everything is put into `own` and removed from there, and nothing is ever copied into the other places. Entries and blobs are looked for in
 * `own` first, then in `others` in their order. Records of runs, claims and lists are those of `own` alone.
 */
export function zonedStore(own: Store, others: readonly Store[]): Store {
  const store: Store = {
    name: own.name,

    async get(room, id) {
      const mine = await own.get(room, id)
      if (mine !== undefined || (room !== 'entries' && room !== 'blobs')) return mine
      for (const other of others) {
        const theirs = await other.get(room, id)
        if (theirs !== undefined) return theirs
      }
      return undefined
    },

    put: (room, id, bytes, options) => own.put(room, id, bytes, options),
    delete: (room, id, options) => own.delete(room, id, options),
    list: (room, prefix) => own.list(room, prefix),

    async close() {
      for (const store of [own, ...others]) await store.close()
    },
  }
  noteInPieces(store, {
    put: (id, pieces, options) => putInPieces(own, id, pieces, options),
    async get(id, split) {
      for (const each of [own, ...others]) {
        const found = await getInPieces(each, id, split)
        if (found !== undefined) return found
      }
      return undefined
    },
  })
  noteDeeper(store, async (room, id, seen) => {
    const mine = await deeper(own, room, id, seen)
    if (mine !== undefined || (room !== 'entries' && room !== 'blobs')) return mine
    for (const other of others) {
      const bytes = await other.get(room, id)
      if (bytes === undefined) continue
      if (Buffer.compare(bytes, seen) !== 0) return { bytes, take: async () => {} }
      const further = await deeper(other, room, id, seen)
      if (further !== undefined) return further
    }
    return undefined
  })
  return store
}
