// The proof that a value is plain JSON: native JSON text keeps it exactly and there is one text for it. Whatever the proof does not
// accept goes to the tagged codec, which either keeps it or says what is wrong with it. Runs no code of the value: getters and proxies fail first.

import { types } from 'node:util'
import { ownsOnlyElements } from './elements.js'
import { MAX_DEPTH } from './tags.js'

const { isArray } = Array
const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf } = Object
const { isProxy } = types
const lookupGetter = (Object.prototype as unknown as { __lookupGetter__(this: object, key: number): unknown }).__lookupGetter__

/** Objects met so far. JSON cannot say that two places hold one object, so a second meeting ends the proof. */
interface Meetings {
  readonly met: Set<object>
  total: number
  // Added to the set in batches: adding one at a time between the other checks costs twice as much, in cache misses.
  readonly batch: object[]
  waiting: number
}

const BATCH = 4096

/** Whether JSON text keeps `value` exactly. Lone surrogates, `__proto__` keys and every finite number but `-0` survive JSON. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isPlainLeaf(value)
  // A patched prototype would put its own text in place of the value's.
  if ('toJSON' in Array.prototype) return false
  const meetings: Meetings = { met: new Set(), total: 0, batch: [], waiting: 0 }
  return isPlainObject(value, 1, meetings) && allNew(meetings)
}

function isPlainLeaf(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return value === 0 ? 1 / value > 0 : value - value === 0
    default:
      return value === null
  }
}

function isPlainObject(object: object, depth: number, meetings: Meetings): boolean {
  if (depth > MAX_DEPTH || isProxy(object)) return false
  meetings.batch[meetings.waiting++] = object
  if (meetings.waiting === BATCH && !allNew(meetings)) return false
  return isArray(object) ? isPlainArray(object, depth, meetings) : isPlainRecord(object, depth, meetings)
}

function isPlainArray(array: readonly unknown[], depth: number, meetings: Meetings): boolean {
  if (getPrototypeOf(array) !== Array.prototype || !ownsOnlyElements(array)) return false
  for (let i = 0; i < array.length; i++) {
    if (lookupGetter.call(array, i) !== undefined) return false
    const value = array[i]
    // A hole reads as undefined, which is no leaf.
    if (typeof value === 'object' && value !== null ? !isPlainObject(value, depth + 1, meetings) : !isPlainLeaf(value)) return false
  }
  return true
}

function isPlainRecord(record: object, depth: number, meetings: Meetings): boolean {
  if (getPrototypeOf(record) !== Object.prototype || getOwnPropertySymbols(record).length !== 0) return false
  const names = getOwnPropertyNames(record)
  for (let i = 0; i < names.length; i++) {
    const property = getOwnPropertyDescriptor(record, names[i]!)!
    if (!property.enumerable || property.get !== undefined || property.set !== undefined) return false
    const value: unknown = property.value
    if (typeof value === 'object' && value !== null ? !isPlainObject(value, depth + 1, meetings) : !isPlainLeaf(value)) return false
  }
  return true
}

function allNew(meetings: Meetings): boolean {
  const { met, batch, waiting } = meetings
  for (let i = 0; i < waiting; i++) met.add(batch[i]!)
  meetings.total += waiting
  meetings.waiting = 0
  return met.size === meetings.total
}
