// One file of the fs store, read whole or not at all.

import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { DEFLATED_HEAD_BYTES, isNewer, type Opening, open, openingOf } from './frame.js'
import { hasCode } from './fs-trouble.js'
import { LARGE_FROM } from './in-pieces.js'

/** `newer`: a whole file of a version that came after this one. `nothing`: none, or one that is damaged or no file of ours. */
export type Found = { readonly kind: 'found'; readonly payload: Uint8Array } | { readonly kind: 'newer' } | { readonly kind: 'nothing' }

// A planted link is refused, and a planted pipe does not block. Windows knows neither flag.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const NOTHING: Found = { kind: 'nothing' }
/** Nothing is awaited between its filling and its use. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)
/** After so many files in a row that were there, the next one is not asked for: they come in runs, all hits or all misses. */
const SURE = 16
let inARow = 0

/** `keep`: what was found is memory of its own. Without it, it may only be used until the next call. */
export function read(path: string, keep = true): Found {
  // As `withFile`, without its closures: this is what a hit waits for.
  const fd = openFile(path)
  if (fd === undefined) return NOTHING
  let bytes: Uint8Array
  try {
    bytes = readBytes(fd, keep)
  } catch (error) {
    if (isNoFile(error)) return NOTHING
    throw error
  } finally {
    closeSync(fd)
  }
  return openBytes(bytes)
}

/** What `act` makes of the file; `undefined` when there is none, or something else in its place. */
export function withFile<T>(path: string, act: (fd: number) => T): T | undefined {
  const fd = openFile(path)
  if (fd === undefined) return undefined
  try {
    return act(fd)
  } catch (error) {
    if (isNoFile(error)) return undefined
    throw error
  } finally {
    closeSync(fd)
  }
}

/** A folder, or a planted pipe. */
function isNoFile(error: unknown): boolean {
  return hasCode(error, 'EISDIR', 'EAGAIN', 'ESPIPE')
}

/** To be closed by the caller. */
export function openFile(path: string): number | undefined {
  // An open that throws costs twenty times as much as the question whether there is anything. What is there is asked in the cheapest way, and what is
  // not there once more in the way that tells trouble from absence.
  const sure = inARow >= SURE
  if (!sure && !existsSync(path) && statSync(path, { throwIfNoEntry: false }) === undefined) {
    inARow = 0
    return undefined
  }
  try {
    const fd = openSync(path, READ)
    inARow++
    return fd
  } catch (error) {
    inARow = 0
    if (hasCode(error, 'ENOENT', 'ELOOP', 'EMLINK', 'ENXIO')) return undefined
    throw error
  }
}

function openBytes(bytes: Uint8Array): Found {
  const payload = open(bytes)
  if (payload !== undefined) return { kind: 'found', payload }
  return isNewer(bytes) ? { kind: 'newer' } : NOTHING
}

/** All bytes of the file. */
function readBytes(fd: number, keep: boolean): Uint8Array {
  // Most files fit, and then nobody need ask for their size.
  const first = readSync(fd, scratch, 0, scratch.length, null)
  if (first < scratch.length) {
    const bytes = scratch.subarray(0, first)
    return keep ? new Uint8Array(bytes) : bytes
  }
  const bytes = Buffer.allocUnsafeSlow(Math.max(fstatSync(fd).size, first))
  scratch.copy(bytes)
  let filled = first
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, null)
    if (count === 0) return bytes.subarray(0, filled)
    filled += count
  }
  return bytes
}

const CHUNK = 256 * 1024

/** Whether a whole file stands there, of this version or a later one. Nothing is inflated of one that is large. */
export function isTaken(path: string): boolean {
  const taken = withFile(path, (fd) => {
    const large = largeIn(fd)
    return large === undefined ? openBytes(readBytes(fd, false)).kind !== 'nothing' : large.isProven(chunksOf(fd, large.start))
  })
  return taken === true
}

/** How a file is to be read whose payload is large; `undefined` for every other one. */
export function largeIn(fd: number): Opening | undefined {
  const begun = Buffer.alloc(DEFLATED_HEAD_BYTES)
  fill(fd, begun, 0)
  const opening = openingOf(begun, fstatSync(fd).size)
  return opening !== undefined && opening.length >= LARGE_FROM ? opening : undefined
}

/** What follows in the file, in one buffer again and again. */
export function* chunksOf(fd: number, start: number): Generator<Uint8Array> {
  const chunk = Buffer.allocUnsafeSlow(CHUNK)
  for (let at = start; ; ) {
    const count = readSync(fd, chunk, 0, chunk.length, at)
    if (count === 0) return
    yield chunk.subarray(0, count)
    at += count
  }
}

/** Where the file ends before, the rest stays as it is, and the digest will tell. */
export function fill(fd: number, into: Uint8Array, start: number): void {
  for (let filled = 0; filled < into.length; ) {
    const count = readSync(fd, into, filled, into.length - filled, start + filled)
    if (count === 0) return
    filled += count
  }
}
