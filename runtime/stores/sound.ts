// Which stores check every byte of what they hand out against a digest that lies beside it, so that nobody need digest it again to know it is whole.

import type { Store } from '../store.js'

const known = new WeakSet<Store>()

export function noteSound(store: Store): void {
  known.add(store)
}

export function isSound(store: Store): boolean {
  return known.has(store)
}
