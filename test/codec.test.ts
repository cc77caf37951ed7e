// Values to bytes and back: nothing lost, one encoding each, and nothing in the bytes trusted.

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decode, decoderOf, EncodeError, encode, inputDigest } from '../runtime/codec.js'
import { digest } from '../runtime/contract.js'
import { MintmarkError } from '../runtime/errors.js'
import { draws } from './support/draws.js'
import { same } from './support/same.js'
import { graph, json, tree } from './support/values.js'

const equalBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
const codecOf = (value: unknown) => String.fromCharCode(encode(value)[2]!)

function shared(): unknown {
  const part = { x: 1 }
  return [part, part]
}

function cyclic(): unknown {
  const node: Record<string, unknown> = { name: 'a' }
  node.self = node
  node.map = new Map<unknown, unknown>([[node, new Set([node])]])
  return node
}

function sparse(length: number, ...at: number[]): unknown[] {
  const array: unknown[] = []
  for (const i of at) array[i] = i
  array.length = length
  return array
}

function nested(levels: number, innermost: unknown = []): unknown {
  let value = innermost
  for (let i = 1; i < levels; i++) value = [value]
  return value
}

const own = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toJSON": "x"}')

const SAMPLES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  booleans: () => [true, false],
  numbers: () => [0, 1, -1, 1.5, 1e21, 5e-324, Number.MAX_VALUE],
  'minus zero': () => -0,
  NaN: () => Number.NaN,
  infinities: () => [Infinity, -Infinity],
  bigints: () => [0n, 1n, -1n, 255n, 256n, -(2n ** 200n)],
  strings: () => ['', 'plain', 'é', '\u0000', '\ufeffbom', '😀'],
  'lone surrogates': () => ['\ud800', '\udc00x', new Map([['\ud800', 1]])],
  'lone surrogates as keys': () => ({ '\ud800': 1, '\ud801': undefined }),
  Date: () => [new Date(0), new Date(-1), new Date(Number.NaN)],
  RegExp: () => [/a/, /[/]\n/gimsuy, /(?:)/d, Object.assign(/g/g, { lastIndex: 7 })],
  URL: () => new URL('https://user:pw@example.com:8080/p%20q?a=b#c'),
  Map: () =>
    new Map<unknown, unknown>([
      [{}, 1],
      ['a', new Map()],
      [Number.NaN, undefined],
    ]),
  Set: () => new Set([1, '1', 1n, [], []]),
  'arrays with holes': () => [sparse(3, 1), sparse(2), Object.assign(sparse(3, 0), { 2: undefined })],
  'huge sparse arrays': () => sparse(2 ** 32 - 1, 0, 5_000_000),
  'key order': () => ({ b: 1, a: 2, 1: 3, 0: 4 }),
  '__proto__ as a key': () => own,
  '__proto__ as a key beside a Date': () => Object.assign(JSON.parse('{"__proto__": 1}'), { at: new Date(1) }),
  'null prototype': () => Object.assign(Object.create(null), { a: 1, __proto__: 2 }),
  Buffer: () => [Buffer.from('bytes'), Buffer.alloc(0), Buffer.alloc(1000, 7)],
  ArrayBuffer: () => new Uint8Array([1, 2]).buffer,
  'typed arrays': () =>
    [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array].map((View) =>
      View.of(1, 2, 250),
    ),
  'bigint arrays': () => [BigInt64Array.of(-1n), BigUint64Array.of(2n ** 64n - 1n)],
  'large typed arrays': () => new Float64Array(1000).fill(0.1),
  DataView: () => new DataView(new Uint8Array([1, 2, 3]).buffer),
  errors: () => [
    new Error('e'),
    new EvalError(),
    new RangeError('r', { cause: new Map() }),
    new ReferenceError(),
    new SyntaxError(),
    new TypeError(),
    new URIError(),
  ],
  AggregateError: () => [new AggregateError([1, new Error('x')], 'many'), Object.assign(new AggregateError([]), { errors: 0 })],
  'errors with properties': () => Object.assign(new Error('no'), { name: 'Own', code: 'ENOENT', errno: -2 }),
  'shared references': shared,
  'shared references within plain data': () => ({ a: [shared(), shared()] }),
  cycles: cyclic,
  'plain JSON': () => ({ id: 1, tags: ['a', 'b'], none: null, nested: { deep: [[], {}] } }),
  'long arrays': () => Array.from({ length: 1000 }, (_, i) => ({ i })),
  'long arrays with undefined': () => Array.from({ length: 1000 }, (_, i) => (i === 500 ? undefined : i)),
  'long texts of brackets': () => ['['.repeat(3000), ']"{'.repeat(3000), { [`${'{['.repeat(3000)}ü`]: '}'.repeat(3000) }],
  'a thousand levels': () => nested(1000),
  'a thousand levels and undefined': () => nested(1000, [undefined]),
}

