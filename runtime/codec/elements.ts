// Whether an array or a typed array owns anything but its elements. Asking for the keys of a million elements makes a million strings, which costs more
// than storing them; so a large one is asked by way of `inspect`, which can look at the other keys only.

import { inspect } from 'node:util'

const FEW = 256
const onlyOtherKeys = { maxArrayLength: 0, showHidden: true, depth: 0, customInspect: false, breakLength: Number.POSITIVE_INFINITY }

/** True when an array has no named, hidden or symbol property beside its elements. Holes do not matter. */
export function ownsOnlyElements(array: readonly unknown[]): boolean {
  if (array.length >= FEW) return looksLike(array, new Array(array.length))
  const keys = Reflect.ownKeys(array)
  // Indexes come first, then names in order of creation, and `length` is born with the array.
  return keys[keys.length - 1] === 'length'
}

/** The same of a typed array or Buffer; `twin` is a fresh one over the same memory. */
export function ownsOnlyBytes(view: ArrayBufferView & { readonly length: number }, twin: ArrayBufferView): boolean {
  return view.length < FEW ? Reflect.ownKeys(view).length === view.length : looksLike(view, twin)
}

function looksLike(array: object, twin: object): boolean {
  return inspect(array, onlyOtherKeys) === inspect(twin, onlyOtherKeys)
}
