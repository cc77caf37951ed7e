// Hits in this process's memory, at once: what a memory store keeps never changes, so it is verified when it is first read and only decoded after that.

import { codecsIn, decoderOf } from './codec.js'
import { digest } from './contract.js'
import { type Entry, isExpired, readEntry } from './entry.js'
import type { Key } from './key.js'
import type { Store } from './store.js'
import { keptBytes } from './stores/memory.js'

interface Proven {
  readonly entry: Entry
  /** Of the output, whose bytes are proven to be what the entry says. */
  readonly read: () => unknown
}

const proofs = new WeakMap<Uint8Array, Proven>()

/**
 * The value of an entry's output, decoded afresh. `undefined` when the store is not in memory, and for whatever is no plain hit there:
 * then asking the store says why.
 */
export function recallNear(store: Store, key: Key, output: string, ttlMs: number | undefined): { readonly value: unknown } | undefined {
  const kept = keptBytes(store, 'entries', key)
  if (kept === undefined) return undefined
  let proven = proofs.get(kept)
  if (proven === undefined) {
    proven = prove(kept, key, output)
    if (proven === undefined) return undefined
    proofs.set(kept, proven)
  }
  if (ttlMs !== undefined && isExpired(proven.entry, ttlMs, Date.now())) return undefined
  try {
    return { value: proven.read() }
  } catch {
    return undefined
  }
}

function prove(kept: Uint8Array, key: Key, output: string): Proven | undefined {
  const read = readEntry(kept)
  if (read.kind === 'miss' || read.entry.key !== key) return undefined
  const ref = Object.hasOwn(read.entry.outputs, output) ? read.entry.outputs[output] : undefined
  const bytes = ref?.inline
  // What codecs make of data may be more than data, such as files that must be there.
  if (bytes === undefined || codecsIn(bytes).length > 0 || bytes.length !== ref!.length || digest(bytes) !== ref!.digest) return undefined
  return { entry: read.entry, read: decoderOf(bytes) }
}
