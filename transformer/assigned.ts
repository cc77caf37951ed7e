// What a function assigns to names of the module, told without the rest of the function: enough where nobody calls it.

import type ts from 'typescript'
import { normalize, openPen } from './normalize.js'
import { type Assigned, bare, type Pen } from './pen.js'
import { lookUp } from './scope.js'
import type { Fragment } from './summary.js'

export interface AssignedValues extends Assigned {
  /** By name; those of which a part cannot be told alone are left out: patterns, heads of loops, members of `this`. */
  all(): [name: string, values: readonly Fragment[]][]
}

export function openAssigned(): AssignedValues {
  const times = new Map<string, number>()
  const values = new Map<string, Fragment[]>()
  return {
    note: (name) => void times.set(name, (times.get(name) ?? 0) + 1),
    value(pen, target, operator, value) {
      const left = bare(pen.ts, target)
      const fragment = pen.ts.isIdentifier(left) && times.has(left.text) ? loneValue(pen, left.text, operator, value) : undefined
      if (fragment !== undefined) values.set((left as ts.Identifier).text, [...(values.get((left as ts.Identifier).text) ?? []), fragment])
    },
    all: () => [...values].filter(([name, list]) => list.length === times.get(name)),
  }
}

/**
 * `x = k()`, `x += 1`, `x++`. What `=` is given of the function is whatever callers make of that; where it is added to what was there,
 * how the function comes to it is more than they can say.
 */
function loneValue({ ts, file, names, scope, thisIs }: Pen, name: string, operator: string, value?: ts.Expression): Fragment | undefined {
  if (lookUp(scope, name) !== undefined) return undefined
  const sub = openPen(ts, file, names, { scope, thisIs })
  const fragment = normalize(sub, (pen) => {
    pen.writer.tag('assigned')
    pen.writer.tag(operator)
    if (value !== undefined) pen.expression(value)
  })
  const isAlone = (operator === '=' || sub.captures.size === 0) && fragment.mentions.every((m) => m.kind !== 'this' && m.kind !== 'super')
  return isAlone ? fragment : undefined
}
