// What follows the head of an object that is too large to be held: it comes down window by window, and is proven once the last one was taken.

import type { Opening } from './frame.js'

/** Fills all of `into` with what begins at `start` of the object. */
export type ReadAt = (into: Uint8Array, start: number) => Promise<void>

export interface Stored {
  /** To be taken once. Each is good until the next is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Whether these, all of them, were what was sealed. Throws what kept them from coming. */
  isProven(): boolean
}

export interface StoredOptions {
  /** The beginning of the object, which is here already. */
  readonly begun: Uint8Array
  readonly opening: Opening
  /** Bytes of the object. */
  readonly total: number
  readonly windowBytes: number
  readonly read: ReadAt
}

export function storedAfter({ begun, opening, total, windowBytes, read }: StoredOptions): Stored {
  const proof = opening.prove()
  let failed: { readonly error: unknown } | undefined

  async function* chunks(): AsyncGenerator<Uint8Array> {
    const rest = begun.subarray(opening.start)
    proof.add(rest)
    yield rest
    const window = Buffer.allocUnsafeSlow(Math.min(total - begun.length, windowBytes))
    for (let at = begun.length; at < total; at += window.length) {
      const some = window.subarray(0, total - at)
      try {
        await read(some, at)
      } catch (error) {
        failed = { error }
        throw error
      }
      proof.add(some)
      yield some
    }
  }

  return {
    chunks: chunks(),
    isProven() {
      if (failed !== undefined) throw failed.error
      return proof.isProven()
    },
  }
}
