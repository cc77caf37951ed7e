// The text of JSON, byte for byte as `JSON.stringify` writes it, into a sink. For the small parts that most data is made of this beats the native call. Each
// function is told where to write and answers where to go on, which leaves that in a register; each leaves room for a separator.

import { onPage, PAGE, roomAt, type Sink } from './sink.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [ZERO, MINUS] = [0x30, 0x2d]
const FOUR_QUOTES = 0x22222222
const FOUR_BACKSLASHES = 0x5c5c5c5c
const FOUR_SPACES = 0x20202020
const FOUR_ONES = 0x01010101
const HIGHEST_OF_FOUR = 0x80808080
/** Longer texts go through native code: a call costs as much as so many characters. */
const SHORT = 64
/** Characters. Longer texts are escaped slice by slice and fill page after page, one at least, so that they are nowhere once more as a whole. */
const LONG = PAGE
const SLICE = LONG / 8

export function putString(sink: Sink, at: number, text: string): number {
  const { length } = text
  if (length > SHORT) return length > LONG ? putLong(sink, at, text) : putEscaped(sink, at, text)
  const bytes = roomAt(sink, at, length + 3)
  bytes[at] = QUOTE
  const end = putPlainText(sink, at + 1, text)
  if (end < 0) return putEscaped(sink, at, text)
  bytes[end] = QUOTE
  return end + 1
}

/** Writes text of which every character is one byte that needs no escape; or answers -1. Four at a time take half the time of one by one. */
function putPlainText({ bytes, view }: Sink, at: number, text: string): number {
  const { length } = text
  const words = length & ~3
  let i = 0
  for (; i < words; i += 4) {
    const a = text.charCodeAt(i)
    const b = text.charCodeAt(i + 1)
    const c = text.charCodeAt(i + 2)
    const d = text.charCodeAt(i + 3)
    if ((a | b | c | d) > 0x7f) return -1
    const word = a | (b << 8) | (c << 16) | (d << 24)
    const quotes = word ^ FOUR_QUOTES
    const backslashes = word ^ FOUR_BACKSLASHES
    // Of four bytes below 0x80, one is less than another number exactly when to take that from each turns on a highest bit.
    const few = ((word - FOUR_SPACES) & ~word) | ((quotes - FOUR_ONES) & ~quotes) | ((backslashes - FOUR_ONES) & ~backslashes)
    if ((few & HIGHEST_OF_FOUR) !== 0) return -1
    view.setInt32(at + i, word, true)
  }
  for (; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7f || code === QUOTE || code === BACKSLASH) return -1
    bytes[at + i] = code
  }
  return at + length
}

function putEscaped(sink: Sink, at: number, text: string): number {
  const escaped = JSON.stringify(text)
  // Three bytes a character at most; to count them pays where that would be much.
  const size = escaped.length <= 1024 ? escaped.length * 3 : Buffer.byteLength(escaped)
  return at + roomAt(sink, at, size + 1).write(escaped, at, 'utf8')
}

function putLong(sink: Sink, at: number, text: string): number {
  let next = onPage(sink, at)
  roomAt(sink, next, 2)[next++] = QUOTE
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + SLICE, text.length)
    // Halves of a pair that part here would be escaped.
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--
    const escaped = JSON.stringify(text.slice(start, end))
    next = onPage(sink, next)
    next += roomAt(sink, next, Buffer.byteLength(escaped) + 2).write(escaped.slice(1, -1), next, 'utf8')
    start = end
  }
  sink.bytes[next++] = QUOTE
  return next
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

/** Of a finite number other than `-0`. */
export function putNumber(sink: Sink, at: number, value: number): number {
  // The least integer has no positive in 32 bits, which the division below would need.
  if ((value | 0) !== value || value === -0x8000_0000) return putAscii(sink, at, String(value))
  const bytes = roomAt(sink, at, 12)
  let first = at
  let rest = value
  if (rest < 0) {
    bytes[first++] = MINUS
    rest = -rest
  }
  const end = first + digitsOf(rest)
  for (let i = end - 1; i >= first; i--) {
    const tenth = (rest / 10) | 0
    bytes[i] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
  return end
}

function digitsOf(value: number): number {
  if (value < 1e5) return value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : value < 1e4 ? 4 : 5
  return value < 1e6 ? 6 : value < 1e7 ? 7 : value < 1e8 ? 8 : value < 1e9 ? 9 : 10
}

/** Text of which every character is known to be one byte that needs no escape. */
export function putAscii(sink: Sink, at: number, text: string): number {
  const { length } = text
  const bytes = roomAt(sink, at, length + 1)
  const { view } = sink
  const words = length & ~3
  let i = 0
  for (; i < words; i += 4) {
    const a = text.charCodeAt(i)
    const b = text.charCodeAt(i + 1)
    const c = text.charCodeAt(i + 2)
    const d = text.charCodeAt(i + 3)
    view.setInt32(at + i, a | (b << 8) | (c << 16) | (d << 24), true)
  }
  for (; i < length; i++) bytes[at + i] = text.charCodeAt(i)
  return at + length
}
