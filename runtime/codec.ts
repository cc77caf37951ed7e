// Values to bytes and back. `encode(a)` equals `encode(b)` exactly when nobody could tell `a` from `b`, so the bytes serve
// both for keys (their digest) and for results (a hit is a run). No I/O, no clock, no environment.
//
// Four bytes of header name the codec and its version. There are two codecs, and the value alone decides between them: what a
// walk proves to be plain JSON is stored as JSON text, which V8 writes and reads natively; everything else is stored tagged.

import { isAscii, isUtf8 } from 'node:buffer'
import { copyPlain } from './codec/copy.js'
import { isDeep } from './codec/depth.js'
import { putPlain } from './codec/plain.js'
import { readEditions, readTagged } from './codec/read.js'
import { EncodeError } from './codec/refusal.js'
import { codecOfEdition, type Registered } from './codec/registry.js'
import { createSink, PAGE, piecesOf } from './codec/sink.js'
import { MAX_DEPTH } from './codec/tags.js'
import { writeTagged } from './codec/write.js'
import { type Digest, digest } from './contract.js'
import { MintmarkError } from './errors.js'

export { asKey, isInput } from './codec/instances.js'
export { EncodeError } from './codec/refusal.js'
export { type Registered, registerCodec, type ValueCodec } from './codec/registry.js'

/** Version of both codecs. Raised by any change of the bytes; it is in the header, hence in every key. */
export const CODEC = 1

const HEADER = 4
/** Bytes. */
const LARGEST_KEPT = 16 * 1024
// The third is tagged, after the list of the registered codecs that it needs.
const [M, JSON_TEXT, TAGGED, CODED] = [0x4d, 0x6a, 0x74, 0x63]

/**
 * The canonical bytes of `value`.
 *
 * Kept exactly: undefined, null, booleans, numbers (`-0`, `NaN`, infinities), bigints, strings (lone surrogates too), Date, RegExp with
 * `lastIndex`, URL, Map, Set, arrays with their holes, plain and null-prototype objects in their own key order, Buffer, ArrayBuffer,
 * typed arrays, DataView, Error and the standard error classes, instances with a registered codec; cycles and shared references come back as such.
 *
 * Not part of a value: the stack of an error (it holds paths of one machine; a decoded one has only its headline); whether an object is frozen or
 * sealed, and attributes of array elements (all come back plain and writable); `byteOffset` and the memory around a view's own window (a decoded view
 * owns its buffer, so that the pool behind a Buffer neither leaks nor counts).
 *
 * @throws EncodeError `MM2001` with the path of what has no stable bytes: functions, symbols, other instances of classes, proxies, boxed primitives, accessors,
 * symbol keys, hidden properties, extra properties on arrays and built-ins, two views that share memory, more than 1,000 levels.
 */
export function encode(value: unknown): Uint8Array {
  return guarded(() => onScratch(value, copyOf) ?? taggedBytes(value))
}

/**
 * The digest of `value` as an input: of what `encode` makes of it, and where that would refuse instances of classes, of these by their fields or by
 * what their class offers with `[asKey]()`. `classes` are the marks of those whose code is in the fingerprint; no other instance is taken.
 *
 * @throws EncodeError as `encode` does.
 */
export function inputDigest(value: unknown, classes: readonly string[] = []): Digest {
  return guarded(() => onScratch(value, digest) ?? digest(taggedBytes(value, classes)))
}

/** What `use` makes of the bytes that `inputDigest` digests; they are gone afterwards. Throws as `inputDigest` does. */
export function onInput<T extends string | object>(
  value: unknown,
  classes: readonly string[] | undefined,
  use: (bytes: Uint8Array) => T,
): T {
  return guarded(() => onScratch(value, (pieces) => use(wholeOf(pieces))) ?? use(taggedBytes(value, classes ?? [])))
}

function taggedBytes(value: unknown, classes?: readonly string[]): Uint8Array {
  return writeTagged(value, { tagged: headerOf(TAGGED), coded: headerOf(CODED) }, classes)
}

function guarded<T>(encoding: () => T): T {
  try {
    return encoding()
  } catch (error) {
    // No stack left to walk on, or more bytes than a string or a buffer can hold.
    if (error instanceof RangeError) throw new EncodeError('$', 'value', error.message, undefined, { cause: error })
    throw error
  }
}

