// Random values of every kind that can be stored: trees, and graphs with cycles and shared parts.

import fc from 'fast-check'

const text = fc.oneof(
  fc.constantFrom('', 'a', 'b', '0', '1', '__proto__', 'toJSON', 'length', '\ud800', 'é\u0000\u2028'),
  fc.string({ unit: 'binary', maxLength: 6 }),
)

const number = fc.oneof(fc.constantFrom(0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 2 ** 53, 5e-324), fc.integer(), fc.double())

const primitive = fc.oneof(fc.constantFrom(undefined, null, true, false), number, fc.bigInt(), text)

const bytes = fc.uint8Array({ maxLength: 16 }).map((array) => new Uint8Array(array))
const VIEWS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]

const leafObject = fc.oneof(
  fc.date({ noInvalidDate: false }),
  fc
    .tuple(fc.constantFrom(['a', ''], ['a', 'g'], ['a+/b', 'giu'], ['', 'dy'], ['[/]', 'm'], ['\n', 's'], ['[a--b]', 'v']), fc.nat(3))
    .map(([[source, flags], at]) => {
      const regexp = new RegExp(source!, flags)
      regexp.lastIndex = at
      return regexp
    }),
  fc.webUrl().map((href) => new URL(href)),
  bytes.map((array) => Buffer.from(array)),
  bytes.map((array) => array.buffer as ArrayBuffer),
  bytes.map((array) => new DataView(array.buffer)),
  fc
    .tuple(fc.constantFrom(...VIEWS), fc.nat(3))
    .map(([View, length]) => new View(new Uint8Array(length * View.BYTES_PER_ELEMENT).fill(length).buffer)),
)

const HOLE = Symbol('hole')

const key = fc.oneof(text, fc.constantFrom('x', 'y', '10', '9'))

/** Trees without sharing. */
export const tree: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    primitive,
    leafObject,
    tie('array'),
    tie('record'),
    tie('map'),
    tie('set'),
    tie('error'),
  ),
  array: fc.array(fc.oneof(fc.constant(HOLE), tie('value')), { maxLength: 4 }).map(withHoles),
  record: fc.tuple(fc.boolean(), fc.array(fc.tuple(key, tie('value')), { maxLength: 4 })).map(([bare, entries]) => record(bare, entries)),
  map: fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  set: fc.array(tie('value'), { maxLength: 3 }).map((members) => new Set(members)),
  error: fc
    .tuple(
      fc.constantFrom(Error, TypeError, RangeError),
      text,
      fc.option(tie('value'), { nil: HOLE }),
      fc.array(fc.tuple(fc.constantFrom('code', 'name', 'path'), tie('value')), { maxLength: 2 }),
    )
    .map(([Class, message, cause, own]) =>
      Object.assign(new Class(message, cause === HOLE ? undefined : { cause }), Object.fromEntries(own)),
    ),
})).value

/** JSON that a parser could have made. */
export const json: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 4 })

/** Containers that hold each other in any way. */
export const graph: fc.Arbitrary<unknown> = fc
  .array(
    fc.tuple(
      fc.constantFrom('array', 'record', 'map', 'set'),
      fc.array(fc.oneof(fc.nat(5), fc.constantFrom(null, -0, 'a')), { maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((nodes) => {
    const made = nodes.map(([kind]) => (kind === 'array' ? [] : kind === 'record' ? {} : kind === 'map' ? new Map() : new Set()))
    nodes.forEach(([, parts], i) => {
      const node: unknown = made[i]
      parts.forEach((part, at) => {
        const value = typeof part === 'number' && made[part] !== undefined && !Object.is(part, -0) ? made[part] : part
        if (Array.isArray(node)) node.push(value)
        else if (node instanceof Map) node.set(at % 2 === 0 ? value : at, value)
        else if (node instanceof Set) node.add(value)
        else (node as Record<string, unknown>)[`k${at}`] = value
      })
    })
    return made[0]
  })

function withHoles(elements: readonly unknown[]): unknown[] {
  const array: unknown[] = []
  elements.forEach((element, i) => {
    if (element !== HOLE) array[i] = element
  })
  array.length = elements.length
  return array
}

function record(bare: boolean, entries: readonly (readonly [string, unknown])[]): object {
  const made = bare ? Object.create(null) : {}
  for (const [name, value] of entries) Object.defineProperty(made, name, { value, enumerable: true, writable: true, configurable: true })
  return made
}
