// Whether an object is met a second time, which JSON text cannot say. A Set of a million objects costs more than writing them; so objects get signatures of
// what was written for them, which are looked through many at once, and only those that look alike go into a Set. One object gives one text, hence one
// signature. Where most look alike, all of them go into a Set and signatures are left out.

import type { Sink } from './sink.js'

/** Objects met so far, in order, and their signatures. */
export interface Meetings {
  objects: object[]
  signatures: Int32Array
  /** How many of them have been looked through. */
  looked: number
  /** Of those, all but the first of each signature. */
  alike: Set<object> | undefined
  /** How many objects `alike` should hold, once it holds all that are no longer in `objects`; before that `undefined`. */
  taken: number | undefined
}

/** The first few have no signatures: each newcomer is compared with them. */
const FEW = 16
const NONE = new Int32Array(FEW)
/** Adding to a Set between other work costs twice as much, in cache misses. */
const BATCH = 4096

export function noMeetings(): Meetings {
  return { objects: [], signatures: NONE, looked: 0, alike: undefined, taken: undefined }
}

/** Notes an object, whose text starts at `start` and has just been written. False when one is known to have been met twice. */
export function meet(meetings: Meetings, object: object, sink: Sink, start: number): boolean {
  const { objects } = meetings
  if (meetings.taken !== undefined) return objects.push(object) < BATCH || allMetOnce(meetings)
  const count = objects.length
  for (let i = 0; i < FEW && i < count; i++) if (objects[i] === object) return false
  if (count >= FEW) {
    if (count === meetings.signatures.length) {
      // Not only at the end: parts that hold each other twice would be walked for ever.
      if (!allMetOnce(meetings)) return false
      if (meetings.alike !== undefined && meetings.alike.size > count / 4) {
        meetings.alike.clear()
        meetings.taken = 0
        return meet(meetings, object, sink, start)
      }
      const larger = new Int32Array(count * 4)
      larger.set(meetings.signatures)
      meetings.signatures = larger
    }
    meetings.signatures[count] = signatureOf(sink, start)
  }
  objects.push(object)
  return true
}

const PART_BITS = 9
/** Twice what an even spread puts into a part, at least. */
const SLOTS = 1 << (PART_BITS + 2)

/** Whether every object was met once. Signatures are spread over parts that fit into the nearest memory. */
export function allMetOnce(meetings: Meetings): boolean {
  if (meetings.taken !== undefined) return takeAll(meetings)
  const { signatures } = meetings
  const count = meetings.objects.length
  if (count <= FEW) return true
  const bits = Math.max(1, 32 - Math.clz32(count >> PART_BITS))
  const ends = new Int32Array(1 << bits)
  for (let i = FEW; i < count; i++) ends[signatures[i]! >>> (32 - bits)]!++
  for (let part = 0, sum = 0; part < ends.length; part++) {
    const size = ends[part]!
    ends[part] = sum
    sum += size
  }
  const sorted = new Int32Array(count)
  const order = new Int32Array(count)
  for (let i = FEW; i < count; i++) {
    const at = ends[signatures[i]! >>> (32 - bits)]!++
    sorted[at] = signatures[i]!
    order[at] = i
  }
  const slots = new Int32Array(SLOTS)
  let start = 0
  for (const end of ends) {
    if (!partMetOnce(meetings, { sorted, order, start, end }, slots)) return false
    start = end
  }
  meetings.looked = count
  return true
}

interface Part {
  readonly sorted: Int32Array
  readonly order: Int32Array
  readonly start: number
  readonly end: number
}

/** A slot holds an index plus one; those of earlier parts are less than `start`, and count as free. */
function partMetOnce(meetings: Meetings, { sorted, order, start, end }: Part, slots: Int32Array): boolean {
  meetings.alike ??= new Set()
  const { objects, looked, alike } = meetings
  let free = SLOTS / 2
  for (let at = start; at < end; at++) {
    const signature = sorted[at]!
    let slot = signature & (SLOTS - 1)
    while (slots[slot]! > start && sorted[slots[slot]! - 1] !== signature) slot = (slot + 1) & (SLOTS - 1)
    const taken = slots[slot]! > start
    if (!taken && free > 0) {
      slots[slot] = at + 1
      free--
      continue
    }
    const index = order[at]!
    const object = objects[index]!
    if (index < looked) {
      if (!taken) alike.add(object)
      continue
    }
    if (taken && objects[order[slots[slot]! - 1]!] === object) return false
    const before = alike.size
    if (alike.add(object).size === before) return false
  }
  return true
}

function takeAll(meetings: Meetings): boolean {
  const alike = meetings.alike!
  for (const object of meetings.objects) alike.add(object)
  meetings.taken! += meetings.objects.length
  meetings.objects = []
  return alike.size === meetings.taken
}

/** Of the length of a text and of some of its words: all when it is short, else those at both ends and some between. */
function signatureOf({ view, at: end }: Sink, start: number): number {
  const length = end - start
  if (length < 4) return length
  const last = end - 4
  let mixed = mix(length, view.getInt32(last, true))
  if (length <= 40) {
    for (let at = start; at < last; at += 4) mixed = mix(mixed, view.getInt32(at, true))
    return mixed
  }
  const stride = (length / 8) | 0
  for (let at = start; at < last; at += stride) mixed = mix(mixed, view.getInt32(at, true))
  for (let at = 4; at <= 12; at += 4) mixed = mix(mix(mixed, view.getInt32(start + at, true)), view.getInt32(last - at, true))
  return mixed
}

function mix(mixed: number, word: number): number {
  const next = Math.imul(mixed ^ word, 0x1b873593)
  return next ^ (next >>> 15)
}
