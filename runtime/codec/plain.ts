// Plain JSON: what native JSON text keeps exactly, with one text for it. One walk proves that a value is and writes that text; whatever it does not
// accept goes to the tagged codec, which either keeps it or says what is wrong with it. Runs no code of the value: getters and proxies fail first.

import { types } from 'node:util'
import { putAscii, putNumber, putString } from './json.js'
import { allMetOnce, type Meetings, meet, noMeetings } from './meetings.js'
import { areBare, askElements, askSymbols, nonePending, type Pending } from './pending.js'
import { onPage, roomAt, type Sink } from './sink.js'
import { MAX_DEPTH } from './tags.js'

const { isArray } = Array
const { getOwnPropertyNames, getPrototypeOf } = Object
const { hasOwnProperty: isOwn } = Object.prototype
const { isProxy } = types
const lookupGetter = (Object.prototype as unknown as { __lookupGetter__(this: object, key: string | number): unknown }).__lookupGetter__

const [COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_RECORD, CLOSE_RECORD] = [0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d]

interface Walk {
  readonly sink: Sink
  readonly meetings: Meetings
  readonly pending: Pending
}

// What follows is told where to write and answers where the text goes on, where there is room for a separator; or this.
const NOT_PLAIN = -1
/** With so many parts an object may be spread over pages, so nothing can be told of its text; one with a text that fills a page always is. */
const MANY = 256

/** Writes the JSON text of `value`, or answers false (with any part of it written) when JSON text does not keep it exactly. */
export function putPlain(sink: Sink, value: unknown): boolean {
  const meetings = noMeetings()
  const pending = nonePending()
  const end = putValue({ sink, meetings, pending }, sink.at, value, 1)
  if (end === NOT_PLAIN || !areBare(pending) || !allMetOnce(meetings)) return false
  sink.at = end
  return true
}

// Lone surrogates, `__proto__` keys and every finite number but `-0` survive JSON.
function putValue(walk: Walk, at: number, value: unknown, depth: number): number {
  const { sink } = walk
  if (typeof value === 'string') return putString(sink, at, value)
  if (typeof value === 'number') return (value === 0 ? 1 / value < 0 : value - value !== 0) ? NOT_PLAIN : putNumber(sink, at, value)
  if (typeof value === 'object' && value !== null) {
    if (depth > MAX_DEPTH || isProxy(value)) return NOT_PLAIN
    return isArray(value) ? putArray(walk, at, value, depth) : putRecord(walk, at, value as Readonly<Record<string, unknown>>, depth)
  }
  return value === null || typeof value === 'boolean' ? putAscii(sink, at, String(value)) : NOT_PLAIN
}

function putArray(walk: Walk, at: number, array: readonly unknown[], depth: number): number {
  const { length } = array
  if (getPrototypeOf(array) !== Array.prototype || !askElements(walk.pending, array)) return NOT_PLAIN
  const { sink, meetings } = walk
  const before = meetings.count
  const start = open(sink, at, OPEN_LIST)
  const page = sink.full.length
  let next = start + 1
  for (let i = 0; i < length; i++) {
    if (lookupGetter.call(array, i) !== undefined) return NOT_PLAIN
    if (length >= MANY) next = onPage(sink, next)
    // A hole reads as undefined, which is not plain.
    next = putValue(walk, next, array[i], depth + 1)
    if (next === NOT_PLAIN) return NOT_PLAIN
    sink.bytes[next++] = COMMA
  }
  const end = close(sink, next, length, CLOSE_LIST)
  if (meetings.count === before && !meet(meetings, array, sink, length < MANY && page === sink.full.length ? start : end, end))
    return NOT_PLAIN
  return end
}

function putRecord(walk: Walk, at: number, record: Readonly<Record<string, unknown>>, depth: number): number {
  if (getPrototypeOf(record) !== Object.prototype || !askSymbols(walk.pending, record)) return NOT_PLAIN
  const { sink, meetings } = walk
  const before = meetings.count
  const { length } = getOwnPropertyNames(record)
  const start = open(sink, at, OPEN_RECORD)
  const page = sink.full.length
  let next = start + 1
  let seen = 0
  // Names come in the order of creation, and from where V8 keeps them for this shape, with the places of their values. Asking for a getter costs a third of asking for a descriptor.
  for (const name in record) {
    if (!isOwn.call(record, name)) continue
    if (lookupGetter.call(record, name) !== undefined) return NOT_PLAIN
    seen++
    if (length >= MANY) next = onPage(sink, next)
    next = putString(sink, next, name)
    sink.bytes[next++] = COLON
    // A property with nothing but a setter reads as undefined, which is not plain.
    next = putValue(walk, next, record[name], depth + 1)
    if (next === NOT_PLAIN) return NOT_PLAIN
    sink.bytes[next++] = COMMA
  }
  // The others are hidden.
  if (seen !== length) return NOT_PLAIN
  const end = close(sink, next, length, CLOSE_RECORD)
  if (meetings.count === before && !meet(meetings, record, sink, length < MANY && page === sink.full.length ? start : end, end))
    return NOT_PLAIN
  return end
}

function open(sink: Sink, at: number, bracket: number): number {
  const start = onPage(sink, at)
  roomAt(sink, start, 3)[start] = bracket
  return start
}

/** In place of the last comma; an empty object has none. Leaves room for a separator, too. */
function close(sink: Sink, at: number, length: number, bracket: number): number {
  const last = length === 0 ? at : at - 1
  roomAt(sink, last, 2)[last] = bracket
  return last + 1
}
