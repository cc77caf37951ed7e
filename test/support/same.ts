// Whether anybody could tell two values apart: a model of its own, written without a look at the codec. Two objects correspond when they
// are of the same kind, hold corresponding things in the same order, and each is met again exactly where the other is.

export function same(a: unknown, b: unknown): boolean {
  return correspond(a, b, new Map(), new Map())
}

type Pairs = Map<object, object>

function correspond(a: unknown, b: unknown, there: Pairs, back: Pairs): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b)
  if (there.has(a) || back.has(b)) return there.get(a) === b && back.get(b) === a
  there.set(a, b)
  back.set(b, a)
  const all = (as: readonly unknown[], bs: readonly unknown[]) =>
    as.length === bs.length && as.every((x, i) => correspond(x, bs[i], there, back))
  const [kind, parts] = anatomy(a)
  const [otherKind, otherParts] = anatomy(b)
  return kind === otherKind && all(parts, otherParts)
}

/** What an object is, as a word, and everything in it, in order. */
function anatomy(object: object): [kind: string, parts: readonly unknown[]] {
  const kind = kindOf(object)
  if (object instanceof Map) return [kind, [...object].flat(1)]
  if (object instanceof Set) return [kind, [...object]]
  if (object instanceof Date) return [kind, [object.getTime()]]
  if (object instanceof RegExp) return [kind, [object.source, object.flags, object.lastIndex]]
  if (object instanceof URL) return [kind, [object.href]]
  if (object instanceof ArrayBuffer) return [kind, [hex(new Uint8Array(object))]]
  if (ArrayBuffer.isView(object)) return [kind, [hex(new Uint8Array(object.buffer, object.byteOffset, object.byteLength))]]
  const keys = Object.getOwnPropertyNames(object).filter((key) => !(object instanceof Error && key === 'stack'))
  const parts = keys.flatMap((key) => {
    const { value, enumerable } = Object.getOwnPropertyDescriptor(object, key)!
    return [key, enumerable, value]
  })
  return [kind, parts]
}

function kindOf(object: object): string {
  const proto = Object.getPrototypeOf(object)
  return proto === null ? 'null' : proto.constructor.name
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
