// The text of JSON, byte for byte as `JSON.stringify` writes it, into a sink. For the small parts that most data is made of this beats the native call.

import { type Sink, take } from './sink.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [ZERO, MINUS] = [0x30, 0x2d]
/** Longer texts go through native code: a call costs as much as so many characters. */
const SHORT = 64

export function putString(sink: Sink, text: string): void {
  if (text.length > SHORT || !putShort(sink, text)) putEscaped(sink, text)
}

/** Whether it was written: nothing in it needs an escape or more than a byte. */
function putShort(sink: Sink, text: string): boolean {
  const start = take(sink, text.length + 2)
  const { bytes } = sink
  bytes[start] = QUOTE
  let at = start + 1
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7f || code === QUOTE || code === BACKSLASH) {
      sink.at = start
      return false
    }
    bytes[at++] = code
  }
  bytes[at] = QUOTE
  return true
}

function putEscaped(sink: Sink, text: string): void {
  const escaped = JSON.stringify(text)
  // Three bytes a character at most; to count them pays where that would be much.
  const start = take(sink, escaped.length <= 1024 ? escaped.length * 3 : Buffer.byteLength(escaped))
  sink.at = start + sink.bytes.write(escaped, start, 'utf8')
}

/** Of a finite number other than `-0`. */
export function putNumber(sink: Sink, value: number): void {
  if ((value | 0) !== value) return putAscii(sink, String(value))
  const negative = value < 0
  let rest = negative ? -value : value
  // The least integer has no positive in 32 bits, which the division below would need.
  if (rest > 0x7fffffff) return putAscii(sink, String(value))
  const digits = rest < 10 ? 1 : rest < 100 ? 2 : rest < 1000 ? 3 : rest < 10_000 ? 4 : rest < 100_000 ? 5 : digitsOf(rest)
  const start = take(sink, digits + (negative ? 1 : 0))
  const { bytes } = sink
  if (negative) bytes[start] = MINUS
  for (let at = sink.at - 1, i = 0; i < digits; i++) {
    const tenth = (rest / 10) | 0
    bytes[at--] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
}

function digitsOf(value: number): number {
  return value < 1e6 ? 6 : value < 1e7 ? 7 : value < 1e8 ? 8 : value < 1e9 ? 9 : 10
}

/** Text of which every character is known to be one byte that needs no escape. */
export function putAscii(sink: Sink, text: string): void {
  const { length } = text
  let at = take(sink, length)
  const { bytes } = sink
  for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i)
}
