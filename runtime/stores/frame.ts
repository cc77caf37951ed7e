// The envelope around everything that a store keeps outside of this process. A file or object that was torn, truncated, emptied or
// bit-flipped does not open, and what does not open is a miss.
//
//   0  magic    8 bytes, `mintmark`
//   8  version  2 bytes, big endian. 1: the body is the payload. 2: the body is the payload's length, 6 bytes, and its deflated bytes
//  10  length   6 bytes, big endian: bytes of body, which is exactly the rest
//  16  sha256   32 bytes; in version 1 of the body, from 2 on of the first 16 bytes and the body
//  48  body
//
// Later versions keep magic, length and digest where they are, so that a whole envelope of a later version can be told from a damaged one: it
// is a miss too, but it is left where it is.

import { createHash, hash } from 'node:crypto'
import { type Digest, digest } from '../contract.js'
import { type Pieces, sizeOf } from '../pieces.js'
import { inflate, isPossible } from './compression.js'

/** Bytes before the body. */
export const FRAME_BYTES = 48

const MAGIC = Buffer.from('mintmark')
const [MAGIC_HIGH, MAGIC_LOW] = [MAGIC.readUInt32BE(0), MAGIC.readUInt32BE(4)]
const PLAIN = 1
const DEFLATED = 2
/** Bytes before the digest. */
const PREAMBLE = 16
const LENGTH_BYTES = 6
const LENGTH_AT = PREAMBLE - LENGTH_BYTES
/** Magic and version, a character a byte. */
const PLAIN_MARK = `${MAGIC}${String.fromCharCode(0, PLAIN)}`

/** The payload in its envelope, as a new buffer. */
export function seal(payload: Uint8Array): Buffer<ArrayBuffer> {
  const sealed = Buffer.allocUnsafeSlow(FRAME_BYTES + payload.length)
  writeHead(sealed, PLAIN, payload.length)
  hash('sha256', payload, 'buffer').copy(sealed, PREAMBLE)
  sealed.set(payload, FRAME_BYTES)
  return sealed
}

/** What goes before the payload, for those who write the two one after the other. */
export function headOf(payload: Pieces): Buffer<ArrayBuffer> {
  const head = Buffer.allocUnsafeSlow(FRAME_BYTES)
  writeHead(head, PLAIN, sizeOf(payload))
  head.write(digest(payload), PREAMBLE, 'hex')
  return head
}

/** Of what goes before the deflated bytes of a payload. */
export const DEFLATED_HEAD_BYTES = FRAME_BYTES + LENGTH_BYTES

/** What goes before the deflated bytes of a payload that was so long. */
export function headOfDeflated(deflated: Pieces, length: number): Buffer<ArrayBuffer> {
  const head = beginDeflated(sizeOf(deflated), length)
  for (const piece of deflated) head.add(piece)
  return head.end()
}

/** The same where so many deflated bytes are only told one after the other. */
export function beginDeflated(size: number, length: number) {
  const head = Buffer.allocUnsafeSlow(DEFLATED_HEAD_BYTES)
  writeHead(head, DEFLATED, LENGTH_BYTES + size)
  head.writeUIntBE(length, FRAME_BYTES, LENGTH_BYTES)
  const sha = createHash('sha256').update(head.subarray(0, PREAMBLE)).update(head.subarray(FRAME_BYTES))
  return {
    add: (piece: Uint8Array) => void sha.update(piece),
    end() {
      sha.digest().copy(head, PREAMBLE)
      return head
    },
  }
}

/** How the body of a whole envelope is to be read whose beginning this is. */
export interface Opening {
  readonly kind: 'plain' | 'deflated'
  /** Where the bytes begin that are the payload, deflated or not. */
  readonly start: number
  /** Of the payload. */
  readonly length: number
  /** True when these, told one after the other from `start` on, are what was sealed. */
  readonly isProven: (stored: Iterable<Uint8Array>) => boolean
  /** The same for those who are told them only once and want them otherwise, too. */
  readonly prove: () => Proof
  /** Of the payload, if they are. */
  readonly digest: Digest | undefined
}

export interface Proof {
  add(piece: Uint8Array): void
  /** Of all that was added. */
  isProven(): boolean
}

