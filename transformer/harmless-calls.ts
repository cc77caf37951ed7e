// Calls and constructors that only make a value, known by name or marked so, and reads that a test before them makes safe.

import type ts from 'typescript'
import { type ConstantContext, primitiveType } from './constants.js'
import { bare } from './pen.js'

export interface CallContext extends ConstantContext {
  readonly file: ts.SourceFile
  /** A function of this module that is marked `@__NO_SIDE_EFFECTS__`. */
  isHarmless(name: string): boolean
}

/** In `typeof x !== 'undefined' ? x : y`, reading the global `x` cannot throw. */
export function isGuarded({ ts }: CallContext, value: ts.Expression, guard: ts.Expression, isYes: boolean): boolean {
  const name = bare(ts, value)
  const test = bare(ts, guard)
  if (!ts.isIdentifier(name) || !ts.isBinaryExpression(test)) return false
  const isEqual = /^===?$/.test(ts.tokenToString(test.operatorToken.kind)!)
  if (!isEqual && !/^!==?$/.test(ts.tokenToString(test.operatorToken.kind)!)) return false
  const sides = [bare(ts, test.left), bare(ts, test.right)]
  const text = sides.find((side) => ts.isStringLiteralLike(side)) as ts.StringLiteral | undefined
  const subject = sides.find((side) => ts.isTypeOfExpression(side)) as ts.TypeOfExpression | undefined
  const tested = subject && bare(ts, subject.expression)
  if (text === undefined || tested === undefined || !ts.isIdentifier(tested) || tested.text !== name.text) return false
  return ((text.text === 'undefined') === isYes) !== isEqual
}

/** The mark stands before it, or before the parentheses and types around it. */
export function isMarkedPure({ file }: CallContext, given: ts.Node, node: ts.Node): boolean {
  const marks = (n: ts.Node): boolean => /[@#]__PURE__/.test(file.text.slice(n.pos, n.getStart(file)))
  return marks(node) || marks(given)
}

/** Calls that only make a value. */
export function isKnownCall(context: CallContext, node: ts.CallExpression): boolean {
  const { ts } = context
  const callee = bare(ts, node.expression)
  const [first, second] = node.arguments
  const type = first === undefined ? 'undefined' : primitiveType(context, first)
  if (ts.isIdentifier(callee)) {
    if (context.isBound(callee.text)) return context.isHarmless(callee.text)
    if (second !== undefined || (first && ts.isSpreadElement(first))) return false
    if (callee.text === 'Symbol') return type !== undefined
    if (callee.text === 'Boolean') return true
    if (callee.text === 'Number') return first === undefined || (type !== undefined && type !== 'mixed' && type !== 'bigint')
    return callee.text === 'String' && (first === undefined || type === 'string')
  }
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression) || context.isBound(callee.expression.text)) return false
  if (first === undefined || second !== undefined) return false
  const path = `${callee.expression.text}.${callee.name.text}`
  if (path === 'Symbol.for') return type !== undefined
  return path === 'Object.create' && (type === 'null' || ts.isObjectLiteralExpression(bare(ts, first)))
}

export function isKnownConstructor(context: CallContext, node: ts.NewExpression, list: readonly ts.Expression[]): boolean {
  const { ts } = context
  if (!ts.isIdentifier(node.expression) || context.isBound(node.expression.text) || list.length > 1) return false
  const first = list[0] && bare(ts, list[0])
  const type = first === undefined ? 'undefined' : primitiveType(context, first)
  const isEmpty = type === 'null' || type === 'undefined'
  switch (node.expression.text) {
    case 'WeakSet':
    case 'WeakMap':
      return isEmpty || (ts.isArrayLiteralExpression(first!) && first.elements.length === 0)
    case 'Set':
      return isEmpty || ts.isArrayLiteralExpression(first!)
    case 'Map':
      return isEmpty || (ts.isArrayLiteralExpression(first!) && first.elements.every((e) => ts.isArrayLiteralExpression(bare(ts, e))))
    case 'Date':
      return type !== undefined && type !== 'mixed' && type !== 'bigint'
    default:
      return false
  }
}
