// Plain JSON: what native JSON text keeps exactly, with one text for it. One walk proves that a value is and writes that text; whatever it does not
// accept goes to the tagged codec, which either keeps it or says what is wrong with it. Runs no code of the value: getters and proxies fail first.

import { types } from 'node:util'
import { ownsOnlyElements } from './elements.js'
import { putAscii, putNumber, putString } from './json.js'
import { allMetOnce, type Meetings, meet, noMeetings } from './meetings.js'
import { putByte, type Sink } from './sink.js'
import { MAX_DEPTH } from './tags.js'

const { isArray } = Array
const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf } = Object
const { isProxy } = types
const lookupGetter = (Object.prototype as unknown as { __lookupGetter__(this: object, key: number): unknown }).__lookupGetter__

const [COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_RECORD, CLOSE_RECORD] = [0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d]

interface Walk {
  readonly sink: Sink
  readonly meetings: Meetings
}

/** Writes the JSON text of `value`, or answers false (with any part of it written) when JSON text does not keep it exactly. */
export function putPlain(sink: Sink, value: unknown): boolean {
  if (!isObject(value)) return putLeaf(sink, value)
  const meetings = noMeetings()
  return putObject({ sink, meetings }, value, 1) && allMetOnce(meetings)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

// Lone surrogates, `__proto__` keys and every finite number but `-0` survive JSON.
function putLeaf(sink: Sink, value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      putString(sink, value)
      return true
    case 'number':
      if (value === 0 ? 1 / value < 0 : value - value !== 0) return false
      putNumber(sink, value)
      return true
    case 'boolean':
      putAscii(sink, value ? 'true' : 'false')
      return true
    default:
      if (value !== null) return false
      putAscii(sink, 'null')
      return true
  }
}

function putObject(walk: Walk, object: object, depth: number): boolean {
  if (depth > MAX_DEPTH || isProxy(object)) return false
  const start = walk.sink.at
  const isPlain = isArray(object) ? putArray(walk, object, depth) : putRecord(walk, object, depth)
  return isPlain && meet(walk.meetings, object, walk.sink, start)
}

function putArray(walk: Walk, array: readonly unknown[], depth: number): boolean {
  if (getPrototypeOf(array) !== Array.prototype || !ownsOnlyElements(array)) return false
  const { sink } = walk
  putByte(sink, OPEN_LIST)
  for (let i = 0; i < array.length; i++) {
    if (lookupGetter.call(array, i) !== undefined) return false
    if (i > 0) putByte(sink, COMMA)
    const value = array[i]
    // A hole reads as undefined, which is no leaf.
    if (!(isObject(value) ? putObject(walk, value, depth + 1) : putLeaf(sink, value))) return false
  }
  putByte(sink, CLOSE_LIST)
  return true
}

function putRecord(walk: Walk, record: object, depth: number): boolean {
  if (getPrototypeOf(record) !== Object.prototype || getOwnPropertySymbols(record).length !== 0) return false
  const { sink } = walk
  const names = getOwnPropertyNames(record)
  putByte(sink, OPEN_RECORD)
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!
    const property = getOwnPropertyDescriptor(record, name)!
    if (!property.enumerable || property.get !== undefined || property.set !== undefined) return false
    if (i > 0) putByte(sink, COMMA)
    putString(sink, name)
    putByte(sink, COLON)
    const value: unknown = property.value
    if (!(isObject(value) ? putObject(walk, value, depth + 1) : putLeaf(sink, value))) return false
  }
  putByte(sink, CLOSE_RECORD)
  return true
}
