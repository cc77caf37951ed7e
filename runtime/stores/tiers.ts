// Which stores have a shared one behind them, for those who find that what the local one has is of no use: it may be past its ttl here and
// made anew by another machine.

import type { Room, Store } from '../store.js'

export interface Tiers {
  readonly local: Store
  readonly shared: Store
  readonly onTrouble: (error: unknown) => void
}

const known = new WeakMap<Store, Tiers>()

export function noteTiers(store: Store, tiers: Tiers): void {
  known.set(store, tiers)
}

export interface Deeper {
  readonly bytes: Uint8Array
  /** Puts these bytes in the place of those in front. */
  take(): Promise<void>
}

/** What the shared store has, unless it is the same; `undefined` also for a store without tiers. */
export async function deeper(store: Store, room: Room, id: string, seen: Uint8Array): Promise<Deeper | undefined> {
  const tiers = known.get(store)
  if (tiers === undefined) return undefined
  try {
    const bytes = await tiers.shared.get(room, id)
    if (bytes === undefined || Buffer.compare(bytes, seen) === 0) return undefined
    return {
      bytes,
      async take() {
        // In vain, it is asked for again.
        await tiers.local.put(room, id, bytes, { replace: true }).catch(() => {})
      },
    }
  } catch (error) {
    tiers.onTrouble(error)
    return undefined
  }
}
