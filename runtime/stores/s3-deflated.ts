// An object whose deflated bytes are nowhere as a whole: they are made while they go up to a bucket.

import { type Pieces, sizeOf } from '../pieces.js'
import { deflatedChunks } from './compression.js'
import { beginDeflated, DEFLATED_HEAD_BYTES } from './frame.js'
import type { Source } from './s3-upload.js'

/**
 * The envelope of `size` bytes around a payload that is deflated now, in parts of `length` bytes. Its head tells a digest of all that follows, so the first
 * part is ready when the last one is; meanwhile it is held, and of the others no more than are under way.
 */
export function deflatedParts(payload: Pieces, size: number, length: number): Source {
  const chunks = deflatedChunks(payload)
  const head = beginDeflated(size - DEFLATED_HEAD_BYTES, sizeOf(payload))
  const count = Math.ceil(size / length)
  let rest: Uint8Array = new Uint8Array()
  let made = 0
  let before: Promise<unknown> = Promise.resolve()
  let stopped: unknown
  let allMade = () => {}
  let failed: (error: unknown) => void = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    allMade = resolve
    failed = reject
  })
  // Whoever waits for it hears of it.
  ended.catch(() => {})

  async function makeNext(): Promise<Buffer> {
    const part = Buffer.allocUnsafeSlow(Math.min(length, size - made * length))
    for (let at = made === 0 ? DEFLATED_HEAD_BYTES : 0; at < part.length; ) {
      if (rest.length === 0) {
        const { done, value } = await chunks.next()
        if (done) throw stopped ?? differs()
        rest = value
        head.add(rest)
        continue
      }
      const some = rest.subarray(0, part.length - at)
      part.set(some, at)
      at += some.length
      rest = rest.subarray(some.length)
    }
    made++
    if (made === count) {
      if (rest.length > 0 || !(await chunks.next()).done) throw differs()
      allMade()
    }
    return part
  }

  return {
    async part(index) {
      const mine = before.then(makeNext)
      before = mine
      try {
        const part = await mine
        if (index > 0) return part
        await ended
        part.set(head.end())
        return part
      } catch (error) {
        failed(error)
        throw error
      }
    },

    async end(error) {
      stopped ??= error
      failed(error)
      await chunks.return(undefined)
    },
  }
}

function differs(): Error {
  return new Error('the same bytes were deflated to another length than before')
}
