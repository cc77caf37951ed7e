// The options of `memoize`, as the source gives them: those that bear on the result are written, and some are read.

import type ts from 'typescript'
import type { Draft } from './draft.js'
import { literalName, writePropertyName } from './patterns.js'
import { bare, type Pen } from './pen.js'

// Options of `memoize` that say where, when and how long, not what.
const IDLE_OPTIONS = new Set(['ttl', 'store', 'mode', 'strict', 'next'])

/** `@memoize({...})` by the options that bear on the result; of a decorator made with it, everything. */
export function writeMark(pen: Pen, decorator: ts.Decorator): void {
  const { ts, writer } = pen
  const expression = bare(ts, decorator.expression)
  if (!ts.isCallExpression(expression)) return pen.expression(expression)
  pen.expression(expression.expression)
  writer.count(expression.arguments.length)
  for (const argument of expression.arguments) writeOptions(pen, argument)
}

export function writeOptions(pen: Pen, given: ts.Expression): void {
  const { ts, writer } = pen
  const node = bare(ts, given)
  if (!ts.isObjectLiteralExpression(node)) return pen.expression(node)
  writer.tag('options')
  const kept = node.properties.filter((p) => !p.name || !IDLE_OPTIONS.has(literalName(pen, p.name as ts.PropertyName) ?? ''))
  const keyOf = (p: ts.ObjectLiteralElementLike): string => (p.name && literalName(pen, p.name as ts.PropertyName)) ?? ''
  // In no order: `{inputs, outputs}` is `{outputs, inputs}`.
  for (const p of [...kept].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))) {
    if (ts.isSpreadAssignment(p)) pen.expression(p.expression)
    else {
      writePropertyName(pen, p.name, false)
      if (ts.isPropertyAssignment(p)) pen.expression(p.initializer)
      else if (ts.isShorthandPropertyAssignment(p)) pen.expression(p.name)
      else pen.functionLike(p)
    }
  }
}

/** The object literal among the arguments of a call. */
export function optionsOf({ ts }: Draft, given: ts.Expression): ts.ObjectLiteralExpression | undefined {
  const call = bare(ts, given)
  if (!ts.isCallExpression(call)) return undefined
  return call.arguments.map((a) => bare(ts, a)).find((a) => ts.isObjectLiteralExpression(a)) as ts.ObjectLiteralExpression | undefined
}

export function says({ ts }: Draft, options: ts.ObjectLiteralExpression | undefined, name: string): boolean {
  return options?.properties.some((p) => p.name && literalName({ ts } as Pen, p.name as ts.PropertyName) === name) ?? false
}

/** The strings of an option that is a list of literals. */
export function literalsOf({ ts }: Draft, options: ts.ObjectLiteralExpression, name: string): string[] {
  const option = options.properties.find((p) => p.name && literalName({ ts } as Pen, p.name as ts.PropertyName) === name)
  const value = option && ts.isPropertyAssignment(option) ? bare(ts, option.initializer) : undefined
  if (value === undefined || !ts.isArrayLiteralExpression(value)) return []
  return value.elements.flatMap((e) => (ts.isStringLiteralLike(e) ? [e.text] : []))
}
