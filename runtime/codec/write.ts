// The tagged codec, writing. A walk in a fixed order: own key order, insertion order, index order. Objects are numbered as they are
// met; a second meeting writes the number, so cycles and sharing survive and count.

import { types } from 'node:util'
import type { Pieces } from '../pieces.js'
import { ownsOnlyElements } from './elements.js'
import { type Parts, putInstance } from './instances.js'
import type { Segment } from './refusal.js'
import { codecOf } from './registry.js'
import { breakOff, createSink, finish, putBigint, putByte, putCount, putDouble, putString } from './sink.js'
import { ERRORS, HIDDEN_IN_ERRORS, MAX_DEPTH, TAG } from './tags.js'
import { checkOverlaps, isMemory, putMemory } from './write-memory.js'
import { checkBare, refuse, type Writing } from './writing.js'

/** Bytes of the value, after the header for such bytes: with the list of the registered codecs, in the first piece, where some are used. */
export function writeTagged(value: unknown, headers: Headers, { classes, borrows = false }: TaggedOptions): Pieces {
  const met = new Map<object, number>()
  const writing: Writing = { sink: createSink(), path: [], met, windows: [], editions: new Map(), open: new Set(), classes, borrows }
  for (const byte of headers.tagged) putByte(writing.sink, byte)
  putValue(writing, value)
  checkOverlaps(writing.windows)
  const pieces = finish(writing.sink)
  if (writing.editions.size === 0) return pieces
  const list = createSink()
  for (const byte of headers.coded) putByte(list, byte)
  putCount(list, writing.editions.size)
  for (const edition of writing.editions.keys()) putString(list, edition)
  const [first, ...rest] = pieces as [Uint8Array, ...Uint8Array[]]
  return [Buffer.concat([...finish(list), first.subarray(headers.tagged.length)]), ...rest]
}

export interface TaggedOptions {
  readonly classes?: readonly string[] | undefined
  /** Default false. */
  readonly borrows?: boolean
}

export interface Headers {
  readonly tagged: readonly number[]
  readonly coded: readonly number[]
}

function putAt(writing: Writing, segment: Segment, value: unknown): void {
  writing.path.push(segment)
  putValue(writing, value)
  writing.path.pop()
}

function putValue(writing: Writing, value: unknown): void {
  const { sink } = writing
  breakOff(sink)
  switch (typeof value) {
    case 'undefined':
      return putByte(sink, TAG.undefined)
    case 'boolean':
      return putByte(sink, value ? TAG.true : TAG.false)
    case 'number':
      putByte(sink, TAG.number)
      return putDouble(sink, value)
    case 'bigint':
      return putBigint(sink, value)
    case 'string':
      return putString(sink, value)
    case 'object':
      return value === null ? putByte(sink, TAG.null) : putObject(writing, value)
    default:
      return refuse(writing, value, `a ${typeof value} has no stable bytes`)
  }
}

function putObject(writing: Writing, object: object): void {
  const { sink, met } = writing
  if (types.isProxy(object)) refuse(writing, object, 'what a proxy answers is code, not data')
  const index = met.get(object)
  if (index !== undefined) {
    if (writing.open.has(object)) refuse(writing, object, 'what its codec makes of it leads back to it')
    putByte(sink, TAG.reference)
    return putCount(sink, index)
  }
  met.set(object, met.size)
  // The depth of the walk is the length of the path: the root has none.
  if (writing.path.length >= MAX_DEPTH) refuse(writing, object, `nested deeper than ${MAX_DEPTH} levels`)
  const proto: unknown = Object.getPrototypeOf(object)
  if (Array.isArray(object) && proto === Array.prototype) return putArray(writing, object)
  if (proto === Object.prototype) return putRecord(writing, object, TAG.object)
  if (proto === null) return putRecord(writing, object, TAG.nullObject)
  if (codecOf(proto as object) !== undefined) return putInstance(writing, object, proto as object, PARTS)
  if (isMemory(object)) return putMemory(writing, object)
  return putBuiltIn(writing, object, proto)
}

function putBuiltIn(writing: Writing, object: object, proto: unknown): void {
  const { sink } = writing
  if (types.isDate(object) && proto === Date.prototype) {
    checkBare(writing, object, 0)
    putByte(sink, TAG.date)
    return putDouble(sink, object.getTime())
  }
  if (types.isRegExp(object) && proto === RegExp.prototype) return putRegExp(writing, object)
  if (types.isMap(object) && proto === Map.prototype) return putMap(writing, object)
  if (types.isSet(object) && proto === Set.prototype) return putSet(writing, object)
  if (proto === URL.prototype) return putUrl(writing, object as URL)
  const kind = types.isNativeError(object) ? ERRORS.findIndex((error) => error.prototype === proto) : -1
  if (kind >= 0) return putError(writing, object as Error, kind)
  return putInstance(writing, object, proto as object, PARTS)
}

