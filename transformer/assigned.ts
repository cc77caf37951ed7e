// What a function assigns to names of the module, where that holds nothing of the function: then it can be told without the rest of it.

import type ts from 'typescript'
import { normalize, openPen } from './normalize.js'
import { type Assigned, bare, type Pen, type TS } from './pen.js'
import { lookUp } from './scope.js'
import type { Fragment } from './summary.js'

export interface AssignedValues extends Assigned {
  /** By name; those of which a part holds something of the function are left out. */
  all(): [name: string, values: readonly Fragment[]][]
}

export function openAssigned(): AssignedValues {
  const times = new Map<string, number>()
  const values = new Map<string, Fragment[]>()
  return {
    note: (name) => void times.set(name, (times.get(name) ?? 0) + 1),
    value(pen, target, operator, value) {
      const left = bare(pen.ts, target)
      const fragment = pen.ts.isIdentifier(left) && times.has(left.text) ? closedValue(pen, left.text, operator, value) : undefined
      if (fragment !== undefined) values.set((left as ts.Identifier).text, [...(values.get((left as ts.Identifier).text) ?? []), fragment])
    },
    all: () => [...values].filter(([name, list]) => list.length === times.get(name)),
  }
}

/** `x = k()`, `x += 1`, `x++`. */
function closedValue({ ts, file, names, scope, thisIs }: Pen, name: string, operator: string, value?: ts.Expression): Fragment | undefined {
  if (lookUp(scope, name) !== undefined || (value && yields(ts, value))) return undefined
  const sub = openPen(ts, file, names, { scope, thisIs })
  const fragment = normalize(sub, (pen) => {
    pen.writer.tag('assigned')
    pen.writer.tag(operator)
    if (value !== undefined) pen.expression(value)
  })
  const isClosed = sub.captures.size === 0 && fragment.mentions.every((m) => m.kind !== 'this' && m.kind !== 'super')
  return isClosed ? fragment : undefined
}

/** What it yields to is for the caller of the function to say. */
function yields(ts: TS, node: ts.Node): boolean {
  return ts.isYieldExpression(node) || (ts.forEachChild(node, (child) => yields(ts, child)) ?? false)
}
