// The vocabulary of the tagged codec: one byte says what follows. Numbers here are on disk; a change raises CODEC.

/** Levels of objects within objects, in both directions. Deep enough for data, shallow enough for any stack that walks it. */
export const MAX_DEPTH = 1000

export const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  /** 8 bytes, little-endian double, one NaN. */
  number: 4,
  /** Count and magnitude bytes, most significant first; zero is the empty magnitude. */
  bigint: 5,
  negativeBigint: 6,
  /** Count and bytes. A string with lone surrogates has no UTF-8 and is stored as UTF-16, little-endian. */
  utf8: 7,
  utf16: 8,
  /** Index of an object met before, in order of first meeting. */
  reference: 9,
  /** Milliseconds as a double, NaN when invalid. */
  date: 10,
  /** Source, flags, lastIndex. */
  regexp: 11,
  /** `href`. */
  url: 12,
  /** Count, then keys and values in turn. */
  map: 13,
  set: 14,
  /** Count, then every element. */
  array: 15,
  /** Length, count, then index and element of those present. */
  sparseArray: 16,
  /** Count, then keys (strings) and values in turn. */
  object: 17,
  nullObject: 18,
  /** Index into ERRORS, count, then for each own property 1 when enumerable, else 0; key; value. */
  error: 19,
  /** Count and bytes, for all that follow. */
  arrayBuffer: 20,
  buffer: 21,
  dataView: 22,
  /** 23 and up: index into TYPED_ARRAYS. */
  typedArray: 23,
  /** Number of the codec in the list before the value, then what the codec made of the instance. */
  instance: 64,
  /** In keys only: position of the class in the stamp, 1 where the class says what counts, else 0 and count, keys and values in turn. */
  input: 65,
} as const

export const TYPED_ARRAYS = [
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
] as const

export const ERRORS = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError] as const

/** Properties of an error that the standard hides from enumeration; no other may be hidden. */
export const HIDDEN_IN_ERRORS: ReadonlySet<string> = new Set(['message', 'name', 'cause', 'errors'])
