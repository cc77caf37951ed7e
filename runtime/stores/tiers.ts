// What lies behind what a store answers, for those who find that the answer is of no use: it may be past its ttl in a local store and made anew
// by another machine, or refused by a guard where the shared store has what is trusted.

import type { Room, Store } from '../store.js'

export interface Deeper {
  readonly bytes: Uint8Array
  /** Puts these bytes in the place of those in front, where there is such a place. */
  take(): Promise<void>
}

/** Other bytes than those that were seen; `undefined` when there are none. */
export type LookDeeper = (room: Room, id: string, seen: Uint8Array) => Promise<Deeper | undefined>

const known = new WeakMap<Store, LookDeeper>()

export function noteDeeper(store: Store, look: LookDeeper): void {
  known.set(store, look)
}

/** `undefined` also for a store that has nothing behind it. */
export async function deeper(store: Store, room: Room, id: string, seen: Uint8Array): Promise<Deeper | undefined> {
  return known.get(store)?.(room, id, seen)
}