/** `undefined` for everything but an envelope of this version with so many bytes in all; then `open` and `isNewer` know more. */
export function openingOf(begun: Buffer, total: number): Opening | undefined {
  if (begun.length < Math.min(total, DEFLATED_HEAD_BYTES)) return undefined
  const version = versionOf(begun, total)
  const told = begun.toString('hex', PREAMBLE, FRAME_BYTES) as Digest
  if (version === PLAIN) {
    return { kind: 'plain', start: FRAME_BYTES, length: total - FRAME_BYTES, ...provenBy(told, []), digest: told }
  }
  if (version !== DEFLATED || total < DEFLATED_HEAD_BYTES) return undefined
  const length = begun.readUIntBE(FRAME_BYTES, LENGTH_BYTES)
  const before = [begun.subarray(0, PREAMBLE), begun.subarray(FRAME_BYTES, DEFLATED_HEAD_BYTES)]
  return isPossible(length, total - DEFLATED_HEAD_BYTES)
    ? { kind: 'deflated', start: DEFLATED_HEAD_BYTES, length, ...provenBy(told, before), digest: undefined }
    : undefined
}

/** By a digest of what comes before and of what is stored. */
function provenBy(told: string, before: Pieces): Pick<Opening, 'isProven' | 'prove'> {
  function prove(): Proof {
    const sha = createHash('sha256')
    for (const piece of before) sha.update(piece)
    return { add: (piece) => void sha.update(piece), isProven: () => sha.digest('hex') === told }
  }
  return {
    prove,
    isProven(stored) {
      const proof = prove()
      for (const piece of stored) proof.add(piece)
      return proof.isProven()
    },
  }
}

/** The payload, a view of it where that can be, or `undefined` unless every byte is as it was sealed. */
export function open(sealed: Uint8Array): Uint8Array | undefined {
  const bytes = asBuffer(sealed)
  // As texts of one byte a character: that takes the fewest calls, and a digest as such is a third cheaper than one in a buffer.
  const head = bytes.toString('latin1', 0, FRAME_BYTES)
  if (
    head.startsWith(PLAIN_MARK) &&
    bytes.length >= FRAME_BYTES &&
    bytes.readUIntBE(LENGTH_AT, LENGTH_BYTES) === bytes.length - FRAME_BYTES
  ) {
    const payload = sealed.subarray(FRAME_BYTES)
    return head.endsWith(hash('sha256', payload, 'binary')) ? payload : undefined
  }
  const version = versionOf(bytes)
  if (version !== DEFLATED || bytes.length < FRAME_BYTES + LENGTH_BYTES || !isWhole(bytes)) return undefined
  const length = bytes.readUIntBE(FRAME_BYTES, LENGTH_BYTES)
  return inflate(sealed.subarray(FRAME_BYTES + LENGTH_BYTES), length)
}

/** True for a whole envelope of a version that came after this one. */
export function isNewer(sealed: Uint8Array): boolean {
  const bytes = asBuffer(sealed)
  const version = versionOf(bytes)
  return version !== undefined && version > DEFLATED && isWhole(bytes)
}

function writeHead(into: Buffer, version: number, length: number): void {
  into.set(MAGIC)
  into.writeUInt16BE(version, MAGIC.length)
  into.writeUIntBE(length, LENGTH_AT, LENGTH_BYTES)
}

/** `undefined` unless there are magic and the right length. */
function versionOf(bytes: Buffer, total = bytes.length): number | undefined {
  if (bytes.length < FRAME_BYTES || bytes.readUInt32BE(0) !== MAGIC_HIGH || bytes.readUInt32BE(4) !== MAGIC_LOW) return undefined
  return bytes.readUIntBE(LENGTH_AT, LENGTH_BYTES) === total - FRAME_BYTES ? bytes.readUInt16BE(MAGIC.length) : undefined
}

function isWhole(bytes: Buffer): boolean {
  const sha = createHash('sha256').update(bytes.subarray(0, PREAMBLE)).update(bytes.subarray(FRAME_BYTES))
  return sha.digest().compare(bytes, PREAMBLE, FRAME_BYTES) === 0
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