for (const [name, sample] of Object.entries(SAMPLES)) {
  test(`comes back as it was: ${name}`, () => {
    const value = sample()
    const back = decode(encode(value))
    // Node's own comparison walks every hole, and takes an invalid date for different from itself.
    if (!['huge sparse arrays', 'Date'].includes(name)) assert.ok(isDeepStrictEqual(back, value))
    assert.ok(same(back, value))
    assert.ok(equalBytes(encode(back), encode(value)), 'and encodes as before')
    assert.ok(equalBytes(encode(sample()), encode(value)), 'and so does one made anew')
  })
}

test('any tree comes back as it was', () => {
  fc.assert(
    fc.property(tree, (value) => same(decode(encode(value)), value)),
    draws(1000),
  )
})

test('any graph comes back with its cycles and shared parts', () => {
  fc.assert(
    fc.property(graph, (value) => same(decode(encode(value)), value)),
    draws(1000),
  )
})

test('any JSON comes back as it was, as JSON text', () => {
  fc.assert(
    fc.property(json, (value) => {
      const parsed = JSON.parse(JSON.stringify(value))
      return same(decode(encode(parsed)), parsed) && codecOf(parsed) === 'j'
    }),
    draws(100),
  )
})

test('two values have one encoding exactly when nobody can tell them apart', () => {
  const alike = fc.oneof(fc.clone(tree, 2), fc.clone(graph, 2))
  const small = fc.oneof(fc.tuple(graph, graph), fc.tuple(tree, tree))
  fc.assert(
    fc.property(fc.oneof(alike, small), ([a, b]) => equalBytes(encode(a), encode(b)) === same(a, b)),
    draws(2000),
  )
  fc.assert(
    fc.property(alike, ([a, b]) => same(a, b)),
    draws(100),
  )
})

const APART: readonly (readonly [string, unknown, unknown])[] = [
  ['0 and -0', 0, -0],
  ['0 and -0 in data', { a: [0] }, { a: [-0] }],
  ['undefined and null', [undefined], [null]],
  ['undefined and a hole', [undefined], sparse(1)],
  ['undefined and nothing', { a: undefined }, {}],
  ['a number and its text', 1, '1'],
  ['a number and its bigint', 1, 1n],
  ['a date and its text', new Date(0), new Date(0).toISOString()],
  ['an invalid date and NaN', new Date(Number.NaN), Number.NaN],
  ['key order', { a: 1, b: 2 }, { b: 2, a: 1 }],
  [
    'order in a Map',
    new Map([
      [1, 1],
      [2, 2],
    ]),
    new Map([
      [2, 2],
      [1, 1],
    ]),
  ],
  ['order in a Set', new Set([1, 2]), new Set([2, 1])],
  ['a Map and its entries', new Map([[1, 1]]), [[1, 1]]],
  ['a null prototype', Object.create(null), {}],
  ['Buffer and Uint8Array', Buffer.from([1]), Uint8Array.of(1)],
  ['Uint8Array and Uint8ClampedArray', Uint8Array.of(1), Uint8ClampedArray.of(1)],
  ['one part twice and two equal parts', shared(), [{ x: 1 }, { x: 1 }]],
  ['different lone surrogates', '\ud800', '\ud801'],
  ['a lone surrogate and what UTF-8 makes of it', '\ud800', '\ufffd'],
  ['lastIndex', /a/g, Object.assign(/a/g, { lastIndex: 1 })],
  ['error classes', new Error('a'), new TypeError('a')],
  ['no message and an empty one', new Error(), Object.assign(new Error(), { message: '' })],
  ['no cause and cause undefined', new Error('a'), new Error('a', { cause: undefined })],
  ['an object and its JSON text', { a: 1 }, '{"a":1}'],
]
for (const [name, a, b] of APART) {
  test(`told apart: ${name}`, () => {
    assert.not(equalBytes(encode(a), encode(b)))
  })
}

