// Envelopes that no store of this version writes.

import { createHash } from 'node:crypto'

/** A whole envelope of that version, by the rule that all versions from 2 on keep: the digest is of the first 16 bytes and the body. */
export function sealedAs(version: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(48)
  head.write('mintmark')
  head.writeUInt16BE(version, 8)
  head.writeUIntBE(body.length, 10, 6)
  createHash('sha256').update(head.subarray(0, 16)).update(body).digest().copy(head, 16)
  return Buffer.concat([head, body])
}
