// A store in which results have a greatest age, whatever those who read them would take.

import { type Duration, parseDuration } from '../duration.js'
import { isExpired, readEntry } from '../entry.js'
import type { Store } from '../store.js'
import { guardedStore } from './guard.js'

export interface AgedOptions {
  /** How long a result is good for from its creation: milliseconds, or a text such as `'7d'`. 0 never hits. */
  readonly maxAge: Duration
}

/**
 * `store`, in which results older than `maxAge` are misses. A shorter `ttl` of a function or step still holds. Records of runs are not
 * concerned. MM2004 when `maxAge` is no duration.
 */
export function agedStore(store: Store, { maxAge }: AgedOptions): Store {
  const maxAgeMs = parseDuration(maxAge)
  return guardedStore(store, store.name, {
    admit(room, _id, stored) {
      if (room !== 'entries') return stored
      const read = readEntry(stored)
      // What is no entry of this version is left to those who look into it: they tell what it is.
      return read.kind === 'hit' && isExpired(read.entry, maxAgeMs, Date.now()) ? undefined : stored
    },
    admitsBlob: () => true,
    issue: (_room, _id, bytes) => bytes,
  })
}