const ALIKE: readonly (readonly [string, unknown, unknown])[] = [
  ['two NaNs of different bits', Number.NaN, new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]],
  ['frozen and not', Object.freeze({ a: Object.freeze([1]) }), { a: [1] }],
  ['the stack of an error', new Error('a'), Object.assign(new Error('a'), { stack: 'elsewhere' })],
  ['a window into a pool and its copy', Buffer.from('..abc..').subarray(2, 5), Buffer.from('abc')],
  ['a string and the same from pieces', 'ab'.repeat(50), Array.from({ length: 50 }, () => 'ab').join('')],
]
for (const [name, a, b] of ALIKE) {
  test(`one encoding: ${name}`, () => {
    assert.ok(equalBytes(encode(a), encode(b)))
  })
}

test('plain data is JSON text, anything more is not', () => {
  for (const plain of [null, 0, 'x', '\ud800', [], {}, [1, { a: '' }], own]) assert.is(codecOf(plain), 'j')
  for (const other of [undefined, -0, Number.NaN, [undefined], sparse(1), shared(), new Date(0), { a: -0 }]) assert.is(codecOf(other), 't')
})

test('sharing is found however far apart the two places are', () => {
  const part = { x: 1 }
  const far = [part, ...Array.from({ length: 10_000 }, (_, i) => [i]), part]
  const back = decode(encode(far)) as unknown[]
  assert.is(back[0], back[10_001])
})

test('sharing is found among many that look alike, and among many that do not', () => {
  const rows = (i: number): unknown[] => [[{ x: 1 }, [], { id: i }], [{ id: i, tags: [i] }], [{ x: 1 }]]
  for (const of of [0, 1, 2]) {
    for (const [first, second] of [
      [3, 9000],
      [8999, 9000],
      [20, 70],
    ] as const) {
      const list = Array.from({ length: 9001 }, (_, i) => rows(i)[of] as unknown[])
      assert.is(codecOf(list), 'j')
      list[second]!.push(list[first]![0])
      const back = decode(encode(list)) as unknown[][]
      assert.is(back[second]!.at(-1), back[first]![0])
    }
  }
})

test('sharing is found among many more, of which most look like another one', () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => ({ twin: { of: i >> 1 }, one: { of: 'many' }, own: [i] }))
  assert.is(codecOf(rows), 'j')
  for (const name of ['twin', 'one', 'own'] as const) {
    for (const [first, second] of [
      [0, 1],
      [3, 29_999],
    ] as const) {
      const list: Record<string, unknown>[] = rows.map((row) => ({ ...row }))
      list[second]![name] = list[first]![name]
      const back = decode(encode(list)) as typeof list
      assert.is(back[second]![name], back[first]![name], `${name} ${first} ${second}`)
      assert.is.not(back[second]![name], back[second - 1 === first ? 2 : second - 1]![name])
    }
  }
})

test('what is hidden is found in any of many objects', () => {
  const spoilt: Readonly<Record<string, (i: number) => object>> = {
    'a symbol': (i) => ({ i, [Symbol.for('s')]: 1 }),
    'a hidden name': (i) => Object.defineProperty({ i }, 'h', { value: 1 }),
    'a named element': (i) => Object.assign([i], { extra: 1 }),
    'a hidden named element': (i) => Object.defineProperty([i], 'meta', { value: 1 }),
    'a hidden symbol beside elements': (i) => Object.defineProperty([i], Symbol.for('s'), { value: 1 }),
  }
  for (const [what, make] of Object.entries(spoilt)) {
    for (const at of [0, 100, 255, 256, 257, 600, 999]) {
      const list = Array.from({ length: 1000 }, (_, i): object => (i === at ? make(i) : i % 2 === 0 ? { i } : [i]))
      assert.throws(
        () => encode(list),
        (error: EncodeError) => error.message.includes(`$[${at}]`),
        `${what} at ${at}`,
      )
      list[at] = []
      assert.is(codecOf(list), 'j', 'and nothing is left of it')
    }
  }
})

