// How deep JSON text goes, told before it is parsed: V8 parses any depth, and whoever walks the result would overflow the stack.

import { MAX_DEPTH } from './tags.js'

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const [OPEN_LIST, OPEN_RECORD] = [0x5b, 0x7b]
const [CLOSE_LIST, CLOSE_RECORD] = [0x5d, 0x7d]
/** The bit that tells the two that open. */
const EITHER = 0x20
const [EITHER_FOUR, OPEN_FOUR] = [0x20202020, 0x7b7b7b7b]

/** Whether the text of a JSON value is nested deeper than MAX_DEPTH. */
export function isDeep(json: Buffer): boolean {
  if (json.length <= 2 * MAX_DEPTH || !opensOften(json)) return false
  let depth = 0
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!
    if (byte === QUOTE) {
      i = endOfString(json, i)
    } else if (opens(byte)) {
      if (++depth > MAX_DEPTH) return true
    } else if (byte === CLOSE_LIST || byte === CLOSE_RECORD) {
      depth--
    }
  }
  return false
}

function endOfString(json: Buffer, start: number): number {
  for (let i = start + 1; i < json.length; i++) {
    if (json[i] === BACKSLASH) i++
    else if (json[i] === QUOTE) return i
  }
  return json.length
}

/** Whether so many brackets open, in strings too, as a deep value has. Four bytes at a time: a tenth of the time of the walk. */
function opensOften(json: Buffer): boolean {
  if (opensSeldom(json)) return false
  const view = new DataView(json.buffer, json.byteOffset, json.length)
  const words = json.length & ~3
  let count = 0
  for (let at = 0; at < words && count <= MAX_DEPTH; at += 4) {
    // What opens becomes a zero byte; and of four bytes one is zero when to take one from each turns on a highest bit that was off.
    const rest = (view.getInt32(at, true) | EITHER_FOUR) ^ OPEN_FOUR
    if (((rest - 0x01010101) & ~rest & 0x80808080) !== 0) for (let i = at; i < at + 4; i++) if (opens(json[i]!)) count++
  }
  for (let i = words; i < json.length; i++) if (opens(json[i]!)) count++
  return count > MAX_DEPTH
}

const FEW = 32

/** Whether all that opens is found by a few native calls, as where most of the text is in long strings. */
function opensSeldom(json: Buffer): boolean {
  let calls = 0
  for (const bracket of [OPEN_LIST, OPEN_RECORD])
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) if (++calls > FEW) return false
  return true
}

function opens(byte: number): boolean {
  return (byte | EITHER) === OPEN_RECORD
}
