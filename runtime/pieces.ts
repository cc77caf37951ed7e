// Bytes in pieces, so that what is large need not be copied into one: the sum of the pieces, in their order, is what counts.

/** Nobody writes to them while others have them. */
export type Pieces = readonly Uint8Array[]

/** Raw memory of so many bytes is a piece of its own: less is copied in less time than it takes to look after. */
export const OWN_PIECE_BYTES = 1024 * 1024

export function sizeOf(pieces: Pieces): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

/** All bytes in one; the piece itself where there is but one. */
export function wholeOf(pieces: Pieces): Uint8Array {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}

/** What stands between the two places, in views where it lies in one piece and in copies where it does not. */
export function sliceOf(pieces: Pieces, start: number, end: number): Uint8Array {
  const found: Uint8Array[] = []
  let at = 0
  for (const piece of pieces) {
    if (at >= end) break
    if (at + piece.length > start) found.push(piece.subarray(Math.max(0, start - at), end - at))
    at += piece.length
  }
  return found.length === 0 ? new Uint8Array() : wholeOf(found)
}

/** The only view of its memory. */
export function isWholeMemory({ buffer, length }: Uint8Array): boolean {
  return length === buffer.byteLength
}