test('what a record only inherits is no part of it, and what it computes is never asked for', () => {
  const records = () => [{ b: 1, a: [{ z: 1, 0: 2 }] }, { __proto__: null, c: 1 }, JSON.parse('{"__proto__":{"x":1}}')]
  const [plain, tagged] = [encode(records()[0]), encode(records())]
  Object.assign(Object.prototype, { everywhere: 1 })
  try {
    assert.equal(encode(records()[0]), plain)
    assert.equal(encode(records()), tagged)
    assert.is(encode(records()[2])[2], 'j'.charCodeAt(0))
  } finally {
    delete (Object.prototype as { everywhere?: number }).everywhere
  }
  let asked = 0
  const computed = (enumerable: boolean, accessor: PropertyDescriptor) => Object.defineProperty({ a: 1 }, 'b', { enumerable, ...accessor })
  for (const accessor of [{ get: () => asked++ }, { set: () => asked++ }, { get: () => asked++, set: () => asked++ }])
    for (const record of [computed(true, accessor), computed(false, accessor)])
      assert.throws(() => encode([{ a: 1, b: 2 }, record]), /\$\[1\]/)
  assert.is(asked, 0)
})

test('sharing is found in parts that hold others, that are long, and that are equal to others', () => {
  const numbers = () => Array.from({ length: 40_000 }, (_, i) => i)
  const parts: readonly (() => unknown)[] = [numbers, () => ({ rows: [numbers(), {}] }), () => ({ a: { b: [{ c: [1] }] } }), () => []]
  for (const part of parts) {
    for (const between of [0, 100, 70_000]) {
      const list = [part(), ...Array.from({ length: between }, (_, i) => [`${i}`]), part()]
      assert.is(codecOf(list), 'j')
      const back = decode(encode([...list, list[0]])) as unknown[]
      assert.is(back.at(-1), back[0])
      assert.is.not(back.at(-2), back[0])
    }
  }
})

test('parts that hold each other twice, many levels up, take no time', () => {
  let value: unknown = []
  for (let i = 0; i < 200; i++) value = [value, value]
  assert.ok(encode(value).length < 2000)
})

test('plain data is the text that JSON.stringify writes', () => {
  const numbers = [0, 9, 10, -1, 99_999, 100_000, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 1e21, 1e-7, 0.1, -1.5, 5e-324]
  const strings = [
    '"',
    'a\\b',
    '\n\t\b\f\r\u0001\u001f',
    '\u007f',
    'é',
    '\u2028',
    '😀',
    '\ud800x',
    'x'.repeat(64),
    'x'.repeat(65),
    `${'é"'.repeat(5000)}`,
  ]
  const value = [numbers, strings, Object.fromEntries(strings.map((key, i) => [key, i])), [[]], {}, true, false, null]
  const text = (plain: unknown) => Buffer.from(encode(plain)).toString('utf8', 4)
  assert.is(text(value), JSON.stringify(value))
  const any = fc.jsonValue({ stringUnit: 'binary' })
  fc.assert(
    fc.property(any, (json) => text(JSON.parse(JSON.stringify(json))) === JSON.stringify(json)),
    draws(100),
  )
})

test('plain data of any length is that text', () => {
  const words = ['lorem', 'ipsum "dolor"', 'é'.repeat(90), '', 'x'.repeat(3000)]
  const item = (i: number): unknown => ({ id: i, tags: [words[i % 5], i / 7], at: { x: -1 - i, y: [[], {}, [i]] }, none: null })
  const list = Array.from({ length: 2000 }, (_, i) => item(i))
  const long: Record<string, unknown> = {
    list,
    'one innermost array': Array.from({ length: 50_000 }, (_, i) => i * 977),
    'one innermost record': Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`${words[i % 4]}${i}`, i % 3 === 0])),
    'records in a record': Object.fromEntries(list.map((value, i) => [`key ${i}`, value])),
    'one string': ['é"'.repeat(100_000), 'x'.repeat(300_000)],
  }
  for (const value of [...Object.values(long), JSON.parse(JSON.stringify(long))]) {
    const bytes = encode(value)
    assert.ok(Buffer.from(bytes.buffer, bytes.byteOffset + 4, bytes.length - 4).equals(Buffer.from(JSON.stringify(value))))
    assert.is(inputDigest(value), digest(bytes))
  }
  assert.is(encode(1).length, 5, 'nothing is left of the one before')
})

