// Names of the language and of the web whose mere reading does nothing: https://tc39.es/ecma262/#sec-global-object
// Bundlers drop a value that only reads these; what is not listed counts as felt.

import { webNames } from './web-names.js'

const GLOBALS =
  'AbortController AbortSignal AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error ' +
  'EvalError Event EventTarget FinalizationRegistry Float16Array Float32Array Float64Array Function Int16Array Int32Array Int8Array Intl ' +
  'Iterator JSON Map Math MessageChannel MessageEvent MessagePort Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set ' +
  'SharedArrayBuffer String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError URL URLSearchParams Uint16Array Uint32Array ' +
  'Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly clearInterval clearTimeout console decodeURI decodeURIComponent ' +
  'encodeURI encodeURIComponent escape globalThis isFinite isNaN parseFloat parseInt queueMicrotask setInterval setTimeout unescape ' +
  'undefined NaN Infinity document history location navigator performance self window'

const MEMBERS: Record<string, string> = {
  Array: 'from fromAsync isArray of',
  RegExp: 'escape',
  Map: 'groupBy',
  Object:
    'assign create defineProperties defineProperty entries freeze fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors ' +
    'getOwnPropertyNames getOwnPropertySymbols getPrototypeOf is isExtensible isFrozen isSealed keys preventExtensions seal setPrototypeOf values',
  'Object.prototype':
    '__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString ' +
    'toString unwatch valueOf watch',
  Symbol:
    'asyncDispose asyncIterator dispose hasInstance isConcatSpreadable iterator match matchAll replace search species split toPrimitive ' +
    'toStringTag unscopables',
  Math:
    'E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround ' +
    'hypot imul log log10 log1p log2 max min pow random round sign sin sinh sqrt sumPrecise tan tanh trunc',
  Reflect:
    'apply construct defineProperty deleteProperty get getOwnPropertyDescriptor getPrototypeOf has isExtensible ownKeys preventExtensions set ' +
    'setPrototypeOf',
  JSON: 'isRawJSON parse rawJSON stringify',
  console:
    'assert clear count countReset debug dir dirxml error group groupCollapsed groupEnd info log table time timeEnd timeLog trace warn',
  Uint8Array: 'from fromBase64 fromHex of',
  // Bundlers put a constant there, in Node it is one that is read from a table: to ask for it does nothing, whatever it is.
  'process.env': 'NODE_ENV',
}
for (const kind of 'BigInt64 BigUint64 Float16 Float32 Float64 Int16 Int32 Int8 Uint16 Uint32 Uint8Clamped'.split(' '))
  MEMBERS[`${kind}Array`] = 'from of'

const NAMES = new Set(GLOBALS.split(' '))
const WEB = new Set(webNames())
const PATHS = new Set(Object.entries(MEMBERS).flatMap(([owner, names]) => names.split(' ').map((name) => `${owner}.${name}`)))

export function isKnownGlobal(name: string): boolean {
  return NAMES.has(name)
}

/** A bundler may define such a name of browsers as something else (`name`, `status`), and reading what it defines does nothing either. */
export function isHarmlessGlobal(name: string): boolean {
  return NAMES.has(name) || WEB.has(name)
}

/** `Math.PI`, `Object.prototype.toString`. */
export function isKnownMember(path: string): boolean {
  return PATHS.has(path)
}
