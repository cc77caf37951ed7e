// Whether an object is met a second time, which JSON text cannot say. What an object holds is met again with it, so it is enough to look at innermost objects,
// those that hold no others. A Set of a million of them costs more than writing them: so they get signatures of what was written for them, and only those
// that look alike are compared. One object gives one text, hence one signature.

import { repeatedIn } from './repeated.js'
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
/** The first few are compared one by one, some more by a Set. */
const [FEW, SOME] = [16, 256]
const LOOK_FACTOR = 64
/** Of the first page: most values have no other. No code of a value runs while it is walked, so nobody else is at it. */
const firstSignatures = new Int32Array(PAGE_SIZE)

export function noMeetings(): Meetings {
  return { count: 0, pages: [], nextLook: SOME }
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

/** Whether every object was met once. */
export function allMetOnce({ count, pages }: Meetings): boolean {
  if (count <= FEW) return true
  if (count <= SOME) return isSet(pages[0]!.objects)
  const groups = repeatedIn(pages.map(({ signatures }, i) => signatures.subarray(0, Math.min(PAGE_SIZE, count - i * PAGE_SIZE))))
  if (groups === undefined) return true
  const alike: object[][] = Array.from({ length: groups.count }, () => [])
  for (const page of pages) {
    for (let i = 0; i < page.objects.length; i++) {
      const group = groups.of(page.signatures[i]!)
      if (group >= 0) alike[group]!.push(page.objects[i]!)
    }
  }
  return alike.every(isSet)
}

function isSet(objects: readonly object[]): boolean {
  if (objects.length === 2) return objects[0] !== objects[1]
  return new Set(objects).size === objects.length
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
