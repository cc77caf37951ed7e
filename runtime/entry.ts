// The entry: the one small record under a key that makes a result visible. Small outputs travel inside it, so a hit on them is one read;
// large ones are blobs, stored first, so that no entry ever points at bytes that are not there yet.

import { putBlob } from './blob.js'
import { adopt, CODEC, codecsIn, codecVersion, isDecodable, memoryAfter } from './codec.js'
import { type Digest, digest, type Fingerprint, FORMAT, type Transition } from './contract.js'
import { readEntry, writeEntry } from './entry-bytes.js'
import { MintmarkError } from './errors.js'
import { type Chunk, chunksIn, filesIn, hasFiles, putFiles } from './file.js'
import type { Key } from './key.js'
import { OWN_PIECE_BYTES, type Pieces, sizeOf, wholeOf } from './pieces.js'
import type { Store } from './store.js'
import { type FoundPieces, getInPieces, type Split } from './stores/in-pieces.js'
import { isSound } from './stores/sound.js'
import { deeper } from './stores/tiers.js'
import { isHushed, warnOnce } from './warnings.js'

export { readEntry } from './entry-bytes.js'

/** Where the encoded bytes of an output are: in the ref itself, or in the room `blobs` under their digest. */
export interface Ref {
  readonly digest: Digest
  /** Bytes. */
  readonly length: number
  readonly inline?: Uint8Array
  /** Chunks of the files that the output mentions: blobs too, which must stay as long as it does. */
  readonly files?: readonly Chunk[]
}

export interface Entry {
  readonly key: Key
  readonly format: number
  readonly codec: number
  readonly outputs: Readonly<Record<string, Ref>>
  /** Where the step went, when its stamp leaves that open. */
  readonly transition?: Transition | undefined
  /** Milliseconds since the epoch, by the writer's clock. */
  readonly createdAt: number
  /** Machine and process, for messages. */
  readonly writer: string
  /** What the run took. */
  readonly durationMs: number
  readonly closure: Fingerprint
  /** `file#name` of the step, for messages. */
  readonly step: string
}

/** What the writer of an entry knows; the rest is of this version of mintmark. */
export type Draft = Omit<Entry, 'format' | 'codec' | 'outputs'>

/**
 * `absent`: never stored, or deleted. `expired`: older than its ttl. `damaged`: not what was put. `format`: of an earlier version of mintmark, or of a
 * codec that is not registered. `newer`: of a later version of mintmark, which is left to those who can read it. `unavailable`: the store failed.
 */
export type MissReason = 'absent' | 'expired' | 'damaged' | 'format' | 'newer' | 'unavailable'

export interface Miss {
  readonly kind: 'miss'
  readonly reason: MissReason
}

/** True when what is under the key is of no use to anyone, so that the next result takes its place. */
export function isUseless(reason: MissReason): boolean {
  return reason === 'expired' || reason === 'damaged' || reason === 'format'
}

export interface Access {
  /** Throws what the store throws, instead of a warning and a miss. Default false. */
  readonly strict?: boolean | undefined
}

