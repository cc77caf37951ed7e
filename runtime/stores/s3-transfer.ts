// The bytes of one object: up to a bucket and down from it, whole in one request or in parts side by side when they are many.
//
// Whatever the server says of an object (ETag, length, version) is not relied on: what came down is the object if its envelope opens.

import { createHash } from 'node:crypto'
import { type Digest, digest } from '../contract.js'
import { wholeOf } from '../pieces.js'
import { inflateInPieces, inflatesTo } from './compression.js'
import type { Limit } from './deadline.js'
import { isNewer, type Opening, open, openingOf } from './frame.js'
import { type FoundPieces, LARGE_FROM, readPieces, type Split } from './in-pieces.js'
import { type Ask, ATTEMPTS, backOff, inParts, PARTS_AT_ONCE } from './s3-request.js'
import { type ReadAt, type Stored, storedAfter } from './s3-stored.js'
import { isTimeout, nameOf, statusOf } from './s3-trouble.js'
import { type Sealed, upload } from './s3-upload.js'

export type Found = { readonly kind: 'absent' | 'damaged' | 'newer' } | ({ readonly kind: 'found' } & FoundPieces)

export type Look = Exclude<Found, { readonly kind: 'found' }> | { readonly kind: 'found'; readonly digest: Digest }

export interface Transfer {
  /** `large`: it may be longer than a part. A short object is one request either way. */
  fetch(Key: string, large: boolean, split?: Split): Promise<Found>
  /** What is there, without the bytes: of a large object nothing is held. */
  look(Key: string): Promise<Look>
  /** Puts the envelope whatever is there. */
  replace(Key: string, sealed: Sealed): Promise<void>
  /** Puts it unless there is a sound one. True when it is stored. */
  putFirst(Key: string, sealed: Sealed): Promise<boolean>
}

export interface TransferOptions {
  readonly ask: Ask
  readonly timeoutMs: number
  readonly partBytes: number
}

