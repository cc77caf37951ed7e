// How an envelope goes up to a bucket: in one request, or in parts side by side.

import { type Pieces, sliceOf } from '../pieces.js'
import { deflatedParts } from './s3-deflated.js'
import { type Ask, ATTEMPTS, backOff, inParts } from './s3-request.js'
import { nameOf, statusOf } from './s3-trouble.js'

/** A payload in its envelope. */
export interface Sealed {
  readonly payload: Pieces
  /** Of the envelope. */
  readonly size: number
  /** The head and what follows it, so that a large payload is not copied; absent where the payload is deflated while it goes up. */
  readonly stored?: Pieces
}

export interface UploadOptions {
  readonly ask: Ask
  readonly partBytes: number
  readonly Key: string
  readonly sealed: Sealed
  /** Only where there is no object yet. */
  readonly ifNone: boolean
  /** Whether this very envelope is under the key. */
  readonly isThere: () => Promise<boolean>
}

const MOST_PARTS = 10_000

/** Parts of an envelope, asked for in their order. */
export interface Source {
  part(index: number): Promise<Buffer>
  /** Nothing more is asked for. Who waits for a part that is not made any more is told why. */
  end(error?: unknown): Promise<void>
}

/** Tries again when it meets another upload to the same key (409). True when stored; false when there is an object already (412). */
export async function upload({ ask, partBytes, Key, sealed, ifNone, isThere }: UploadOptions): Promise<boolean> {
  const { payload, size, stored } = sealed
  const precondition = ifNone ? { IfNoneMatch: '*' } : {}
  for (let attempt = 1; ; attempt++) {
    try {
      await (stored === undefined ? parts(deflating) : size > partBytes ? parts((length) => held(stored, length)) : whole(stored))
      return true
    } catch (error) {
      if (statusOf(error) === 412) return false
      if (statusOf(error) !== 409 || attempt === ATTEMPTS) throw error
    }
    await backOff(attempt)
  }

  async function whole(stored: Pieces): Promise<void> {
    // A Buffer, never a stream: its length is known, so it can be signed and sent again.
    await ask('PutObject', { Key, Body: slice(stored, 0, size), ...precondition }, { bytes: size })
  }

  function held(stored: Pieces, length: number): Source {
    return { part: async (index) => slice(stored, index * length, Math.min((index + 1) * length, size)), end: async () => {} }
  }

  function deflating(length: number): Source {
    return deflatedParts(payload, size, length)
  }

  async function parts(sourceOf: (length: number) => Source): Promise<void> {
    const length = Math.max(partBytes, Math.ceil(size / MOST_PARTS))
    const count = Math.ceil(size / length)
    const { UploadId } = await ask('CreateMultipartUpload', { Key })
    const source = sourceOf(length)
    try {
      const Parts = await inParts(count, async (index) => {
        try {
          const Body = await source.part(index)
          const { ETag } = await ask('UploadPart', { Key, UploadId, PartNumber: index + 1, Body }, { bytes: Body.length })
          return { ETag, PartNumber: index + 1 }
        } catch (error) {
          await source.end(error)
          throw error
        }
      })
      await ask('CompleteMultipartUpload', { Key, UploadId, MultipartUpload: { Parts }, ...precondition }, { bytes: size })
    } catch (error) {
      // The answer to a completion was lost, and it was asked for again: then there is no such upload any more, but the object.
      if (nameOf(error) === 'NoSuchUpload' && (await isThere())) return
      // Its parts would be kept, and paid for, until someone looks.
      await ask('AbortMultipartUpload', { Key, UploadId }).catch(() => {})
      throw error
    } finally {
      await source.end()
    }
  }
}

/** Bytes of the envelope; a copy only where pieces meet. */
function slice(stored: Pieces, start: number, end: number): Buffer {
  const { buffer, byteOffset, length } = sliceOf(stored, start, end)
  return Buffer.from(buffer, byteOffset, length)
}
