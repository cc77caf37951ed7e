// What a function assigns to names of the module, told without the rest of the function: enough where nobody calls it.

import type ts from 'typescript'
import { normalize, openPen } from './normalize.js'
import { type Assigned, bare, isGlobal, type Pen, type TS } from './pen.js'
import { lookUp } from './scope.js'
import type { Fragment } from './summary.js'

export interface AssignedValues extends Assigned {
  /** By name; those of which a part cannot be told alone are left out: patterns, heads of loops, members of `this`. */
  all(): [name: string, values: readonly Fragment[]][]
}

export function openAssigned(): AssignedValues {
  // Most functions assign nothing of the module.
  let noted: Map<string, { times: number; readonly values: Fragment[] }> | undefined
  return {
    note(name) {
      noted ??= new Map()
      const found = noted.get(name)
      if (found === undefined) noted.set(name, { times: 1, values: [] })
      else found.times++
    },
    value(pen, target, operator, value) {
      const left = noted && bare(pen.ts, target)
      const found = left && pen.ts.isIdentifier(left) ? noted!.get(left.text) : undefined
      const fragment = found && loneValue(pen, (left as ts.Identifier).text, operator, value)
      if (fragment !== undefined) found!.values.push(fragment)
    },
    all: () => (noted ? [...noted].flatMap(([name, { times, values }]) => (values.length === times ? [[name, values]] : [])) : []),
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
  if (!isAlone) return undefined
  const object = value === undefined || !/^(?:\|\||&&|\?\?)?=$/.test(operator) ? undefined : objectOf(sub, value)
  return object === undefined ? fragment : { ...fragment, object }
}

function objectOf(pen: Pen, value: ts.Expression): true | string | undefined {
  const { ts, scope, names } = pen
  if (isObject(ts, value)) return true
  const node = bare(ts, value)
  // What a class of the project makes may be what it has made before.
  if (ts.isNewExpression(node)) return isGlobal(pen, bare(ts, node.expression)) || undefined
  const callee = ts.isCallExpression(node) && !node.questionDotToken ? bare(ts, node.expression) : undefined
  if (callee === undefined || !ts.isIdentifier(callee)) return undefined
  return lookUp(scope, callee.text) === undefined && names.has(callee.text) ? callee.text : undefined
}

/** It makes an object or a function, another one each time. */
function isObject(ts: TS, given: ts.Expression): boolean {
  const node = bare(ts, given)
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return true
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node) || ts.isRegularExpressionLiteral(node)
}

/** Each `return` of the function makes a new object, and it ends with one. */
export function givesObject(ts: TS, { body, modifiers, asteriskToken }: ts.FunctionLikeDeclaration): boolean {
  if (asteriskToken || modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)) return true
  if (body === undefined) return false
  if (!ts.isBlock(body)) return isObject(ts, body)
  const isGiven = (s: ts.Node | undefined): boolean =>
    s !== undefined && ts.isReturnStatement(s) && s.expression !== undefined && isObject(ts, s.expression)
  const isSound = (node: ts.Node): boolean => {
    if (ts.isReturnStatement(node)) return isGiven(node)
    return ts.isFunctionLike(node) || ts.isClassLike(node) || !ts.forEachChild(node, (child) => !isSound(child))
  }
  return isGiven(body.statements.at(-1)) && isSound(body)
}