export function openTransfer({ ask, timeoutMs, partBytes }: TransferOptions): Transfer {
  /** False once the server said that it has no conditional put. */
  let conditional = true

  /** One range, or all when there is none; with the length of the whole object. Into memory that is there, where it is given. */
  async function download(
    Key: string,
    range: string | undefined,
    into?: Uint8Array,
  ): Promise<{ readonly bytes: Uint8Array; readonly total: number }> {
    const end = performance.now() + timeoutMs
    for (let attempt = 1; ; attempt++) {
      let body: any
      try {
        // One that is not answered is asked again while there is time: another connection may fare better.
        const ms = Math.max(1, Math.min(timeoutMs / 3, end - performance.now()))
        return await ask('GetObject', { Key, ...(range === undefined ? {} : { Range: range }) }, { ms, read })
      } catch (error) {
        body?.destroy?.()
        const again = isTimeout(error) ? performance.now() < end - 1 : body !== undefined && attempt < ATTEMPTS
        if (!again) throw error
      }
      await backOff(attempt)

      async function read(answer: any, { extend }: Limit) {
        body = answer.Body
        extend((answer.ContentLength ?? 0) / 1000)
        const bytes: Uint8Array = into === undefined ? await body.transformToByteArray() : await collect(body, into)
        const total = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? bytes.length)
        return { bytes, total }
      }
    }
  }

  function following(begun: Uint8Array, opening: Opening, total: number, read: ReadAt): Stored {
    return storedAfter({ begun, opening, total, windowBytes: PARTS_AT_ONCE * partBytes, read })
  }

  /** What begins at `start`, in parts side by side. */
  async function downloadInto(Key: string, into: Uint8Array, start: number): Promise<void> {
    await inParts(Math.ceil(into.length / partBytes), async (index) => {
      const part = into.subarray(index * partBytes, (index + 1) * partBytes)
      const from = start + index * partBytes
      // Of a part with another length the envelope tells.
      await download(Key, `bytes=${from}-${from + part.length - 1}`, part)
    })
  }

  async function fetch(Key: string, large: boolean, split: Split = inOne): Promise<Found> {
    try {
      // Again once, should it be replaced between two of its parts.
      const found = await fetchOnce(Key, large, split)
      return found.kind === 'damaged' && found.parts > 1 ? await fetchOnce(Key, large, split) : found
    } catch (error) {
      if (isAbsent(error)) return { kind: 'absent' }
      // The empty object has no first byte.
      if (statusOf(error) === 416) return { kind: 'damaged' }
      throw error
    }
  }

  async function fetchOnce(Key: string, large: boolean, split: Split): Promise<Found & { readonly parts: number }> {
    const first = await download(Key, large ? `bytes=0-${partBytes - 1}` : undefined)
    const { total } = first
    const begun = asBuffer(first.bytes)
    const parts = Math.ceil(total / partBytes)
    const opening = openingOf(begun, total)
    const isWhole = begun.length === total || begun.length !== partBytes
    if (isWhole && (opening === undefined || opening.length < LARGE_FROM)) return { ...judge(begun), parts: 1 }
    if (opening?.kind === 'deflated') {
      const stored = following(begun, opening, total, (into, start) => downloadInto(Key, into, start))
      const pieces = await inflateInPieces(stored.chunks, opening.length, split)
      return stored.isProven() && pieces !== undefined ? { kind: 'found', pieces, digest: undefined, parts } : { kind: 'damaged', parts }
    }
    let at = begun.length
    async function read(into: Uint8Array): Promise<void> {
      const start = at
      at += into.length
      await downloadInto(Key, into, start)
    }
    try {
      const rest = begun.subarray(opening?.start ?? 0)
      const pieces = await readPieces(rest.length + total - begun.length, rest, read, opening === undefined ? inOne : split)
      if (opening === undefined) return { ...judge(wholeOf(pieces)), parts }
      if (!opening.isProven(pieces)) return { kind: 'damaged', parts }
      return { kind: 'found', pieces, digest: opening.digest, parts }
    } catch (error) {
      // More than there is memory for, or so the server says.
      if (error instanceof RangeError) return { kind: 'damaged', parts }
      throw error
    }
  }

  async function look(Key: string): Promise<Look> {
    try {
      const found = await lookOnce(Key)
      return found.kind === 'damaged' ? await lookOnce(Key) : found
    } catch (error) {
      if (isAbsent(error)) return { kind: 'absent' }
      if (statusOf(error) === 416) return { kind: 'damaged' }
      throw error
    }
  }

  async function lookOnce(Key: string): Promise<Look> {
    const { bytes, total } = await download(Key, `bytes=0-${partBytes - 1}`)
    const opening = openingOf(asBuffer(bytes), total)
    // Whole by now, or of a later version: that is told from a damaged one by all of it.
    if (opening === undefined || bytes.length === total) {
      const found = bytes.length === total ? judge(asBuffer(bytes)) : await fetchOnce(Key, true, inOne)
      return found.kind === 'found' ? { kind: 'found', digest: found.digest ?? digest(found.pieces) } : { kind: found.kind }
    }
    const stored = following(bytes, opening, total, (into, start) => downloadInto(Key, into, start))
    const sha = createHash('sha256')
    let isWhole = true
    if (opening.kind === 'plain') for await (const _ of stored.chunks);
    else isWhole = await inflatesTo(stored.chunks, opening.length, (chunk) => sha.update(chunk))
    if (!stored.isProven() || !isWhole) return { kind: 'damaged' }
    return { kind: 'found', digest: opening.digest ?? (sha.digest('hex') as Digest) }
  }

  function send(Key: string, sealed: Sealed, ifNone: boolean): Promise<boolean> {
    return upload({ ask, partBytes, Key, sealed, ifNone, isThere })

    async function isThere(): Promise<boolean> {
      const found = await look(Key)
      return found.kind === 'found' && found.digest === digest(sealed.payload)
    }
  }

  async function putFirst(Key: string, sealed: Sealed): Promise<boolean> {
    const large = sealed.size > partBytes
    let unknown = false
    // Before many bytes are sent for nothing.
    const there = large ? await look(Key) : undefined
    if (conditional && (there === undefined || there.kind === 'absent')) {
      try {
        if (await send(Key, sealed, true)) return true
      } catch (error) {
        if (statusOf(error) !== 501 && nameOf(error) !== 'NotImplemented') throw error
        unknown = true
      }
    }
    const { kind } = there === undefined || there.kind === 'absent' ? await (large ? look(Key) : fetch(Key, false)) : there
    if (kind === 'found' || kind === 'newer') return false
    // Damaged, or deleted just now, or a server without conditional puts: two writers may then both be told that they stored theirs.
    const stored = await send(Key, sealed, false)
    // It was the condition, then, and nothing else of the request.
    if (unknown) conditional = false
    return stored
  }

  return {
    fetch,
    look,
    putFirst,
    // Plainly, without a look at what is there: a reader meets one object or the other, whole, and of two writers at once the last one stays. Both
    // are results of the same key. A condition on an ETag would let the slower of them fail, and servers differ in how they want it quoted.
    async replace(Key, sealed) {
      await send(Key, sealed, false)
    },
  }
}

export function isAbsent(error: unknown): boolean {
  return statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket'
}

/** As far as there is room. */
async function collect(body: AsyncIterable<Uint8Array>, into: Uint8Array): Promise<Uint8Array> {
  let at = 0
  for await (const chunk of body) {
    into.set(chunk.subarray(0, into.length - at), at)
    at = Math.min(into.length, at + chunk.length)
  }
  return into.subarray(0, at)
}

const inOne: Split = () => undefined

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}

function judge(sealed: Uint8Array): Found {
  const payload = open(sealed)
  if (payload !== undefined) return { kind: 'found', pieces: [payload], digest: undefined }
  return { kind: isNewer(sealed) ? 'newer' : 'damaged' }
}
