// Values to bytes and back. Encoding and digesting against `JSON.stringify` and SHA-256 of the same value, decoding against `JSON.parse`, for plain data of
// about 10 MB in several shapes; rows of data that JSON cannot keep stand beside them, against V8's own serializer. Milliseconds, the two in turn.

import { deserialize, serialize } from 'node:v8'
import { decode, encode } from '../runtime/codec.js'
import { digest } from '../runtime/contract.js'
import { median, ratio, report } from './support/figures.js'

const ROUNDS = 9
const BYTES = 10_000_000

const words = 'lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam nonumy eirmod tempor invidunt ut labore'.split(' ')
const word = (i: number) => words[(i * 7919) % words.length]!

/** One item of each shape; a value is a list of them that makes about 10 MB of JSON. */
const PLAIN: Readonly<Record<string, (i: number) => unknown>> = {
  'flat records': (i) => ({ id: i, name: word(i), score: i / 7, active: i % 3 === 0, note: `${word(i)} ${word(i + 1)} ${word(i + 2)}` }),
  'nested records': (i) => ({ id: i, user: { name: word(i), at: { x: i, y: { z: i + 1 } } }, tags: { a: { b: i } } }),
  'small arrays': (i) => [i, i + 1, i + 2],
  'pairs in pairs': (i) => [
    [i, i + 1],
    [word(i), [i]],
  ],
  numbers: (i) => i / 3,
  integers: (i) => i * 17,
  'short strings': (i) => `${word(i)}-${i}`,
  'long strings': (i) => `${word(i)} `.repeat(200),
  'answers of an API': (i) => ({
    id: `item_${i}`,
    type: 'order',
    attributes: {
      total: i * 1.5,
      currency: 'EUR',
      created_at: '2024-05-06T07:08:09.123Z',
      lines: [
        { sku: word(i), count: i % 5, price: 12.5 },
        { sku: word(i + 1), count: 1, price: 3 },
      ],
    },
    relationships: { customer: { data: { type: 'customer', id: `c${i % 100}` } }, tags: { data: [{ type: 'tag', id: word(i) }] } },
    links: { self: `https://api.example.com/v1/orders/${i}` },
  }),
}

const RICH: Readonly<Record<string, (i: number) => unknown>> = {
  'records with a date': (i) => ({ id: i, name: word(i), at: new Date(1e12 + i), next: undefined }),
  'maps of small arrays': (i) => new Map([[word(i), [i, i + 1]]]),
  'null prototypes': (i) => Object.assign(Object.create(null), { id: i, name: word(i), tags: [word(i)] }),
}

/** Mostly arrays of so few elements that it costs more to ask one what it owns than to write it; and nothing but the list of its keys tells of all it owns. */
const ARRAYS: ReadonlySet<string> = new Set(['small arrays', 'pairs in pairs'])

function askArrays(value: unknown): void {
  if (!Array.isArray(value)) return
  if (Reflect.ownKeys(value).at(-1) !== 'length') throw new Error('it owns more than elements')
  value.forEach(askArrays)
}

function listOf(item: (i: number) => unknown, size: (value: unknown) => number): unknown[] {
  const sample = size(Array.from({ length: 1000 }, (_, i) => item(i)))
  return Array.from({ length: Math.ceil((BYTES * 1000) / sample) }, (_, i) => item(i))
}

function ms(act: () => unknown): number {
  const began = performance.now()
  act()
  return performance.now() - began
}

function compare(what: string, ours: () => unknown, peer: string, theirs: () => unknown): void {
  const [a, b]: [number[], number[]] = [[], []]
  ours()
  theirs()
  for (let round = 0; round < ROUNDS; round++) {
    a.push(ms(ours))
    b.push(ms(theirs))
  }
  report(what, median(a), peer, median(b), ratio(a, b))
}

export async function run(): Promise<void> {
  for (const [shape, item] of Object.entries(PLAIN)) {
    const value = listOf(item, (v) => JSON.stringify(v).length)
    compare(
      `encode and digest, ${shape}, ms`,
      () => digest(encode(value)),
      'JSON.stringify and sha256',
      () => digest(JSON.stringify(value)),
    )
    if (ARRAYS.has(shape))
      compare(
        `encode and digest, ${shape}, ms`,
        () => digest(encode(value)),
        'the same and Reflect.ownKeys of each array',
        () => {
          for (const each of value) askArrays(each)
          return digest(JSON.stringify(value))
        },
      )
    const [bytes, text] = [encode(value), Buffer.from(JSON.stringify(value))]
    compare(
      `decode, ${shape}, ms`,
      () => decode(bytes),
      'JSON.parse',
      () => JSON.parse(text.toString()),
    )
  }
  for (const [shape, item] of Object.entries(RICH)) {
    const value = listOf(item, (v) => serialize(v).length)
    compare(
      `encode and digest, ${shape}, ms`,
      () => digest(encode(value)),
      'v8.serialize and sha256',
      () => digest(serialize(value)),
    )
    const [bytes, other] = [encode(value), serialize(value)]
    compare(
      `decode, ${shape}, ms`,
      () => decode(bytes),
      'v8.deserialize',
      () => deserialize(other),
    )
  }
}
