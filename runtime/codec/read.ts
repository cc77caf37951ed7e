// The tagged codec, reading. Nothing in the bytes is trusted: a count is held against what is left before anything is made of it,
// constructors come from fixed tables, and properties are defined, never assigned.

import { MintmarkError } from '../errors.js'
import { isWholeMemory, OWN_PIECE_BYTES, type Pieces, sizeOf } from '../pieces.js'
import { codecOfEdition, type Registered } from './registry.js'
import { fail, getBigint, getByte, getBytes, getCount, getCountOf, getDouble, getString, getText, left, type Reading } from './source.js'
import { ERRORS, HIDDEN_IN_ERRORS, MAX_DEPTH, TAG, TYPED_ARRAYS } from './tags.js'

/**
 * From `start` on the bytes are the value, or the list of the codecs that it needs and then the value. Throws a plain Error (or whatever a constructor
 * throws) on malformed bytes. With `adopts` large memory that is a piece of its own becomes that of the value.
 */
export function readTagged(pieces: Pieces, start: number, isCoded: boolean, adopts = false): unknown {
  const reading = readingOf(pieces, start, adopts)
  if (isCoded) Object.assign(reading, { codecs: getEditions(reading).map(codecFor) })
  const value = getValue(reading)
  if (left(reading) !== 0) fail(`${left(reading)} bytes follow the value`)
  return value
}

function readingOf([first, ...more]: Pieces, start: number, adopts: boolean, unread = 0): Reading {
  const bytes = Buffer.from(first!.buffer, first!.byteOffset, first!.length)
  return { bytes, at: start, more, after: sizeOf(more) + unread, adopts, depth: 0, met: [], codecs: [] }
}

/** Name and version of every registered codec that stored bytes need. Throws on malformed bytes. */
export function readEditions(bytes: Uint8Array, start: number): string[] {
  return getEditions(readingOf([bytes], start, false))
}

/** Of bytes that `unread` others follow: the large memory that goes on among those, by where it begins; `undefined` when there is none, or they are malformed. */
export function findMemory(pieces: Pieces, start: number, unread: number): { readonly start: number; readonly length: number } | undefined {
  const reading = readingOf(pieces, start, true, unread)
  try {
    getValue(reading)
  } catch {
    // They end, or are no good.
  }
  const { beyond } = reading
  if (beyond === undefined || beyond.length < OWN_PIECE_BYTES) return undefined
  return { start: sizeOf(pieces) + unread - beyond.left, length: beyond.length }
}

function getEditions(reading: Reading): string[] {
  const count = getCountOf(reading, 2)
  return Array.from({ length: count }, () => getString(reading))
}

function codecFor(edition: string): Registered {
  const known = codecOfEdition(edition)
  if (known !== undefined) return known
  throw new MintmarkError(
    'MM2006',
    `cannot decode stored bytes: the codec ${edition} is not registered. Call \`registerCodec\` before anything is read; else the value is computed again.`,
  )
}

function getValue(reading: Reading): unknown {
  const tag = getByte(reading)
  switch (tag) {
    case TAG.undefined:
      return undefined
    case TAG.null:
      return null
    case TAG.false:
      return false
    case TAG.true:
      return true
    case TAG.number:
      return getDouble(reading)
    case TAG.bigint:
    case TAG.negativeBigint:
      return getBigint(reading, tag === TAG.negativeBigint)
    case TAG.utf8:
    case TAG.utf16:
      return getText(reading, tag)
    case TAG.reference:
      return reading.met[getCount(reading)] ?? fail('a reference leads nowhere')
    default:
      return getObject(reading, tag)
  }
}

function getObject(reading: Reading, tag: number): object {
  if (++reading.depth > MAX_DEPTH) fail(`they are nested deeper than ${MAX_DEPTH} levels`)
  const object = getObjectOf(reading, tag)
  reading.depth--
  return object
}

function getObjectOf(reading: Reading, tag: number): object {
  switch (tag) {
    case TAG.array:
      return fillArray(reading, meet(reading, []))
    case TAG.sparseArray:
      return fillSparseArray(reading)
    case TAG.object:
      return fillRecord(reading, meet(reading, {}))
    case TAG.nullObject:
      return fillRecord(reading, meet(reading, Object.create(null)))
    case TAG.map:
      return fillMap(reading, meet(reading, new Map()))
    case TAG.set:
      return fillSet(reading, meet(reading, new Set()))
    case TAG.error:
      return fillError(reading)
    case TAG.date:
      return meet(reading, getDate(reading))
    case TAG.regexp:
      return meet(reading, getRegExp(reading))
    case TAG.url:
      return meet(reading, getUrl(reading))
    case TAG.instance:
      return getInstance(reading)
    default:
      return meet(reading, getMemory(reading, tag))
  }
}

/** Numbers an object as the writer did: before what is in it. */
function meet<T extends object>(reading: Reading, object: T): T {
  reading.met.push(object)
  return object
}

