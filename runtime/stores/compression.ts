// Compression of what is kept on disk, where it pays. Deflate is the one of Node's algorithms that every Node has and that reads fastest.

import { promisify } from 'node:util'

/** Shorter payloads save no time and hardly a block of disk. */
export const WORTH_FROM = 64 * 1024
/** Of a payload that would keep more than this share of its length, the time to read it is worth more. */
const WORTH_SHARE = 0.6
const SAMPLE = 4096
/** Deflate writes at most so many bytes for one: 258 in two bits. What declares more is no work of ours. */
const MOST_FOR_ONE = 1032
const CHUNK = 256 * 1024

/** Loaded for the first value that is large: most processes meet none, and it is a tenth of what loading Mintmark costs. */
const zlib = () => process.getBuiltinModule('node:zlib')

/** The deflated bytes of a payload of WORTH_FROM bytes or more, or `undefined` when it hardly shrinks. */
export async function deflate(payload: Uint8Array): Promise<Uint8Array | undefined> {
  if (!shrinks(payload)) return undefined
  const deflated = await promisify(zlib().deflateRaw)(payload, { level: 1, chunkSize: CHUNK })
  return deflated.length < payload.length * WORTH_SHARE ? deflated : undefined
}

/** The payload of exactly that length, or `undefined`. A length that no such bytes can have is refused before anything is allocated for it. */
export function inflate(deflated: Uint8Array, length: number): Uint8Array | undefined {
  if (length > deflated.length * MOST_FOR_ONE) return undefined
  try {
    // One chunk with a byte to spare: the payload is never there twice.
    const payload = zlib().inflateRawSync(deflated, { maxOutputLength: Math.max(length, 1), chunkSize: Math.max(length + 1, 64) })
    return payload.length === length ? payload : undefined
  } catch {
    return undefined
  }
}

/** Looks at the beginning, the middle and the end. */
function shrinks(payload: Uint8Array): boolean {
  const last = payload.length - SAMPLE
  const starts = [0, last >> 1, last]
  const samples = Buffer.concat(starts.map((start) => payload.subarray(start, start + SAMPLE)))
  return zlib().deflateRawSync(samples, { level: 1 }).length < samples.length * WORTH_SHARE
}