test('plain data may end anywhere in the room that there is for it', () => {
  for (const room of [64, 128]) {
    for (let length = room * 1024 - 60; length <= room * 1024 + 4; length++) {
      const value = { a: [[[{ b: [['x'.repeat(length)]] }, 1]]] }
      assert.ok(Buffer.from(encode(value).subarray(4)).equals(Buffer.from(JSON.stringify(value))), `at ${length}`)
    }
  }
})

test('a value is JSON text exactly when looking at each of its parts says so', () => {
  const isPlain = (value: unknown, met: Set<object>): boolean => {
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
    if (typeof value !== 'object' || value === null) return value === null || typeof value === 'string' || typeof value === 'boolean'
    const keys = Reflect.ownKeys(value).filter((key) => !(Array.isArray(value) && key === 'length'))
    if (met.size === met.add(value).size) return false
    if (Object.getPrototypeOf(value) !== (Array.isArray(value) ? Array.prototype : Object.prototype)) return false
    if (Array.isArray(value) && keys.length !== value.length) return false
    return keys.every((key) => typeof key === 'string' && isPlain((value as Record<string, unknown>)[key], met))
  }
  const some = fc.oneof(tree, graph, json)
  fc.assert(
    fc.property(fc.array(some), (value) => {
      if (codecOf(value) !== 'j') return !isPlain(value, new Set())
      return isPlain(value, new Set()) && Buffer.from(encode(value)).toString('utf8', 4) === JSON.stringify(value)
    }),
    draws(1000),
  )
})

test('a decoded error shows where it came from by its headline only', () => {
  const { stack } = decode(encode(new TypeError('wrong'))) as Error
  assert.is(stack, 'TypeError: wrong')
  assert.not(Buffer.from(encode(new Error('e'))).includes('codec.test'))
})

test('a decoded __proto__ is a property and nothing else', () => {
  const back = decode(encode({ at: new Date(0), ...own, inner: own })) as any
  assert.is(Object.getPrototypeOf(back), Object.prototype)
  assert.is(back.inner.polluted, undefined)
  assert.ok(Object.hasOwn(back.inner, '__proto__'))
})

test('what lies beside a view in memory is not stored', () => {
  const pool = Buffer.from('public SECRET')
  assert.not(Buffer.from(encode([pool.subarray(0, 6), 1n])).includes('SECRET'))
})

test('a value can be encoded while a patched prototype lies about its JSON', () => {
  const patched = Array.prototype as unknown as { toJSON?: unknown }
  patched.toJSON = () => 'lie'
  try {
    assert.equal(decode(encode([{ a: [1] }])), [{ a: [1] }])
  } finally {
    delete patched.toJSON
  }
})

class Socket {}
const withSymbol = { [Symbol('s')]: 1 }
const withHidden = Object.defineProperty({}, 'h', { value: 1 })
const untouched = (): never => {
  throw new Error('code of the value was run')
}
const withGetter = Object.defineProperty({}, 'g', { get: untouched, enumerable: true })
const trap = new Proxy({}, { get: untouched, getPrototypeOf: untouched, ownKeys: untouched, getOwnPropertyDescriptor: untouched })
const long = Array.from({ length: 1000 }, () => 0)
const memory = new ArrayBuffer(8)
const detached = new ArrayBuffer(8)
structuredClone(detached, { transfer: [detached] })