function fillArray(reading: Reading, array: unknown[]): unknown[] {
  const count = getCountOf(reading, 1)
  for (let i = 0; i < count; i++) array.push(getValue(reading))
  return array
}

function fillSparseArray(reading: Reading): unknown[] {
  const array: unknown[] = meet(reading, [])
  const length = getCount(reading)
  const count = getCountOf(reading, 2)
  if (length > 2 ** 32 - 1 || count >= length) fail('a sparse array has a wrong length')
  // Set to the largest length first, V8 keeps the array as a table of what is there; otherwise a few bytes could ask for 256 MB.
  if (length > 1024 + 8 * count) array.length = 2 ** 32 - 1
  array.length = length
  for (let i = 0, last = -1; i < count; i++) {
    const index = getCount(reading)
    if (index <= last || index >= length) fail('an index is out of order')
    define(array, index, getValue(reading), true)
    last = index
  }
  return array
}

function define(object: object, key: string | number, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, key, { value, enumerable, writable: true, configurable: true })
}

function fillRecord(reading: Reading, record: Record<string, unknown>): object {
  const count = getCountOf(reading, 3)
  for (let i = 0; i < count; i++) {
    const key = getString(reading)
    if (Object.hasOwn(record, key)) fail('a key is there twice')
    const value = getValue(reading)
    // Assigning is faster; `__proto__` is the one name for which it is something else.
    if (key === '__proto__') define(record, key, value, true)
    else record[key] = value
  }
  return record
}

function fillMap(reading: Reading, map: Map<unknown, unknown>): object {
  const count = getCountOf(reading, 2)
  for (let i = 0; i < count; i++) {
    const key = getValue(reading)
    map.set(key, getValue(reading))
  }
  if (map.size !== count) fail('a key is there twice')
  return map
}

function fillSet(reading: Reading, set: Set<unknown>): object {
  const count = getCountOf(reading, 1)
  for (let i = 0; i < count; i++) set.add(getValue(reading))
  if (set.size !== count) fail('a member is there twice')
  return set
}

function fillError(reading: Reading): object {
  const type = ERRORS[getCount(reading)] ?? fail('an unknown error class')
  // Made by Error itself whatever its class, so that an AggregateError does not bring an empty `errors`.
  const error: Error = meet(reading, Reflect.construct(Error, [], type))
  define(error, 'stack', '', false)
  const count = getCountOf(reading, 4)
  for (let i = 0; i < count; i++) {
    const flag = getByte(reading)
    if (flag > 1) fail('an unknown property flag')
    const key = getString(reading)
    if (flag === 0 && !HIDDEN_IN_ERRORS.has(key)) fail('an unknown hidden property')
    if (Object.hasOwn(error, key)) fail('a key is there twice')
    define(error, key, getValue(reading), flag === 1)
  }
  define(error, 'stack', headline(error, type.name), false)
  return error
}

function headline(error: Error, className: string): string {
  const name = typeof error.name === 'string' ? error.name : className
  return typeof error.message === 'string' && error.message !== '' ? `${name}: ${error.message}` : name
}

function getDate(reading: Reading): Date {
  const time = getDouble(reading)
  const date = new Date(time)
  return Object.is(date.getTime(), time) ? date : fail('a date is out of range')
}

function getRegExp(reading: Reading): RegExp {
  const source = getString(reading)
  const flags = getString(reading)
  const regexp = new RegExp(source, flags)
  if (regexp.source !== source || regexp.flags !== flags) fail('a regular expression is not in its own normal form')
  regexp.lastIndex = getCount(reading)
  return regexp
}

function getUrl(reading: Reading): URL {
  const href = getString(reading)
  const url = new URL(href)
  return url.href === href ? url : fail('a URL is not in its own normal form')
}

/** The writer numbered the instance before its data. */
function getInstance(reading: Reading): object {
  const codec = reading.codecs[getCount(reading)] ?? fail('an unknown codec')
  const place = reading.met.push(undefined) - 1
  const instance: unknown = codec.decode(getValue(reading))
  if (typeof instance !== 'object' || instance === null || Object.getPrototypeOf(instance) !== codec.class.prototype)
    fail(`the codec ${codec.edition} decodes to what is no instance of its class`)
  reading.met[place] = instance as object
  return instance as object
}

function getMemory(reading: Reading, tag: number): object {
  if (tag < TAG.arrayBuffer || tag >= TAG.typedArray + TYPED_ARRAYS.length) fail(`an unknown tag ${tag}`)
  const bytes = getBytes(reading)
  const { buffer } = reading.adopts && isLargeMemory(bytes) ? (bytes as Buffer<ArrayBuffer>) : new Uint8Array(bytes)
  if (tag === TAG.arrayBuffer) return buffer
  if (tag === TAG.buffer) return Buffer.from(buffer)
  if (tag === TAG.dataView) return new DataView(buffer)
  return new TYPED_ARRAYS[tag - TAG.typedArray]!(buffer)
}

function isLargeMemory(bytes: Uint8Array): boolean {
  return bytes.length >= OWN_PIECE_BYTES && isWholeMemory(bytes)
}
