// The envelope of what a writer has signed. The signature speaks for the bytes and for their place: the zone, the room and the id. So
// what was signed for one key is of no use under another one.
//
//   0  magic      8 bytes, `mintsig1`
//   8  writer     32 bytes, the public key
//  40  signature  64 bytes, Ed25519
// 104  payload

import { hash, type KeyObject, sign, verify } from 'node:crypto'
import type { Room } from '../store.js'

const MAGIC = Buffer.from('mintsig1')
const WRITER = 8
const SIGNATURE = 40
const PAYLOAD = 104

/** Where the bytes belong. */
export interface Place {
  readonly zone: string
  readonly room: Room
  readonly id: string
}

export interface Signed {
  /** 32 bytes: the public key that the signature claims. */
  readonly writer: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

/** `undefined` for what is in no such envelope. Nothing is verified. */
export function openSigned(bytes: Uint8Array): Signed | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (data.length < PAYLOAD || data.compare(MAGIC, 0, 8, 0, 8) !== 0) return undefined
  return { writer: bytes.subarray(WRITER, SIGNATURE), signature: bytes.subarray(SIGNATURE, PAYLOAD), payload: bytes.subarray(PAYLOAD) }
}

/** The bytes without the envelope, if they are in one. For those who look on and take nothing for a result. */
export function payloadOf(bytes: Uint8Array): Uint8Array {
  return openSigned(bytes)?.payload ?? bytes
}

export function signBytes(payload: Uint8Array, place: Place, key: KeyObject, writer: Uint8Array): Uint8Array {
  return Buffer.concat([MAGIC, writer, sign(null, statement(payload, place), key), payload])
}

export function isSignedBy({ payload, signature }: Signed, place: Place, key: KeyObject): boolean {
  return verify(null, statement(payload, place), key, signature)
}

/** What is signed. A domain of its own in front, so that no signature made for another purpose fits. */
function statement(payload: Uint8Array, { zone, room, id }: Place): Buffer {
  return Buffer.from(['mintmark signature 1', JSON.stringify(zone), room, JSON.stringify(id), hash('sha256', payload, 'hex')].join('\n'))
}
