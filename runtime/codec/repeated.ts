// Which of very many numbers are there more than once. They are spread over parts that fit into the nearest memory: a Map of them all would not.

const PART_BITS = 9
/** Four times what an even spread puts into a part, at most. */
const SLOTS = 1 << (PART_BITS + 2)

export interface Repeated {
  readonly count: number
  /** The place of a number among those that are repeated, or -1. */
  of(number: number): number
}

/** The numbers, of 32 bits each, that are there more than once. */
export function repeatedIn(lists: readonly Int32Array[]): Repeated | undefined {
  let count = 0
  for (const list of lists) count += list.length
  const bits = Math.max(1, 32 - Math.clz32(count >> PART_BITS))
  const ends = new Int32Array(1 << bits)
  for (const list of lists) for (let i = 0; i < list.length; i++) ends[list[i]! >>> (32 - bits)]!++
  for (let part = 0, sum = 0; part < ends.length; part++) {
    const size = ends[part]!
    ends[part] = sum
    sum += size
  }
  const sorted = new Int32Array(count)
  for (const list of lists) for (let i = 0; i < list.length; i++) sorted[ends[list[i]! >>> (32 - bits)]!++] = list[i]!
  const repeated: number[] = []
  const slots = new Int32Array(SLOTS)
  let start = 0
  for (const end of ends) {
    addRepeated(repeated, sorted, start, end, slots)
    start = end
  }
  return repeated.length === 0 ? undefined : placesOf(repeated)
}

/** A slot holds twice an index plus one, made odd when it is told; those of earlier parts count as free. */
function addRepeated(repeated: number[], sorted: Int32Array, start: number, end: number, slots: Int32Array): void {
  const least = 2 * (start + 1)
  let free = SLOTS / 2
  for (let at = start; at < end; at++) {
    const number = sorted[at]!
    let slot = number & (SLOTS - 1)
    let held = slots[slot]!
    while (held >= least && sorted[(held >>> 1) - 1] !== number) held = slots[(slot = (slot + 1) & (SLOTS - 1))]!
    if (held >= least) {
      if ((held & 1) === 0) repeated.push(number)
      slots[slot] = held | 1
    } else if (free === 0) {
      repeated.push(number)
    } else {
      slots[slot] = 2 * (at + 1)
      free--
    }
  }
}

function placesOf(repeated: readonly number[]): Repeated {
  const numbers = Int32Array.from(new Set(repeated))
  const mask = (1 << (34 - Math.clz32(numbers.length))) - 1
  // A slot holds a place plus one.
  const slots = new Int32Array(mask + 1)
  numbers.forEach((number, place) => {
    let slot = number & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = place + 1
  })
  const of = (number: number): number => {
    let slot = number & mask
    while (slots[slot] !== 0 && numbers[slots[slot]! - 1] !== number) slot = (slot + 1) & mask
    return slots[slot]! - 1
  }
  return { count: numbers.length, of }
}
