// Which stores have their entries at hand: a read of the local disk away, so that nobody need wait for a promise, which is half as dear.

import type { Key } from '../key.js'
import type { Store } from '../store.js'

/** The bytes of an entry as `get` would answer them, good until the next call. Throws what `get` rejects with. */
export type Glance = (key: Key) => Uint8Array | undefined

const known = new WeakMap<Store, Glance>()

export function noteAtHand(store: Store, glance: Glance): void {
  known.set(store, glance)
}

/** `undefined` also for a store that has nothing at hand. */
export function glanceAt(store: Store, key: Key): Uint8Array | undefined {
  return known.get(store)?.(key)
}