const REFUSED: readonly (readonly [value: unknown, path: string, type: string])[] = [
  [() => 1, '$', 'function'],
  [{ cfg: { client: new Socket() } }, '$.cfg.client', 'Socket'],
  [{ rows: [1, 2, { 'a-b': Symbol('x') }] }, '$.rows[2]["a-b"]', 'symbol'],
  [new Map([['k', new Map([[1, untouched]])]]), '$.get("k").values()[0]', 'function'],
  [new Map([[untouched, 1]]), '$.keys()[0]', 'function'],
  [new Set([1, new WeakMap()]), '$.values()[1]', 'WeakMap'],
  [new Error('e', { cause: Promise.resolve() }), '$.cause', 'Promise'],
  [{ p: trap }, '$.p', 'Proxy'],
  [[new Proxy([], {})], '$[0]', 'Proxy'],
  [{ o: withSymbol }, '$.o', 'Object'],
  [{ o: withHidden }, '$.o', 'Object'],
  [{ o: withGetter }, '$.o.g', 'Object'],
  [Object.defineProperty([1], 0, { get: untouched }), '$[0]', 'Array'],
  [Object.assign([1], { extra: 1 }), '$', 'Array'],
  [Object.defineProperty([1], 'raw', { value: [] }), '$', 'Array'],
  [{ long: Object.assign([...long], { columns: 1 }) }, '$.long', 'Array'],
  [{ long: Object.defineProperty([...long], 'hidden', { value: 1 }) }, '$.long', 'Array'],
  [/(a)/.exec('a'), '$', 'Array'],
  [new (class Rows extends Array {})(), '$', 'Rows'],
  [new (class Bad extends Error {})(), '$', 'Bad'],
  [new (class Own extends Map {})(), '$', 'Own'],
  [Object.assign(new Date(0), { note: 1 }), '$', 'Date'],
  [Object.assign(new Uint8Array(2), { note: 1 }), '$', 'Uint8Array'],
  [Object.assign(Buffer.alloc(1000), { note: 1 }), '$', 'Buffer'],
  [Object.assign(/a/, { lastIndex: 'x' }), '$', 'RegExp'],
  [Object(1), '$', 'Number'],
  [Object.create(URL.prototype), '$', 'URL'],
  [Object.create(Map.prototype), '$', 'Map'],
  [Object.create(Buffer.prototype), '$', 'Buffer'],
  [new SharedArrayBuffer(1), '$', 'SharedArrayBuffer'],
  [new Uint8Array(new SharedArrayBuffer(1)), '$', 'Uint8Array'],
  [detached, '$', 'ArrayBuffer'],
  [[new Uint8Array(memory, 0, 5), new Uint8Array(memory, 4)], '$[1]', 'Uint8Array'],
  [{ memory, view: new DataView(memory) }, '$.view', 'DataView'],
  [globalThis, '$', 'Object'],
  [
    (() =>
      (function () {
        // biome-ignore lint/complexity/noArguments: the object is what is tested
        return arguments
      })())(),
    '$',
    'Object',
  ],
  [nested(1001), `$${'[0]'.repeat(12)}…${'[0]'.repeat(12)}`, 'Array'],
  [nested(100_000), `$${'[0]'.repeat(12)}…${'[0]'.repeat(12)}`, 'Array'],
]
REFUSED.forEach(([value, path, type], i) => {
  test(`refused with its path: ${type} at ${path} (${i})`, () => {
    for (const whole of [value, [value, undefined]]) {
      try {
        encode(whole)
        assert.unreachable('it was encoded')
      } catch (error) {
        assert.instance(error, EncodeError)
        const { code, path: at, type: name, message } = error as EncodeError
        assert.is(code, 'MM2001')
        if (whole === value) assert.is(at, path)
        assert.is(name, type)
        assert.match(message, at)
      }
    }
  })
})

test('a long text is written as JSON has it, wherever it is cut', () => {
  const parts = ['x', '"', '\\', '\n', '\x00', 'ü', '\u2028', '\ud83d\ude00', '\ud83d', '\ude00', '\ud83d\ud83d\ude00']
  for (const part of parts) {
    for (const shift of [0, 1]) {
      const text = 'x'.repeat(shift) + part.repeat(66_000 / part.length)
      for (const value of [text, [text, 1], { [text]: text, b: [1] }, [{ a: text }, { a: text }, [text.slice(0, 65_536)]]]) {
        assert.ok(equalBytes(encode(value).subarray(4), Buffer.from(JSON.stringify(value))), JSON.stringify(part))
        assert.equal(decode(encode(value)), value)
      }
    }
  }
})

test('an object with a long text that is met twice is one object', () => {
  for (let before = 0; before < 64; before += 3) {
    const object = { a: 'x'.repeat(65_537 + before) }
    const value = [Array.from({ length: 400 }, (_, i) => [i, 'x'.repeat(before)]), object, 'x'.repeat(before * 1000), object]
    const decoded = decode(encode(value)) as unknown[]
    assert.is(codecOf(value), 't')
    assert.is(decoded[1], decoded[3])
  }
})

