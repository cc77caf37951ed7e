// A store in this process's memory: for tests, and for flows that want no trace on disk.

import type { Listing, Room, Store } from '../store.js'
import { noteAtHand } from './at-hand.js'
import { checkId } from './ids.js'

interface Kept {
  readonly bytes: Uint8Array
  readonly modified: number
}

/** Bytes are copied on the way in and on the way out, so that nobody can change what is kept. */
export function memoryStore(): Store {
  const rooms: Record<Room, Map<string, Kept>> = { entries: new Map(), blobs: new Map(), runs: new Map(), claims: new Map() }

  const store: Store = {
    name: 'memory',

    async get(room, id) {
      checkId(room, id)
      return rooms[room].get(id)?.bytes.slice()
    },

    async put(room, id, bytes, { replace = false } = {}) {
      checkId(room, id)
      if (!replace && rooms[room].has(id)) return false
      // Not `bytes.slice()`: on a Buffer that is a view.
      rooms[room].set(id, { bytes: new Uint8Array(bytes), modified: Date.now() })
      return true
    },

    async delete(room, id, { before = Number.POSITIVE_INFINITY } = {}) {
      checkId(room, id)
      const kept = rooms[room].get(id)
      if (kept !== undefined && kept.modified < before) rooms[room].delete(id)
    },

    async *list(room, prefix = ''): AsyncIterable<Listing> {
      for (const id of [...rooms[room].keys()].filter((id) => id.startsWith(prefix)).sort()) {
        const kept = rooms[room].get(id)
        if (kept) yield { id, size: kept.bytes.length, modified: kept.modified }
      }
    },

    async close() {},
  }
  noteAtHand(store, { keeps: true, glance: (key) => rooms.entries.get(key)?.bytes })
  return store
}
