// Bytes being written: a buffer that grows, and the few shapes that go into it.

import type { Pieces } from '../pieces.js'
import { TAG } from './tags.js'

/** Bytes. */
export const PAGE = 64 * 1024
/** What most small things fit into. */
const SPARE = 1024

export interface Sink {
  /** Pages that come before. */
  readonly full: Uint8Array[]
  bytes: Buffer
  /** Of the same bytes. */
  view: DataView
  at: number
}

export function createSink(size = 512): Sink {
  const bytes = Buffer.allocUnsafe(size)
  return { full: [], bytes, view: viewOf(bytes), at: 0 }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}

/** What grows beyond this would be copied each time that it outgrows its place. */
const LARGE = 1024 * 1024

/** What was written, in memory of its own but for pieces that were handed in. The sink is not written to any more. */
export function finish({ full, bytes, at }: Sink): Pieces {
  const last = Uint8Array.prototype.slice.call(bytes, 0, at)
  return full.length === 0 ? [last] : [...full, last]
}

/** Between two values: ends a piece that is large by now. */
export function breakOff(sink: Sink): void {
  if (sink.at >= LARGE) endPiece(sink)
}

function endPiece(sink: Sink): void {
  const { full, bytes, at } = sink
  if (at === 0) return
  full.push(bytes.length - at <= at / 8 ? bytes.subarray(0, at) : Buffer.from(bytes.subarray(0, at)))
  sink.bytes = Buffer.allocUnsafe(PAGE)
  sink.view = viewOf(sink.bytes)
  sink.at = 0
}

/** These bytes as a piece of their own, with their count before them. */
export function putPiece(sink: Sink, piece: Uint8Array): void {
  putCount(sink, piece.length)
  endPiece(sink)
  sink.full.push(piece)
}

/** Makes room for `count` more bytes and answers where they go. */
export function take(sink: Sink, count: number): number {
  const start = sink.at
  const end = start + count
  if (end > sink.bytes.length) grow(sink, end)
  sink.at = end
  return start
}

/** For those who keep the place themselves, in a register: the bytes, with room for `count` more at `at`. */
export function roomAt(sink: Sink, at: number, count: number): Buffer {
  if (at + count > sink.bytes.length) {
    sink.at = at
    grow(sink, at + count)
  }
  return sink.bytes
}

/** Where to go on: at `at` or, once the page is full, at the start of a new one. What is written in one piece is copied each time that it outgrows its place. */
export function onPage(sink: Sink, at: number): number {
  if (at < PAGE - SPARE) return at
  sink.full.push(Buffer.from(sink.bytes.subarray(0, at)))
  return 0
}

/** All that was written, when `at` is its end; gone with the next use of the sink. */
export function piecesOf({ full, bytes, at }: Sink): Pieces {
  const last = bytes.subarray(0, at)
  return full.length === 0 ? [last] : [...full, last]
}

function grow(sink: Sink, size: number): void {
  const larger = Buffer.allocUnsafeSlow(Math.max(size, sink.bytes.length * 2))
  sink.bytes.copy(larger, 0, 0, sink.at)
  sink.bytes = larger
  sink.view = viewOf(larger)
}

export function putByte(sink: Sink, byte: number): void {
  const at = take(sink, 1)
  sink.bytes[at] = byte
}

/** A count or an index: seven bits a byte, least significant first, no longer than needed. */
export function putCount(sink: Sink, count: number): void {
  let rest = count
  while (rest > 0x7f) {
    putByte(sink, (rest % 0x80) + 0x80)
    rest = Math.floor(rest / 0x80)
  }
  putByte(sink, rest)
}

export function putDouble(sink: Sink, value: number): void {
  const at = take(sink, 8)
  // Bits of a NaN may differ between two computations of it.
  sink.view.setFloat64(at, Number.isNaN(value) ? Number.NaN : value, true)
}

export function putBytes(sink: Sink, bytes: Uint8Array): void {
  putCount(sink, bytes.length)
  const at = take(sink, bytes.length)
  sink.bytes.set(bytes, at)
}

export function putString(sink: Sink, text: string): void {
  const encoding = isWellFormed(text) ? 'utf8' : 'utf16le'
  putByte(sink, encoding === 'utf8' ? TAG.utf8 : TAG.utf16)
  const size = Buffer.byteLength(text, encoding)
  putCount(sink, size)
  const at = take(sink, size)
  sink.bytes.write(text, at, size, encoding)
}

export function putBigint(sink: Sink, value: bigint): void {
  putByte(sink, value < 0n ? TAG.negativeBigint : TAG.bigint)
  const hex = value === 0n ? '' : (value < 0n ? -value : value).toString(16)
  putBytes(sink, Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))
}

/** No lone surrogates, so that UTF-8 keeps it. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}
