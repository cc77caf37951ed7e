// Which stores have their entries at hand: in memory, or a read of the local disk away, so that nobody need wait for a promise, which is half as dear.

import type { Key } from '../key.js'
import type { Store } from '../store.js'

export interface AtHand {
  /** The bytes of an entry as `get` would answer them, to read and not to hand on. Throws what `get` rejects with. */
  readonly glance: (key: Key) => Uint8Array | undefined
  /** Whether nobody ever changes what `glance` answers, which is the same object as long as the same is stored. Otherwise it is good until the next call. */
  readonly keeps: boolean
}

const known = new WeakMap<Store, AtHand>()

export function noteAtHand(store: Store, atHand: AtHand): void {
  known.set(store, atHand)
}

/** `undefined` for a store that has nothing at hand. */
export function atHandOf(store: Store): AtHand | undefined {
  return known.get(store)
}
