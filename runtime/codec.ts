// Values to bytes and back. `encode(a)` equals `encode(b)` exactly when nobody could tell `a` from `b`, so the bytes serve
// both for keys (their digest) and for results (a hit is a run). No I/O, no clock, no environment.
//
// Four bytes of header name the codec and its version. There are two codecs, and the value alone decides between them: what a
// walk proves to be plain JSON is stored as JSON text, which V8 writes and reads natively; everything else is stored tagged.

import { constants, isAscii, isUtf8 } from 'node:buffer'
import { copierOf, copyPlain } from './codec/copy.js'
import { isDeep } from './codec/depth.js'
import { putPlain } from './codec/plain.js'
import { findMemory, readEditions, readTagged } from './codec/read.js'
import { EncodeError } from './codec/refusal.js'
import { codecOfEdition, type Registered } from './codec/registry.js'
import { createSink, PAGE, piecesOf } from './codec/sink.js'
import { MAX_DEPTH } from './codec/tags.js'
import { type TaggedOptions, writeTagged } from './codec/write.js'
import { type Digest, digest } from './contract.js'
import { MintmarkError } from './errors.js'
import { type Pieces, sizeOf, wholeOf } from './pieces.js'

export { asKey, isInput } from './codec/class-marks.js'
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
  return guarded(() => onScratch(value, wholeCopy) ?? wholeOf(taggedPieces(value, { borrows: true })))
}

/**
 * What `encode` makes, in pieces where it is large: as the value is, another copy of all its bytes may be more than there is room for. Large memory is a piece
 * of its own: a copy, or with `borrows` the value's own, which must not change then. Throws as `encode` does.
 */
export function encodeInPieces(value: unknown, { borrows = false }: { readonly borrows?: boolean } = {}): Pieces {
  return guarded(() => onScratch(value, ownPieces) ?? taggedPieces(value, { borrows }))
}

/**
 * The digest of `value` as an input: of what `encode` makes of it, and where that would refuse instances of classes, of these by their fields or by
 * what their class offers with `[asKey]()`. `classes` are the marks of those whose code is in the fingerprint; no other instance is taken.
 *
 * @throws EncodeError as `encode` does.
 */
export function inputDigest(value: unknown, classes: readonly string[] = []): Digest {
  return guarded(() => onScratch(value, digest) ?? digest(taggedPieces(value, { classes, borrows: true })))
}

/** What `use` makes of the bytes that `inputDigest` digests; they are gone afterwards. Throws as `inputDigest` does. */
export function onInput<T extends string | object>(
  value: unknown,
  classes: readonly string[] | undefined,
  use: (bytes: Uint8Array) => T,
): T {
  return guarded(
    () =>
      onScratch(value, (pieces) => use(wholeOf(pieces))) ?? use(wholeOf(taggedPieces(value, { classes: classes ?? [], borrows: true }))),
  )
}

function taggedPieces(value: unknown, options: TaggedOptions): Pieces {
  return writeTagged(value, { tagged: headerOf(TAGGED), coded: headerOf(CODED) }, options)
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
export function decode(bytes: Uint8Array | Pieces): unknown {
  return decodePieces(bytes instanceof Uint8Array ? [bytes] : bytes, false)
}

/** As `decode`, where nobody else will use the pieces any more: large memory that is a piece of its own becomes that of the value. */
export function adopt(pieces: Pieces): unknown {
  return decodePieces(pieces, true)
}

function decodePieces(pieces: Pieces, adopts: boolean): unknown {
  const head = pieces[0]!
  const version = codecVersion(head)
  if (version === undefined) throw malformed('they do not start with the header of a stored value')
  if (version !== CODEC) throw malformed(`they are of codec version ${version}, this is version ${CODEC}`)
  try {
    return head[2] === JSON_TEXT ? readJson(asBuffer(wholeOf(pieces))) : readTagged(pieces, HEADER, head[2] === CODED, adopts)
  } catch (error) {
    if (error instanceof MintmarkError) throw error
    throw malformed(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Decodes the same bytes again and again, which nobody may change: what is found out about them the first time holds. Throws as `decode` does. */
export function decoderOf(bytes: Uint8Array): () => unknown {
  if (bytes[2] !== JSON_TEXT || bytes.length > LARGEST_KEPT) return () => decode(bytes)
  let decodedBefore = false
  let copy: (() => unknown) | undefined
  return () => {
    if (copy !== undefined) return copy()
    const value = decode(bytes)
    // Most are wanted once.
    if (!decodedBefore) {
      decodedBefore = true
      return value
    }
    copy = copierOf(value)
    return copy()
  }
}

/**
 * What `decode` would make of the pieces that `encodeInPieces` has just made of the value. Of text a copy of the value, which takes less than to parse it; of
 * large memory that which is in the pieces, so that they are good for reading only as long as nobody has the copy.
 */
export function copyOf(value: unknown, pieces: Pieces): unknown {
  const isText = pieces.length > 1 && pieces[0]![2] === JSON_TEXT && sizeOf(pieces) <= constants.MAX_STRING_LENGTH
  return isText ? copyPlain(value) : adopt(pieces)
}

/** Of stored bytes whose beginning is here and which `unread` others follow: the large memory that goes on among those. No code runs and nothing is taken for sound. */
export function memoryAfter(pieces: Pieces, unread: number): { readonly start: number; readonly length: number } | undefined {
  const head = pieces[0]!
  return head[2] === TAGGED && codecVersion(head) === CODEC ? findMemory(pieces, HEADER, unread) : undefined
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
    return readEditions(bytes, HEADER).map((edition) => ({ edition, codec: codecOfEdition(edition) }))
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
function onScratch<T>(value: unknown, use: (pieces: Pieces) => T): T | undefined {
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

function wholeCopy(pieces: Pieces): Uint8Array {
  return pieces.length > 1 ? wholeOf(pieces) : copyOfPiece(pieces[0]!)
}

/** Those that are full are nobody else's. */
function ownPieces(pieces: Pieces): Pieces {
  return [...pieces.slice(0, -1), copyOfPiece(pieces.at(-1)!)]
}

function copyOfPiece(piece: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafe(piece.length)
  copy.set(piece)
  return copy
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Of all bytes, header and text: to cut views of them costs as much as to look through a short text. */
function readJson(data: Buffer): unknown {
  // The text of most data, and all of the header; as such it is read four times as fast.
  const plain = isAscii(data)
  if (!plain && !isUtf8(data)) throw malformed('they are not UTF-8')
  // JSON.parse forgives white space around the text; bytes after the value are an error here.
  if (data[HEADER]! <= 0x20 || data[data.length - 1]! <= 0x20) throw malformed('there is white space around the JSON text')
  if (isDeep(data)) throw malformed(`they are nested deeper than ${MAX_DEPTH} levels`)
  return JSON.parse(data.toString(plain ? 'latin1' : 'utf8', HEADER))
}

function malformed(why: string, options?: ErrorOptions): MintmarkError {
  return new MintmarkError('MM2002', `cannot decode stored bytes: ${why}. Delete them; the value is computed again.`, options)
}