export interface LookUpOptions extends Access {
  /** How old the entry may be, in milliseconds. Default: any age. */
  readonly ttlMs?: number | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * The entry under `key`, or why there is none to use. Its inline bytes are not looked into; `readBytes` and `readValue` do that.
 *
 * Age is judged now, from the creation time in the entry. An entry from the future (a clock ahead) is as fresh as one just as far in the past: what the clocks
 * of two machines differ by costs no hit, and no clock keeps a result for longer than twice its ttl.
 */
export async function lookUp(
  store: Store,
  key: Key,
  { ttlMs, now, strict }: LookUpOptions,
): Promise<{ readonly kind: 'hit'; readonly entry: Entry } | Miss> {
  let bytes: Uint8Array | undefined
  try {
    bytes = await store.get('entries', key)
  } catch (cause) {
    tell(store, 'read from', strict, cause)
    return miss('unavailable')
  }
  if (bytes === undefined) return miss('absent')
  const found = judge(bytes, key, ttlMs, now)
  if (found.kind === 'hit') return found
  // Another machine may have made it anew.
  const other = await deeper(store, 'entries', key, bytes)
  if (other === undefined) return found
  const better = judge(other.bytes, key, ttlMs, now)
  if (better.kind === 'miss') return found
  await other.take()
  return better
}

function judge(
  bytes: Uint8Array,
  key: Key,
  ttlMs: number | undefined,
  now: number,
): { readonly kind: 'hit'; readonly entry: Entry } | Miss {
  const read = readEntry(bytes)
  if (read.kind === 'miss') return read
  const { entry } = read
  if (entry.key !== key) return miss('damaged')
  if (ttlMs !== undefined && isExpired(entry, ttlMs, now)) return miss('expired')
  return { kind: 'hit', entry }
}

/** As old as `ttlMs`, or as far in the future. */
export function isExpired({ createdAt }: Entry, ttlMs: number, now: number): boolean {
  return !(Math.abs(now - createdAt) < ttlMs)
}

/** The encoded bytes of an output; a blob that is gone or is not what the ref says is a miss. */
export async function readBytes(
  store: Store,
  ref: Ref,
  { strict }: Access = {},
): Promise<{ readonly kind: 'bytes'; readonly bytes: Uint8Array } | Miss> {
  const found = await readPieces(store, ref, { strict }, () => undefined)
  return found.kind === 'miss' ? found : { kind: 'bytes', bytes: wholeOf(found.pieces) }
}

/** In pieces where they are large, as `split` has it. */
async function readPieces(
  store: Store,
  ref: Ref,
  { strict }: Access,
  split: Split,
): Promise<{ readonly kind: 'pieces'; readonly pieces: Pieces } | Miss> {
  let found: FoundPieces | undefined
  try {
    found = ref.inline === undefined ? await fetchPieces(store, ref, split) : { pieces: [ref.inline], digest: undefined }
  } catch (cause) {
    tell(store, 'read from', strict, cause)
    return miss('unavailable')
  }
  if (found === undefined) return miss('absent')
  const { pieces } = found
  if (sizeOf(pieces) !== ref.length || (found.digest ?? digest(pieces)) !== ref.digest) return miss('damaged')
  if (filesIn(pieces).length === 0) return { kind: 'pieces', pieces }
  try {
    return (await hasFiles(store, pieces)) ? { kind: 'pieces', pieces } : miss('absent')
  } catch (cause) {
    tell(store, 'read from', strict, cause)
    return miss('unavailable')
  }
}

/** A blob that is not large is read at one go. */
async function fetchPieces(store: Store, { digest, length }: Ref, split: Split): Promise<FoundPieces | undefined> {
  if (length >= OWN_PIECE_BYTES) return getInPieces(store, digest, split)
  const bytes = await store.get('blobs', digest)
  return bytes && { pieces: [bytes], digest: undefined }
}

/**
 * The value of an output of an entry of this store, decoded afresh at each call, so that nobody can change another's; and its bytes, which are good for
 * reading as long as nobody has the value, since large memory in it is theirs. Those that came with the entry were digested with it.
 */
export async function readValue(
  store: Store,
  ref: Ref,
  access: Access = {},
): Promise<{ readonly kind: 'value'; readonly value: unknown; readonly bytes: Pieces } | Miss> {
  const isProven = ref.inline !== undefined && isSound(store) && codecsIn(ref.inline).length === 0
  const found = isProven ? ({ kind: 'pieces', pieces: [ref.inline] } as const) : await readPieces(store, ref, access, memoryAfter)
  if (found.kind === 'miss') return found
  const { pieces } = found
  const version = codecVersion(pieces[0]!)
  if (version !== undefined && version !== CODEC) return miss(version > CODEC ? 'newer' : 'format')
  if (!isDecodable(pieces[0]!)) return miss('format')
  const value = decoded(pieces)
  return value === FAILED ? miss('damaged') : { kind: 'value', value, bytes: pieces }
}

export interface SaveOptions extends Access {
  /** Replaces what is under the key: to refresh, and to heal an entry that was found expired, damaged or of another version. Default: the first one stays. */
  readonly replace?: boolean
}

/** Bytes of all outputs together that travel inside an entry. */
export const INLINE_LIMIT = 64 * 1024

/**
 * Stores a result: first the blobs, then the entry. An output is given by its encoded bytes, or by a ref whose bytes are inline or already
 * in this store. `stored`: the entry is there now. `kept`: one was there and stays. `failed`: the store did not take it; that was said once.
 */
export async function save(
  store: Store,
  draft: Draft,
  outputs: Readonly<Record<string, Uint8Array | Pieces | Ref>>,
  { replace = false, strict }: SaveOptions = {},
): Promise<'stored' | 'kept' | 'failed'> {
  let room = INLINE_LIMIT
  const refs: [string, Ref][] = []
  const blobs = new Map<Digest, Pieces>()
  for (const [name, output] of Object.entries(outputs)) {
    const pieces = piecesIn(output)
    const ref = isRef(output) ? output : { digest: digest(pieces!), length: sizeOf(pieces!) }
    const { length }: Ref = ref
    const fits = pieces !== undefined && length <= room
    if (fits) room -= length
    else if (pieces !== undefined) blobs.set(ref.digest, pieces)
    const files = ref.files ?? (pieces === undefined ? [] : chunksIn(pieces))
    refs.push([name, { digest: ref.digest, length, ...(fits ? { inline: wholeOf(pieces) } : {}), ...(files.length > 0 && { files }) }])
  }
  const { transition, ...rest } = draft
  const entry: Entry = { format: FORMAT, codec: CODEC, ...rest, ...(transition && { transition }), outputs: Object.fromEntries(refs) }
  try {
    for (const output of Object.values(outputs)) {
      const pieces = piecesIn(output)
      if (pieces !== undefined) await putFiles(store, pieces)
    }
    await Promise.all([...blobs].map(([id, pieces]) => putBlob(store, id, pieces, { replace })))
    return (await store.put('entries', draft.key, writeEntry(entry), { replace })) ? 'stored' : 'kept'
  } catch (cause) {
    tell(store, 'write to', strict, cause)
    return 'failed'
  }
}

function isRef(output: Uint8Array | Pieces | Ref): output is Ref {
  return 'digest' in output
}

/** The bytes of an output that come with it. */
function piecesIn(output: Uint8Array | Pieces | Ref): Pieces | undefined {
  if (!isRef(output)) return output instanceof Uint8Array ? [output] : output
  return output.inline && [output.inline]
}

const FAILED = Symbol('failed')

function miss(reason: MissReason): Miss {
  return { kind: 'miss', reason }
}

function decoded(pieces: Pieces): unknown {
  try {
    return adopt(pieces)
  } catch {
    return FAILED
  }
}

/** Throws the cause under strict; otherwise warns, once for each store and kind of trouble. */
function tell(store: Store, doing: string, strict: boolean | undefined, cause: unknown): void {
  if (strict) throw cause
  if (isHushed(cause)) return
  const [code, why] = cause instanceof MintmarkError ? [cause.code, cause.message.slice(cause.code.length + 1)] : ['MM3000', String(cause)]
  warnOnce(
    code,
    `cannot ${doing} the store ${store.name}: ${why.replace(/\.?$/, '.')} Results are computed instead.`,
    `${doing} ${store.name}`,
  )
}