test('windows that only touch share nothing', () => {
  const pieces = [new Uint8Array(memory, 0, 4), new Uint8Array(memory, 4), new Uint8Array(memory, 4, 0)]
  assert.ok(same(decode(encode(pieces)), pieces))
})

test('decoded again and again, a value is the same each time, and nobody shares it', () => {
  const odd = JSON.parse('{"__proto__":{"a":[{}]},"constructor":{"b":[]},"2":[[1],{"x":null}],"1":"first"}')
  fc.assert(
    fc.property(fc.oneof(fc.constant(odd), fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
      const bytes = encode(value)
      const read = decoderOf(bytes)
      for (let time = 0; time < 3; time++) {
        const decoded = read()
        assert.equal(Buffer.from(encode(decoded)), Buffer.from(bytes))
        assert.equal(JSON.stringify(decoded), JSON.stringify(decode(bytes)))
        ruin(decoded)
      }
    }),
    draws(300),
  )
})

/** Empties it, and all that is in it. */
function ruin(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const part of Object.values(value)) ruin(part)
  for (const name of Object.keys(value)) if (!Array.isArray(value)) delete (value as Record<string, unknown>)[name]
  if (Array.isArray(value)) value.length = 0
}

test('a thousand levels of JSON are read and one more is not, wherever they begin and whatever stands in texts', () => {
  for (let shift = 0; shift < 8; shift++) {
    const text = (levels: number) => `MMj\x01["${']}'.repeat(2000)}\\"${'x'.repeat(shift)}",${'['.repeat(levels - 1)}${']'.repeat(levels)}`
    assert.is((decode(Buffer.from(text(1000))) as unknown[]).length, 2)
    assert.throws(() => decode(Buffer.from(text(1001))), /^MM2002 .*1000 levels/)
  }
})

