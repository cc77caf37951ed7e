// The envelope around everything that a store keeps outside of this process. A file or object that was torn, truncated, emptied or
// bit-flipped does not open, and what does not open is a miss.
//
//   0  magic    8 bytes, `mintmark`
//   8  version  2 bytes, big endian
//  10  length   6 bytes, big endian: bytes of payload, which is exactly the rest
//  16  sha256   32 bytes, of the payload
//  48  payload

import { hash } from 'node:crypto'

/** Bytes before the payload. */
export const FRAME_BYTES = 48

const MAGIC = Buffer.from('mintmark')
const VERSION = 1

/** The payload in its envelope, as a new buffer. */
export function seal(payload: Uint8Array): Buffer<ArrayBuffer> {
  const sealed = Buffer.allocUnsafeSlow(FRAME_BYTES + payload.length)
  sealed.set(MAGIC)
  sealed.writeUInt16BE(VERSION, 8)
  sealed.writeUIntBE(payload.length, 10, 6)
  hash('sha256', payload, 'buffer').copy(sealed, 16)
  sealed.set(payload, FRAME_BYTES)
  return sealed
}

/** A view of the payload, or `undefined` unless every byte is as it was sealed. */
export function open(sealed: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length)
  if (bytes.length < FRAME_BYTES || bytes.compare(MAGIC, 0, 8, 0, 8) !== 0 || bytes.readUInt16BE(8) !== VERSION) return undefined
  if (bytes.readUIntBE(10, 6) !== bytes.length - FRAME_BYTES) return undefined
  const payload = sealed.subarray(FRAME_BYTES)
  return hash('sha256', payload, 'buffer').compare(bytes, 16, FRAME_BYTES) === 0 ? payload : undefined
}
