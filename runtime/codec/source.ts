// Bytes being read: the few shapes that the sink wrote, each held against what is left. Malformed bytes throw a plain Error; `decode` gives it its code.

import { isUtf8 } from 'node:buffer'
import type { Registered } from './registry.js'
import { isWellFormed } from './sink.js'
import { TAG } from './tags.js'

export interface Reading {
  /** The piece that is being read: values begin anywhere in it, and only objects and raw memory go beyond its end. */
  bytes: Buffer
  at: number
  /** Those that follow it. */
  readonly more: Uint8Array[]
  /** Bytes of those, and of what follows them and is not here. */
  after: number
  /** Raw memory that is a piece of its own is handed on as it is. */
  readonly adopts: boolean
  /** Set where raw memory begins that is not here. */
  beyond?: { readonly left: number; readonly length: number }
  depth: number
  /** Objects by number, in the order in which the writer met them; none where one is not whole yet. */
  readonly met: (object | undefined)[]
  /** Registered codecs by their number in these bytes. */
  readonly codecs: readonly Registered[]
}

export function fail(why: string): never {
  throw new Error(why)
}

/** Of all pieces. */
export function left(reading: Reading): number {
  return reading.bytes.length - reading.at + reading.after
}

/** Of this piece. */
function leftHere(reading: Reading): number {
  return reading.bytes.length - reading.at
}

export function getByte(reading: Reading): number {
  if (reading.at >= reading.bytes.length) turn(reading)
  return reading.bytes[reading.at++]!
}

/** To the next piece that has a byte. */
function turn(reading: Reading): void {
  do {
    const next = reading.more.shift()
    if (next === undefined) fail('they end too early')
    reading.bytes = Buffer.from(next!.buffer, next!.byteOffset, next!.length)
    reading.at = 0
    reading.after -= next!.length
  } while (reading.bytes.length === 0)
}

/** A count or an index; as `putCount` wrote it, or malformed. */
export function getCount(reading: Reading): number {
  let count = 0
  let scale = 1
  for (;;) {
    const byte = getByte(reading)
    count += (byte & 0x7f) * scale
    if (!Number.isSafeInteger(count)) fail('a count is too large')
    if (byte < 0x80) {
      if (byte === 0 && scale > 1) fail('a count is longer than needed')
      return count
    }
    scale *= 0x80
  }
}

/** The count of things that take at least `least` bytes each, so that no more can be announced than can be there. */
export function getCountOf(reading: Reading, least: number): number {
  const count = getCount(reading)
  if (count * least > left(reading)) fail('a count is larger than what is left')
  return count
}

export function getBytes(reading: Reading): Buffer {
  const count = getCountOf(reading, 1)
  if (count > 0 && leftHere(reading) === 0 && reading.more.length > 0) turn(reading)
  if (count > leftHere(reading)) {
    reading.beyond = { left: left(reading), length: count }
    fail('they end too early')
  }
  const start = reading.at
  reading.at += count
  return reading.bytes.subarray(start, reading.at)
}

export function getDouble(reading: Reading): number {
  if (leftHere(reading) < 8) fail('they end too early')
  const value = reading.bytes.readDoubleLE(reading.at)
  reading.at += 8
  return value
}

export function getString(reading: Reading): string {
  const tag = getByte(reading)
  if (tag !== TAG.utf8 && tag !== TAG.utf16) fail('a string is missing')
  return getText(reading, tag)
}

export function getText(reading: Reading, tag: number): string {
  const count = getCountOf(reading, 1)
  if (count > leftHere(reading)) fail('they end too early')
  const { bytes, at: start } = reading
  const end = start + count
  reading.at = end
  if (tag === TAG.utf8) {
    // Most strings are names; for those this is twice as fast.
    if (count <= SHORT && isAscii(bytes, start, end)) return bytes.toString('latin1', start, end)
    return isUtf8(bytes.subarray(start, end)) ? bytes.toString('utf8', start, end) : fail('a string is not UTF-8')
  }
  const text = bytes.toString('utf16le', start, end)
  if (count % 2 !== 0 || isWellFormed(text)) fail('a string is not in the encoding that it needs')
  return text
}

const SHORT = 64

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > 0x7f) return false
  return true
}

export function getBigint(reading: Reading, negative: boolean): bigint {
  const bytes = getBytes(reading)
  if (bytes[0] === 0 || (negative && bytes.length === 0)) fail('a bigint is longer than needed')
  const magnitude = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`)
  return negative ? -magnitude : magnitude
}
