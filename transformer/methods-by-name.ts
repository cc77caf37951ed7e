// Which methods of a class may be called without being mentioned: by the language and its library, which know them by name.

import { COMPUTED_MEMBER } from './summary.js'
import type { Visit } from './walk.js'

const WELL_KNOWN = new Set([
  ...['toString', 'toJSON', 'valueOf', 'then', 'next', 'return', 'throw', 'constructor'],
  ...['toLocaleString', 'toISOString', 'exec', 'join', 'handleEvent'],
])

// What has one of these on the left may call the methods on the right.
const CALLS: Readonly<Record<string, readonly string[]>> = {
  defineProperty: ['get', 'set', 'value'],
  defineProperties: ['get', 'set', 'value'],
  create: ['get', 'set', 'value'],
  pipe: ['on', 'once', 'emit', 'write', 'end'],
  ...Object.fromEntries(
    ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'].map((name) => [
      name,
      ['has', 'keys'],
    ]),
  ),
}
// Those who read these may have any method by a name that is told nowhere.
const OPENING = ['getOwnPropertyNames', 'getOwnPropertyDescriptor', 'getOwnPropertyDescriptors', '__lookupGetter__', '__lookupSetter__']

/** `c[0]()`, `c[-1]()`, `c[!x]()`: a computed name that is plainly an index. */
function isIndex(name: string): boolean {
  return String(Number(name)) === name || name === 'true' || name === 'false'
}

/** Tells of the name of a method whether something visited may call it; absent when anything may. */
export function namesCalled(visits: readonly Visit[]): ((name: string) => boolean) | undefined {
  const mentioned = new Set(visits.flatMap((v) => v.node.declaration?.properties ?? []))
  if (OPENING.some((name) => mentioned.has(name))) return undefined
  if (visits.some((v) => ((v.node.declaration?.traits ?? 0) & COMPUTED_MEMBER) !== 0)) return undefined
  const implied = new Set([...mentioned].flatMap((name) => (Object.hasOwn(CALLS, name) ? CALLS[name]! : [])))
  return (name) => mentioned.has(name) || WELL_KNOWN.has(name) || implied.has(name) || isIndex(name)
}
