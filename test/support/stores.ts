// Stores that tell what was asked of them, and stores that fail.

import type { Room, Store } from '../../runtime/store.js'

/** `store`, with every call noted as `get entries`, `put blobs`. */
export function watched(store: Store): { readonly store: Store; readonly calls: string[] } {
  const calls: string[] = []
  return {
    calls,
    store: {
      ...store,
      get(room, id) {
        calls.push(`get ${room}`)
        return store.get(room, id)
      },
      put(room, id, bytes, options) {
        calls.push(`put ${room}${options?.replace ? ' (replace)' : ''}`)
        return store.put(room, id, bytes, options)
      },
    },
  }
}

/** `store`, on which one kind of call rejects. */
export function failing(store: Store, call: 'get' | 'put', room: Room, error: Error): Store {
  return {
    ...store,
    name: `failing ${store.name} ${call} ${room}`,
    get: async (at, id) => {
      if (call === 'get' && at === room) throw error
      return store.get(at, id)
    },
    put: async (at, id, bytes, options) => {
      if (call === 'put' && at === room) throw error
      return store.put(at, id, bytes, options)
    },
  }
}
