// Whether an object is met a second time, which JSON text cannot say. What an object holds is met again with it, so it is enough to look at innermost objects,
// those that hold no others. A Set of a million of them costs more than writing them: so they get signatures of what was written for them, which are looked
// through many at once, and only those that look alike go into a Set. One object gives one text, hence one signature.

import type { Sink } from './sink.js'

/** Innermost objects met so far, in order, and their signatures. */
export interface Meetings {
  count: number
  /** One list of them all would be copied each time that it outgrows its place, and the garbage collector would pay for it. */
  readonly pages: Page[]
  /** At this count they are looked through. */
  nextLook: number
}

interface Page {
  readonly objects: object[]
  readonly signatures: Int32Array
}

const PAGE_BITS = 12
const PAGE_SIZE = 1 << PAGE_BITS
/** The first few are compared one by one. */
const FEW = 16
const LOOK_FACTOR = 16
/** Of the first page: most values have no other. No code of a value runs while it is walked, so nobody else is at it. */
const firstSignatures = new Int32Array(PAGE_SIZE)

export function noMeetings(): Meetings {
  return { count: 0, pages: [], nextLook: FEW * LOOK_FACTOR }
}

/** Notes an innermost object, whose text is at `start` to `end`. False when one is known to have been met twice. */
export function meet(meetings: Meetings, object: object, sink: Sink, start: number, end: number): boolean {
  const { count, pages } = meetings
  if (count % PAGE_SIZE === 0) pages.push({ objects: [], signatures: count === 0 ? firstSignatures : new Int32Array(PAGE_SIZE) })
  const { objects, signatures } = pages[count >>> PAGE_BITS]!
  if (count < FEW) {
    if (objects.includes(object)) return false
  } else if (count === meetings.nextLook) {
    // Not only at the end: parts that hold each other twice would be walked for ever.
    if (!allMetOnce(meetings)) return false
    meetings.nextLook *= LOOK_FACTOR
  }
  objects.push(object)
  signatures[count % PAGE_SIZE] = signatureOf(sink, start, end)
  meetings.count++
  return true
}

function objectAt({ pages }: Meetings, index: number): object {
  return pages[index >>> PAGE_BITS]!.objects[index % PAGE_SIZE]!
}

function signatureAt({ pages }: Meetings, index: number): number {
  return pages[index >>> PAGE_BITS]!.signatures[index % PAGE_SIZE]!
}

const PART_BITS = 9
/** Twice what an even spread puts into a part, at least. */
const SLOTS = 1 << (PART_BITS + 2)

/** Whether every object was met once. Signatures are spread over parts that fit into the nearest memory. */
export function allMetOnce(meetings: Meetings): boolean {
  const { count } = meetings
  if (count <= FEW) return true
  const bits = Math.max(1, 32 - Math.clz32(count >> PART_BITS))
  const ends = new Int32Array(1 << bits)
  for (let i = 0; i < count; i++) ends[signatureAt(meetings, i) >>> (32 - bits)]!++
  for (let part = 0, sum = 0; part < ends.length; part++) {
    const size = ends[part]!
    ends[part] = sum
    sum += size
  }
  const sorted = new Int32Array(count)
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const signature = signatureAt(meetings, i)
    const at = ends[signature >>> (32 - bits)]!++
    sorted[at] = signature
    order[at] = i
  }
  const alike: object[] = []
  const slots = new Int32Array(SLOTS)
  let start = 0
  for (const end of ends) {
    if (!partMetOnce(meetings, { sorted, order, start, end }, slots, alike)) return false
    start = end
  }
  return new Set(alike).size === alike.length
}

interface Part {
  readonly sorted: Int32Array
  readonly order: Int32Array
  readonly start: number
  readonly end: number
}

/** Adds to `alike` all but the first of each signature, with which they are compared. A slot holds an index plus one; those of earlier parts count as free. */
function partMetOnce(meetings: Meetings, { sorted, order, start, end }: Part, slots: Int32Array, alike: object[]): boolean {
  let free = SLOTS / 2
  for (let at = start; at < end; at++) {
    const signature = sorted[at]!
    let slot = signature & (SLOTS - 1)
    while (slots[slot]! > start && sorted[slots[slot]! - 1] !== signature) slot = (slot + 1) & (SLOTS - 1)
    const taken = slots[slot]! > start
    if (taken || free === 0) {
      const object = objectAt(meetings, order[at]!)
      if (taken && objectAt(meetings, order[slots[slot]! - 1]!) === object) return false
      alike.push(object)
    } else {
      slots[slot] = at + 1
      free--
    }
  }
  return true
}

/** Of the length of a text and of some of its words: all when it is short, else those at both ends and some between. */
function signatureOf({ view }: Sink, start: number, end: number): number {
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
