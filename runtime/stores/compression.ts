// Compression of what is kept on disk, where it pays. Deflate is the one of Node's algorithms that every Node has and that reads fastest.

import { constants } from 'node:buffer'
import type { Transform } from 'node:stream'
import { promisify } from 'node:util'
import { type Pieces, sizeOf, sliceOf } from '../pieces.js'
import { LARGE_FROM, readPieces, type Split } from './in-pieces.js'

/** Shorter payloads save no time and hardly a block of disk. */
export const WORTH_FROM = 64 * 1024
/** Of a payload that would keep more than this share of its length, the time to read it is worth more. */
const WORTH_SHARE = 0.6
const SAMPLE = 4096
/** Deflate writes at most so many bytes for one: 258 in two bits. What declares more is no work of ours. */
const MOST_FOR_ONE = 1032
const CHUNK = 256 * 1024

/** One after the other, each good until the next is asked for. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** Loaded for the first value that is large: most processes meet none, and it is a tenth of what loading Mintmark costs. */
const zlib = () => process.getBuiltinModule('node:zlib')

/** The deflated bytes of a payload of WORTH_FROM bytes or more, or `undefined` when it hardly shrinks. */
export async function deflate(payload: Pieces): Promise<Pieces | undefined> {
  if (!shrinks(payload)) return undefined
  const deflated: Uint8Array[] = []
  if (payload.length === 1) deflated.push(await promisify(zlib().deflateRaw)(payload[0]!, { level: 1, chunkSize: CHUNK }))
  else for await (const chunk of deflatedChunks(payload)) deflated.push(chunk)
  return pays(sizeOf(deflated), payload) ? deflated : undefined
}

/** As `deflate`, which tells how many they are, and holds them where they are no more than `most`. */
export async function deflateUpTo(
  most: number,
  payload: Pieces,
): Promise<{ readonly size: number; readonly deflated: Pieces | undefined } | undefined> {
  if (sizeOf(payload) < LARGE_FROM) {
    const deflated = await deflate(payload)
    return deflated && { size: sizeOf(deflated), deflated }
  }
  if (!shrinks(payload)) return undefined
  const held: Uint8Array[] = []
  let size = 0
  for await (const chunk of deflatedChunks(payload)) {
    size += chunk.length
    if (size <= most) held.push(chunk)
    else held.length = 0
  }
  return pays(size, payload) ? { size, deflated: size <= most ? held : undefined } : undefined
}

/** Whether so many deflated bytes are worth it. */
export function pays(deflated: number, payload: Pieces): boolean {
  return deflated < sizeOf(payload) * WORTH_SHARE
}

/** The deflated bytes of a payload, one chunk after the other, each good until the next is asked for. */
export async function* deflatedChunks(payload: Pieces): AsyncGenerator<Uint8Array> {
  yield* through(zlib().createDeflateRaw({ level: 1, chunkSize: CHUNK }), payload)
}

/** The payload of exactly that length, as `inflate`, in pieces. Rejects with what the source of the deflated bytes throws. */
export async function inflateInPieces(deflated: Chunks, length: number, split: Split): Promise<Pieces | undefined> {
  const chunks = through(zlib().createInflateRaw({ chunkSize: CHUNK }), deflated)
  let chunk: Uint8Array = new Uint8Array()
  async function isOver(): Promise<boolean> {
    while (chunk.length === 0) {
      const { done, value } = await chunks.next()
      if (done) return true
      chunk = value
    }
    return false
  }
  async function read(into: Uint8Array): Promise<void> {
    for (let at = 0; at < into.length; ) {
      if (await isOver()) throw new Error('the payload is shorter than was told')
      const part = chunk.subarray(0, into.length - at)
      into.set(part, at)
      at += part.length
      chunk = chunk.subarray(part.length)
    }
  }
  try {
    const begun = Buffer.allocUnsafeSlow(Math.min(length, CHUNK))
    await read(begun)
    const pieces = await readPieces(length, begun, read, split)
    return (await isOver()) ? pieces : undefined
  } catch (error) {
    if (isOfSource(error)) throw error
    return undefined
  } finally {
    await chunks.return(undefined)
  }
}

/** Whether `inflateInPieces` would make a payload of that length of it, which `each` is shown; nothing is held of it. */
export async function inflatesTo(deflated: Chunks, length: number, each: (chunk: Uint8Array) => void = () => {}): Promise<boolean> {
  let told = 0
  try {
    for await (const chunk of through(zlib().createInflateRaw({ chunkSize: CHUNK }), deflated)) {
      told += chunk.length
      if (told > length) break
      each(chunk)
    }
  } catch (error) {
    if (isOfSource(error)) throw error
    return false
  }
  return told === length
}

function isOfSource(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

async function* through(stream: Transform, pieces: Chunks): AsyncGenerator<Uint8Array, undefined, undefined> {
  // Not waited for: what follows the end of deflated bytes is never taken.
  feed(stream, pieces).catch((error: Error) => stream.destroy(error))
  try {
    yield* stream
  } finally {
    stream.destroy()
  }
}

/** A piece may be overwritten once the next one is asked for. */
async function feed(stream: Transform, pieces: Chunks): Promise<void> {
  for await (const piece of pieces)
    await new Promise<void>((taken, failed) => stream.write(piece, (error) => (error ? failed(error) : taken())))
  stream.end()
}

/** Whether a payload can be so long: what is not is refused before anything is allocated for it. */
export function isPossible(length: number, deflated: number): boolean {
  return length <= constants.MAX_LENGTH && length <= deflated * MOST_FOR_ONE
}

/** The payload of exactly that length, or `undefined`. A length that no such bytes can have is refused before anything is allocated for it. */
export function inflate(deflated: Uint8Array, length: number): Uint8Array | undefined {
  if (!isPossible(length, deflated.length)) return undefined
  try {
    // One chunk with a byte to spare: the payload is never there twice.
    const payload = zlib().inflateRawSync(deflated, { maxOutputLength: Math.max(length, 1), chunkSize: Math.max(length + 1, 64) })
    return payload.length === length ? payload : undefined
  } catch {
    return undefined
  }
}

/** Whether a payload of WORTH_FROM bytes or more looks so: at the beginning, in the middle and at the end. */
export function shrinks(payload: Pieces): boolean {
  const last = sizeOf(payload) - SAMPLE
  const starts = [0, Math.floor(last / 2), last]
  const samples = Buffer.concat(starts.map((start) => sliceOf(payload, start, start + SAMPLE)))
  return zlib().deflateRawSync(samples, { level: 1 }).length < samples.length * WORTH_SHARE
}