const MALFORMED: Readonly<Record<string, readonly number[] | string>> = {
  nothing: [],
  'no header': [1, 2, 3, 4, 5],
  'a header alone': 'MMj\x01',
  'another version': 'MMj\x02null',
  'another codec': 'MMx\x01null',
  'JSON cut short': 'MMj\x01{"a":',
  'white space after the JSON': 'MMj\x01null\n',
  'bytes after the JSON': 'MMj\x01null null',
  'JSON that is not UTF-8': [0x4d, 0x4d, 0x6a, 1, 0x22, 0xff, 0x22],
  'JSON nested too deep': `MMj\x01${'['.repeat(1001)}${']'.repeat(1001)}`,
  'JSON nested far too deep': `MMj\x01${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'bytes after the value': 'MMt\x01\x00\x00',
  'an unknown tag': 'MMt\x01\x7f\x00',
  'an array longer than what is left': 'MMt\x01\x0f\xff\xff\xff\xff\x0f',
  'a string longer than what is left': 'MMt\x01\x07\xff\xff\xff\xff\x0f',
  'memory larger than what is left': 'MMt\x01\x1f\xff\xff\xff\xff\x0f',
  'a Map larger than what is left': 'MMt\x01\x0d\x80\x80\x80\x80\x80\x80\x10',
  'a count without end': `MMt\x01\x0f${'\xff'.repeat(40)}`,
  'a count longer than needed': 'MMt\x01\x0f\x80\x00',
  'a reference to nothing': 'MMt\x01\x09\x00',
  'a reference ahead': 'MMt\x01\x0f\x01\x09\x01',
  'an object with a key twice': 'MMt\x01\x11\x02\x07\x01a\x00\x07\x01a\x00',
  'an object with a number for a key': 'MMt\x01\x11\x01\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00',
  'a Set with a member twice': 'MMt\x01\x0e\x02\x01\x01',
  'a Map with a key twice': 'MMt\x01\x0d\x02\x01\x01\x01\x01',
  'a sparse array that is full': 'MMt\x01\x10\x01\x01\x00\x01',
  'a sparse array out of order': 'MMt\x01\x10\x05\x02\x01\x01\x01\x01',
  'a sparse array too long': 'MMt\x01\x10\x80\x80\x80\x80\x10\x00',
  'a regular expression that is none': 'MMt\x01\x0b\x07\x01(\x07\x00\x00',
  'a flag that is none': 'MMt\x01\x0b\x07\x01a\x07\x01q\x00',
  'a URL that is none': 'MMt\x01\x0c\x07\x01x',
  'a date out of range': 'MMt\x01\x0a\xff\xff\xff\xff\xff\xff\xef\x7f',
  'an unknown error class': 'MMt\x01\x13\x63\x00',
  'a typed array with half an element': 'MMt\x01\x1f\x03abc',
  'a bigint with a leading zero': 'MMt\x01\x05\x02\x00\x01',
  'a minus zero bigint': 'MMt\x01\x06\x00',
  'UTF-8 that is none': 'MMt\x01\x07\x01\xff',
  'UTF-16 that need not be': 'MMt\x01\x08\x02a\x00',
  'half a UTF-16 unit': 'MMt\x01\x08\x03\x00\xd8a',
  'arrays nested too deep': `MMt\x01${'\x0f\x01'.repeat(100_000)}\x00`,
  'arrays nested one level too deep': `MMt\x01${'\x0f\x01'.repeat(1000)}\x0f\x00`,
  'errors nested too deep': `MMt\x01${'\x13\x00\x01\x00\x07\x05cause'.repeat(2000)}\x00`,
}
for (const [name, bytes] of Object.entries(MALFORMED)) {
  test(`malformed: ${name}`, () => {
    const read = () => decode(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Uint8Array.from(bytes))
    assert.throws(read, isMalformed)
    // Not found out by running out of bytes or of stack.
    if (name.endsWith('than what is left')) assert.throws(read, /a count is larger than what is left/)
    if (name.endsWith('too deep')) assert.throws(read, /nested deeper than 1000 levels/)
  })
}

function isMalformed(error: unknown): boolean {
  return error instanceof MintmarkError && error.code === 'MM2002'
}

/** Either refused with the code, or a value as good as any. */
function survives(bytes: Uint8Array): void {
  let value: unknown
  try {
    value = decode(bytes)
  } catch (error) {
    if (isMalformed(error)) return
    throw error
  }
  encode(value)
}

const everything = Object.entries(SAMPLES).flatMap(([name, sample]) => (/long|large|thousand|Buffer|huge/.test(name) ? [] : [sample()]))
const tagged = encode(everything)
const text = encode(SAMPLES['plain JSON']!())

test('cut anywhere, bytes are refused', () => {
  for (const whole of [tagged, text]) {
    for (let end = 0; end < whole.length; end++) assert.throws(() => decode(whole.subarray(0, end)), isMalformed)
  }
})

test('with any bit flipped, bytes are refused or another value', () => {
  for (const whole of [tagged, text]) {
    for (let i = 0; i < whole.length * 8; i++) {
      const damaged = Uint8Array.from(whole)
      damaged[i >> 3]! ^= 1 << (i & 7)
      survives(damaged)
    }
  }
})

test('random bytes behind a header are refused or a value', () => {
  const header = fc.constantFrom('MMt\x01', 'MMj\x01')
  // Low bytes are tags and small counts, so that many get far.
  const body = fc.array(fc.oneof(fc.integer({ min: 0, max: 34 }), fc.integer({ min: 0, max: 255 })), { maxLength: 40 })
  fc.assert(
    fc.property(header, body, (start, rest) => survives(Buffer.concat([Buffer.from(start, 'latin1'), Buffer.from(rest)]))),
    draws(20_000),
  )
})

test('a few bytes cannot ask for much memory', () => {
  // 200 arrays of 30 million holes each; laid out they would take 48 GB.
  const hole = Buffer.from('\x10\x80\x87\xa7\x0e\x00', 'latin1')
  const bytes = Buffer.concat([Buffer.from('MMt\x01\x0f\xc8\x01', 'latin1'), ...Array.from({ length: 200 }, () => hole)])
  const arrays = decode(bytes) as unknown[][]
  assert.is(arrays.length, 200)
  assert.is(arrays[199]!.length, 30_000_000)
})

test('the bytes of codec version 1', () => {
  assert.is(Buffer.from(encode({ a: [1, 'é'] })).toString('latin1'), 'MMj\x01{"a":[1,"\xc3\xa9"]}')
  assert.is(digest(tagged), 'eb3cf2625ba9fa3edb27302d8f5426e2ee6b53d30247180d139a74fdfb7f2c93')
})

test.run()
