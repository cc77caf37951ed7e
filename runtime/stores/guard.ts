// A store behind a guard: what the guard does not admit is as if it were not there, and it never stands in the way of what is put.

import type { Room, Store } from '../store.js'

export interface Guard {
  /** What `get` answers for these stored bytes. */
  admit(room: Room, id: string, stored: Uint8Array): Uint8Array | undefined
  /** What is stored for these bytes; `undefined` when nothing may be. */
  issue(room: Room, id: string, bytes: Uint8Array): Uint8Array | undefined
}

export function guardedStore(inner: Store, name: string, { admit, issue }: Guard): Store {
  return {
    name,

    async get(room, id) {
      const stored = await inner.get(room, id)
      return stored === undefined ? undefined : admit(room, id, stored)
    },

    async put(room, id, bytes, options = {}) {
      const issued = issue(room, id, bytes)
      if (issued === undefined) return false
      if (await inner.put(room, id, issued, options)) return true
      const there = await inner.get(room, id)
      // What cannot even be read is left to the store: it may be of a later version.
      return there === undefined || admit(room, id, there) !== undefined ? false : inner.put(room, id, issued, { replace: true })
    },

    delete: (room, id, options) => inner.delete(room, id, options),
    list: (room, prefix) => inner.list(room, prefix),
    close: () => inner.close(),
  }
}
