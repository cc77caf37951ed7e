// The text of JSON, byte for byte as `JSON.stringify` writes it, into a sink. For the small parts that most data is made of this beats the native call. Each
// function is told where to write and answers where to go on, which leaves that in a register; each leaves room for a separator.

import { roomAt, type Sink } from './sink.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [ZERO, MINUS] = [0x30, 0x2d]
/** Longer texts go through native code: a call costs as much as so many characters. */
const SHORT = 64

export function putString(sink: Sink, at: number, text: string): number {
  const { length } = text
  if (length > SHORT) return putEscaped(sink, at, text)
  const bytes = roomAt(sink, at, length + 3)
  let next = at
  bytes[next++] = QUOTE
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7f || code === QUOTE || code === BACKSLASH) return putEscaped(sink, at, text)
    bytes[next++] = code
  }
  bytes[next++] = QUOTE
  return next
}

function putEscaped(sink: Sink, at: number, text: string): number {
  const escaped = JSON.stringify(text)
  // Three bytes a character at most; to count them pays where that would be much.
  const size = escaped.length <= 1024 ? escaped.length * 3 : Buffer.byteLength(escaped)
  return at + roomAt(sink, at, size + 1).write(escaped, at, 'utf8')
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
  for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i)
  return at + length
}
