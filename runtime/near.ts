// Hits at once, without a promise. What a memory store keeps never changes, so it is verified when it is first read and only decoded after that. What lies
// in a folder is read and decoded in one go, with nothing in between that could change it.

import { codecsIn, decode, decoderOf } from './codec.js'
import { digest } from './contract.js'
import { type Entry, isExpired, readEntry } from './entry.js'
import { readSole } from './entry-bytes.js'
import type { Key } from './key.js'
import type { Store } from './store.js'
import { atHandOf } from './stores/at-hand.js'

export interface Near {
  /** Decoded afresh. */
  readonly value: unknown
  /** What the run took; only when it was asked for. */
  readonly durationMs?: number
}

export interface NearOptions {
  readonly ttlMs: number | undefined
  /** Whether anyone wants to know what the run took. */
  readonly timed: boolean
}

interface Output {
  readonly entry: Entry
  readonly bytes: Uint8Array
}

interface Proven {
  readonly entry: Entry
  readonly output: string
  /** Of that output, whose bytes are proven to be what the entry says. */
  readonly read: () => unknown
}

const proofs = new WeakMap<Uint8Array, Proven>()

/**
 * The value of an entry's output. `undefined` when the store is none of those that answer at once, and for whatever is no plain hit there: then asking
 * the store says why.
 */
export function recallNear(store: Store, key: Key, output: string, options: NearOptions): Near | undefined {
  try {
    const atHand = atHandOf(store)
    const bytes = atHand?.glance(key)
    if (bytes === undefined) return undefined
    return atHand!.keeps ? recallKept(bytes, key, output, options) : recallRead(bytes, key, output, options)
  } catch {
    return undefined
  }
}

function recallKept(kept: Uint8Array, key: Key, output: string, { ttlMs }: NearOptions): Near | undefined {
  let proven = proofs.get(kept)
  if (proven?.output !== output) {
    const found = outputOf(kept, key, output)
    if (found === undefined || digest(found.bytes) !== found.entry.outputs[output]!.digest) return undefined
    proven = { entry: found.entry, output, read: decoderOf(found.bytes) }
    proofs.set(kept, proven)
  }
  return isStale(proven.entry, ttlMs) ? undefined : { value: proven.read(), durationMs: proven.entry.durationMs }
}

/** The digest that the store has checked was over all of these bytes. */
function recallRead(bytes: Uint8Array, key: Key, output: string, { ttlMs, timed }: NearOptions): Near | undefined {
  if (ttlMs === undefined && !timed) {
    const sole = readSole(bytes, key, output)
    if (sole !== undefined && isPlain(sole)) return { value: decode(sole) }
  }
  const found = outputOf(bytes, key, output)
  return found === undefined || isStale(found.entry, ttlMs) ? undefined : { value: decode(found.bytes), durationMs: found.entry.durationMs }
}

function outputOf(kept: Uint8Array, key: Key, output: string): Output | undefined {
  const read = readEntry(kept)
  if (read.kind === 'miss' || read.entry.key !== key || !Object.hasOwn(read.entry.outputs, output)) return undefined
  const bytes = read.entry.outputs[output]!.inline
  return bytes !== undefined && isPlain(bytes) ? { entry: read.entry, bytes } : undefined
}

/** What codecs make of data may be more than data, such as files that must be there. */
function isPlain(bytes: Uint8Array): boolean {
  return codecsIn(bytes).length === 0
}

function isStale(entry: Entry, ttlMs: number | undefined): boolean {
  return ttlMs !== undefined && isExpired(entry, ttlMs, Date.now())
}