const PARTS: Parts = { value: putValue, fields: putEntries }

/** The value of an own data property; nothing that would have to be computed is read. */
function dataOf(writing: Writing, object: object, key: string | number): PropertyDescriptor | undefined {
  const property = Object.getOwnPropertyDescriptor(object, key)
  if (property === undefined || 'value' in property) return property
  writing.path.push(key)
  return refuse(writing, object, 'what an accessor answers is code, not data')
}

/** Beyond this a loop over every index is too long for an array that holds little. */
const LONGEST_LOOP = 2 ** 25

/** The indexes that hold something, or `undefined` when all do. */
function presentIndexes(array: readonly unknown[]): readonly number[] | undefined {
  if (array.length > LONGEST_LOOP) {
    const present = Object.keys(array)
    return present.length === array.length ? undefined : present.map(Number)
  }
  let i = 0
  while (i < array.length && Object.hasOwn(array, i)) i++
  if (i === array.length) return undefined
  const present = Array.from({ length: i }, (_, at) => at)
  for (; i < array.length; i++) if (Object.hasOwn(array, i)) present.push(i)
  return present
}

function putArray(writing: Writing, array: readonly unknown[]): void {
  const { sink } = writing
  if (!ownsOnlyElements(array)) refuse(writing, array, 'named properties of an array would be lost')
  const present = presentIndexes(array)
  putByte(sink, present === undefined ? TAG.array : TAG.sparseArray)
  putCount(sink, array.length)
  if (present === undefined) {
    for (let i = 0; i < array.length; i++) putAt(writing, i, dataOf(writing, array, i)!.value)
    return
  }
  putCount(sink, present.length)
  for (const i of present) {
    putCount(sink, i)
    putAt(writing, i, dataOf(writing, array, i)!.value)
  }
}

function putRecord(writing: Writing, record: object, tag: number): void {
  putByte(writing.sink, tag)
  putEntries(writing, record)
}

function putEntries(writing: Writing, record: object): void {
  const keys = Reflect.ownKeys(record)
  putCount(writing.sink, keys.length)
  for (const key of keys) {
    if (typeof key === 'symbol') return refuse(writing, record, `its key ${String(key)} is a symbol and would be lost`)
    const property = dataOf(writing, record, key)!
    if (!property.enumerable)
      refuse(writing, record, `its property ${JSON.stringify(key)} is hidden (not enumerable) and would come back visible`)
    putString(writing.sink, key)
    putAt(writing, key, property.value)
  }
}

function putMap(writing: Writing, map: ReadonlyMap<unknown, unknown>): void {
  checkBare(writing, map, 0)
  putByte(writing.sink, TAG.map)
  putCount(writing.sink, map.size)
  let at = 0
  map.forEach((value, key) => {
    putAt(writing, { of: 'key', at }, key)
    putAt(writing, { of: 'value', at: at++, key }, value)
  })
}

function putSet(writing: Writing, set: ReadonlySet<unknown>): void {
  checkBare(writing, set, 0)
  putByte(writing.sink, TAG.set)
  putCount(writing.sink, set.size)
  let at = 0
  set.forEach((value) => {
    putAt(writing, { of: 'value', at: at++ }, value)
  })
}

function putRegExp(writing: Writing, regexp: RegExp): void {
  const { source, flags, lastIndex } = regexp
  checkBare(writing, regexp, 1)
  if (!Number.isSafeInteger(lastIndex) || lastIndex < 0) refuse(writing, regexp, 'its lastIndex is no index')
  putByte(writing.sink, TAG.regexp)
  putString(writing.sink, source)
  putString(writing.sink, flags)
  putCount(writing.sink, lastIndex)
}

function putUrl(writing: Writing, url: URL): void {
  checkBare(writing, url, 0)
  const href = stableHref(url) ?? refuse(writing, url, 'its text does not parse to itself')
  putByte(writing.sink, TAG.url)
  putString(writing.sink, href)
}

function stableHref(url: URL): string | undefined {
  try {
    return new URL(url.href).href === url.href ? url.href : undefined
  } catch {
    // An object that only has the prototype of a URL.
    return undefined
  }
}

function putError(writing: Writing, error: Error, kind: number): void {
  const keys = Reflect.ownKeys(error).filter((key) => key !== 'stack')
  putByte(writing.sink, TAG.error)
  putCount(writing.sink, kind)
  putCount(writing.sink, keys.length)
  for (const key of keys) {
    if (typeof key === 'symbol') return refuse(writing, error, `its key ${String(key)} is a symbol and would be lost`)
    const property = dataOf(writing, error, key)!
    if (!property.enumerable && !HIDDEN_IN_ERRORS.has(key))
      refuse(writing, error, `its property ${JSON.stringify(key)} is hidden (not enumerable)`)
    putByte(writing.sink, property.enumerable ? 1 : 0)
    putString(writing.sink, key)
    putAt(writing, key, property.value)
  }
}
