// What an expression in a join stands for, as far as its branches go: all of them, one of them, or nothing of the kind.

import type ts from 'typescript'
import type { TS } from './pen.js'

/** `branches`: an array of them. `entries`: what `inputs.entries()` gives, and `entry` one of these. */
export type Kind = 'branches' | 'branch' | 'entries' | 'entry' | 'other'

export interface KindScope {
  readonly kinds: Map<string, Kind>
  readonly parent: KindScope | undefined
}

/** A branch goes where it is not followed. */
export const ESCAPED = Symbol('escaped')

export function openKinds(parent: KindScope | undefined): KindScope {
  return { kinds: new Map(), parent }
}

export function kindIn(scope: KindScope | undefined, name: string): Kind {
  for (let s = scope; s !== undefined; s = s.parent) {
    const kind = s.kinds.get(name)
    if (kind !== undefined) return kind
  }
  return 'other'
}

/** What `x.name` is; a member of a branch is noted. */
export function memberKind(kind: Kind, name: string, names: Set<string>): Kind {
  if (kind === 'other') return 'other'
  if (kind === 'branch') {
    names.add(name)
    return 'other'
  }
  if (kind === 'branches' && name === 'length') return 'other'
  // A branch by the name of its step; a method of arrays that is not called here is handed on.
  if (kind === 'branches' && !(name in Array.prototype)) return 'branch'
  throw ESCAPED
}

/** What `[a, b] = x` makes of the element at the index. */
export function elementKind(kind: Kind, index: number, isRest: boolean): Kind {
  if (kind === 'other') return 'other'
  if (kind === 'branches') return isRest ? 'branches' : 'branch'
  if (kind === 'entry' && !isRest) return index === 1 ? 'branch' : 'other'
  throw ESCAPED
}

export function bindKinds(ts: TS, scope: KindScope, target: ts.BindingName, kind: Kind, names: Set<string>): void {
  if (ts.isIdentifier(target)) return void scope.kinds.set(target.text, kind)
  target.elements.forEach((e, i) => {
    if (ts.isOmittedExpression(e)) return
    bindKinds(ts, scope, e.name, ts.isArrayBindingPattern(target) ? elementKind(kind, i, e.dotDotDotToken !== undefined) : keyed(e), names)
  })

  function keyed({ name, propertyName, dotDotDotToken }: ts.BindingElement): Kind {
    if (kind === 'other') return 'other'
    const key = propertyName ?? name
    if (dotDotDotToken || !(ts.isIdentifier(key) || ts.isStringLiteral(key))) throw ESCAPED
    return memberKind(kind, key.text, names)
  }
}

// Methods of arrays whose callback is given a branch, its index and all branches, by what they answer.
const EACH: Readonly<Record<string, (made: Kind) => Kind>> = {
  map: (made) => (made === 'branch' ? 'branches' : sure(made)),
  flatMap: (made) => sure(made),
  filter: () => 'branches',
  find: () => 'branch',
  findLast: () => 'branch',
  ...Object.fromEntries(['forEach', 'some', 'every', 'findIndex', 'findLastIndex'].map((name) => [name, () => 'other' as const])),
}
// The others, by what they answer.
const ANSWERS: Readonly<Record<string, Kind>> = {
  at: 'branch',
  entries: 'entries',
  keys: 'other',
  ...{ slice: 'branches', toReversed: 'branches', values: 'branches' },
}

function sure(made: Kind): Kind {
  if (made !== 'other') throw ESCAPED
  return 'other'
}

export interface ArrayCall {
  /** What the callback is given. */
  readonly given: readonly Kind[]
  /** What the call answers, by what the callback does. */
  answer(made: Kind): Kind
}

/** A method of arrays that is called on branches, with a callback written in place as its first argument. */
export function callWithCallback(name: string, count: number): ArrayCall {
  const answer = Object.hasOwn(EACH, name) ? EACH[name] : undefined
  if (answer !== undefined) return { given: ['branch', 'other', 'branches'], answer }
  if ((name === 'reduce' || name === 'reduceRight') && count === 2) return { given: ['other', 'branch', 'other', 'branches'], answer: sure }
  if (name === 'toSorted') return { given: ['branch', 'branch'], answer: () => 'branches' }
  throw ESCAPED
}

/** The same without a callback. */
export function callWithout(name: string): Kind {
  const answer = Object.hasOwn(ANSWERS, name) ? ANSWERS[name] : undefined
  if (answer === undefined) throw ESCAPED
  return answer
}
