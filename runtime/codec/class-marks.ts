// What a class says of its instances as inputs: the mark that the plugin has put on it, and `[asKey]()`.

import { types } from 'node:util'
import { CLASS_MARK, type ClassMark } from '../contract.js'

/**
 * Name of the method by which a class says what of an instance counts when it is an input: `[asKey]() { return [this.#url] }`. It returns plain
 * data, or other instances. For classes that keep state in `#private` fields, or in fields that do not count.
 */
export const asKey: unique symbol = Symbol.for('mintmark.key') as never

/** The stamp says that the code of this very class is in the fingerprint. */
export function isInput({ prototype }: { readonly prototype: object }, classes: readonly string[] | undefined): boolean {
  return positionOf(prototype, classes) >= 0
}

/** Of the class among those whose code is in the fingerprint, or -1. */
export function positionOf(prototype: object, classes: readonly string[] | undefined): number {
  const mark = markOf(prototype)
  if (mark === undefined || classes === undefined) return -1
  const position = classes.indexOf(mark.id)
  // Two classes that nothing tells apart are not told apart by their order.
  return classes.indexOf(mark.id, position + 1) < 0 ? position : -1
}

/** What the plugin has put on the class that this is the prototype of, and not on one that it extends. */
export function markOf(prototype: object): ClassMark | undefined {
  if (types.isProxy(prototype)) return undefined
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  if (typeof made !== 'function' || types.isProxy(made) || made.prototype !== prototype) return undefined
  const mark: unknown = Object.getOwnPropertyDescriptor(made, CLASS_MARK)?.value
  return typeof mark === 'object' && mark !== null && typeof (mark as ClassMark).id === 'string' ? (mark as ClassMark) : undefined
}
