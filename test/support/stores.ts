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

/** `store` behind a slow line, which tells the most calls that were under way at once, by kind: `get entries`, `put blobs`. */
export function distant(
  store: Store,
  ms: number,
): { readonly store: Store; readonly most: Record<string, number>; readonly calls: string[] } {
  const under: Record<string, number> = {}
  const most: Record<string, number> = {}
  const calls: string[] = []
  async function travel<T>(call: string, work: () => Promise<T>): Promise<T> {
    calls.push(call)
    under[call] = (under[call] ?? 0) + 1
    most[call] = Math.max(most[call] ?? 0, under[call])
    await new Promise((there) => setTimeout(there, ms))
    under[call]--
    return work()
  }
  return {
    most,
    calls,
    store: {
      ...store,
      name: `distant ${store.name}`,
      get: (room, id) => travel(`get ${room}`, () => store.get(room, id)),
      put: (room, id, bytes, options) => travel(`put ${room}`, () => store.put(room, id, bytes, options)),
      delete: (room, id) => travel(`delete ${room}`, () => store.delete(room, id)),
    },
  }
}

/** A store whose every call rejects while `down` says so. */
export function frail(inner: Store): Store & { down: boolean } {
  function up(): Store {
    if (frailed.down) throw new Error('it is down')
    return inner
  }
  const frailed: Store & { down: boolean } = {
    down: false,
    name: 'frail',
    get: async (room, id) => up().get(room, id),
    put: async (room, id, bytes, options) => up().put(room, id, bytes, options),
    delete: async (room, id) => up().delete(room, id),
    async *list(room, prefix) {
      yield* up().list(room, prefix)
    },
    close: async () => {},
  }
  return frailed
}