/**
 * The value that `encode` was given. Runs no code of the data, takes no prototype from it, and checks every declared length against
 * what is left before it allocates. Instances are what their registered codecs make of data.
 *
 * @throws MintmarkError `MM2006` when a codec is not registered, or in another version.
 * @throws MintmarkError `MM2002` when the bytes are malformed, cut, followed by others or of another codec version.
 */
export function decode(bytes: Uint8Array): unknown {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = codecVersion(data)
  if (version === undefined) throw malformed('they do not start with the header of a stored value')
  if (version !== CODEC) throw malformed(`they are of codec version ${version}, this is version ${CODEC}`)
  try {
    return data[2] === JSON_TEXT ? readJson(data.subarray(HEADER)) : readTagged(data, HEADER, data[2] === CODED)
  } catch (error) {
    if (error instanceof MintmarkError) throw error
    throw malformed(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Decodes the same bytes again and again, which nobody may change: what is found out about them the first time holds. Throws as `decode` does. */
export function decoderOf(bytes: Uint8Array): () => unknown {
  if (bytes[2] !== JSON_TEXT || bytes.length > LARGEST_KEPT) return () => decode(bytes)
  let decodedBefore = false
  let kept: { readonly value: unknown } | undefined
  return () => {
    if (kept !== undefined) return copyPlain(kept.value)
    const value = decode(bytes)
    // Most are wanted once.
    if (!decodedBefore) {
      decodedBefore = true
      return value
    }
    kept = { value }
    return copyPlain(value)
  }
}

/** The codec version in the header, known or not; `undefined` when these bytes are not a stored value. */
export function codecVersion(bytes: Uint8Array): number | undefined {
  const ours =
    bytes.length > HEADER && bytes[0] === M && bytes[1] === M && (bytes[2] === JSON_TEXT || bytes[2] === TAGGED || bytes[2] === CODED)
  return ours ? bytes[3] : undefined
}

/** The registered codecs that stored bytes need; nothing is decoded. Those that are not registered here have no `codec`. */
export function codecsIn(bytes: Uint8Array): readonly { readonly edition: string; readonly codec: Registered | undefined }[] {
  if (bytes[2] !== CODED || codecVersion(bytes) !== CODEC) return []
  try {
    const editions = readEditions(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), HEADER)
    return editions.map((edition) => ({ edition, codec: codecOfEdition(edition) }))
  } catch {
    return []
  }
}

/** False when the bytes need a codec that is not registered here, in that version. */
export function isDecodable(bytes: Uint8Array): boolean {
  return codecsIn(bytes).every(({ codec }) => codec !== undefined)
}

function headerOf(codec: number): readonly number[] {
  return [M, M, codec, CODEC]
}

/** Where plain data is written first: making room costs more than writing a small value. No code of a value runs meanwhile, so nobody else is at it. */
let scratch = createSink(PAGE)

/** What `use` makes of the bytes of plain data, which are gone afterwards; `undefined` when the value is not plain. */
function onScratch<T>(value: unknown, use: (pieces: readonly Buffer[]) => T): T | undefined {
  const sink = scratch
  const { bytes } = sink
  bytes[0] = M
  bytes[1] = M
  bytes[2] = JSON_TEXT
  bytes[3] = CODEC
  sink.at = HEADER
  try {
    return putPlain(sink, value) ? use(piecesOf(sink)) : undefined
  } finally {
    if (sink.full.length > 0) sink.full.length = 0
    if (sink.bytes.length > PAGE) scratch = createSink(PAGE)
  }
}

function wholeOf(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}

function copyOf(pieces: readonly Buffer[]): Uint8Array {
  if (pieces.length > 1) return wholeOf(pieces)
  const copy = Buffer.allocUnsafe(pieces[0]!.length)
  copy.set(pieces[0]!)
  return copy
}

function readJson(data: Buffer): unknown {
  // The text of most data; as such it is read four times as fast.
  const plain = isAscii(data)
  if (!plain && !isUtf8(data)) throw malformed('they are not UTF-8')
  // JSON.parse forgives white space around the text; bytes after the value are an error here.
  if (data[0]! <= 0x20 || data[data.length - 1]! <= 0x20) throw malformed('there is white space around the JSON text')
  if (isDeep(data)) throw malformed(`they are nested deeper than ${MAX_DEPTH} levels`)
  return JSON.parse(data.toString(plain ? 'latin1' : 'utf8'))
}

function malformed(why: string, options?: ErrorOptions): MintmarkError {
  return new MintmarkError('MM2002', `cannot decode stored bytes: ${why}. Delete them; the value is computed again.`, options)
}
