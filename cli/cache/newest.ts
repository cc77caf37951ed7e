// A listing from the newest to the oldest: 48 bytes a row in memory, so that a million rows take 48 MB.

import type { Listing } from '../../runtime/store.js'

const ID = 32
const ROW = ID + 16

/** Ids are 64 hex digits. */
export async function* newestFirst(listing: AsyncIterable<Listing>): AsyncGenerator<Listing> {
  let rows = Buffer.alloc(1024 * ROW)
  let count = 0
  for await (const { id, size, modified } of listing) {
    if ((count + 1) * ROW > rows.length) rows = Buffer.concat([rows, Buffer.alloc(rows.length)])
    const at = count++ * ROW
    rows.write(id, at, 'hex')
    rows.writeDoubleBE(modified, at + ID)
    rows.writeDoubleBE(size, at + ID + 8)
  }
  const modifiedOf = (row: number) => rows.readDoubleBE(row * ROW + ID)
  const order = Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => modifiedOf(b) - modifiedOf(a))
  for (const row of order) {
    const at = row * ROW
    yield { id: rows.toString('hex', at, at + ID), modified: modifiedOf(row), size: rows.readDoubleBE(at + ID + 8) }
  }
}
