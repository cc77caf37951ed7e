// The bytes of one object: up to a bucket and down from it, whole in one request or in parts side by side when they are many.
//
// Whatever the server says of an object (ETag, length, version) is not relied on: what came down is the object if its envelope opens.

import type { Limit } from './deadline.js'
import { isNewer, open } from './frame.js'
import { type Ask, ATTEMPTS, backOff, inParts } from './s3-request.js'
import { isTimeout, nameOf, statusOf } from './s3-trouble.js'
import { type Sealed, sizeOf, upload } from './s3-upload.js'

export type Found = { readonly kind: 'absent' | 'damaged' | 'newer' } | { readonly kind: 'found'; readonly bytes: Uint8Array }

export interface Transfer {
  /** `large`: it may be longer than a part. A short object is one request either way. */
  fetch(Key: string, large: boolean): Promise<Found>
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

  /** One range, or all when there is none; with the length of the whole object. */
  async function download(Key: string, range: string | undefined): Promise<{ readonly bytes: Uint8Array; readonly total: number }> {
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
        const bytes: Uint8Array = await body.transformToByteArray()
        const total = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? bytes.length)
        return { bytes, total }
      }
    }
  }

  async function fetch(Key: string, large: boolean): Promise<Found> {
    try {
      // Again once, should it be replaced between two of its parts.
      const found = await fetchOnce(Key, large)
      return found.kind === 'damaged' && found.parts > 1 ? await fetchOnce(Key, large) : found
    } catch (error) {
      if (isAbsent(error)) return { kind: 'absent' }
      // The empty object has no first byte.
      if (statusOf(error) === 416) return { kind: 'damaged' }
      throw error
    }
  }

  async function fetchOnce(Key: string, large: boolean): Promise<Found & { readonly parts: number }> {
    const first = await download(Key, large ? `bytes=0-${partBytes - 1}` : undefined)
    const { total } = first
    const parts = Math.ceil(total / partBytes)
    if (first.bytes.length === total || first.bytes.length !== partBytes) return { ...judge(first.bytes), parts: 1 }
    let whole: Buffer
    try {
      whole = Buffer.allocUnsafeSlow(total)
    } catch {
      return { kind: 'damaged', parts }
    }
    whole.set(first.bytes)
    await inParts(parts - 1, async (index) => {
      const start = (index + 1) * partBytes
      const end = Math.min(start + partBytes, total)
      const { bytes } = await download(Key, `bytes=${start}-${end - 1}`)
      // Of a part with another length the envelope tells.
      whole.set(bytes.subarray(0, end - start), start)
    })
    return { ...judge(whole), parts }
  }

  function send(Key: string, sealed: Sealed, ifNone: boolean): Promise<boolean> {
    return upload({ ask, partBytes, Key, sealed, ifNone, isThere })

    async function isThere(): Promise<boolean> {
      const found = await fetch(Key, true)
      const mine = judge(Buffer.concat([sealed.head, sealed.body]))
      return found.kind === 'found' && mine.kind === 'found' && Buffer.compare(found.bytes, mine.bytes) === 0
    }
  }

  async function putFirst(Key: string, sealed: Sealed): Promise<boolean> {
    const large = sizeOf(sealed) > partBytes
    let unknown = false
    // Before many bytes are sent for nothing.
    const there = large ? await fetch(Key, large) : undefined
    if (conditional && (there === undefined || there.kind === 'absent')) {
      try {
        if (await send(Key, sealed, true)) return true
      } catch (error) {
        if (statusOf(error) !== 501 && nameOf(error) !== 'NotImplemented') throw error
        unknown = true
      }
    }
    const { kind } = there === undefined || there.kind === 'absent' ? await fetch(Key, large) : there
    if (kind === 'found' || kind === 'newer') return false
    // Damaged, or deleted just now, or a server without conditional puts: two writers may then both be told that they stored theirs.
    const stored = await send(Key, sealed, false)
    // It was the condition, then, and nothing else of the request.
    if (unknown) conditional = false
    return stored
  }

  return {
    fetch,
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

function judge(sealed: Uint8Array): Found {
  const bytes = open(sealed)
  if (bytes !== undefined) return { kind: 'found', bytes }
  return { kind: isNewer(sealed) ? 'newer' : 'damaged' }
}
