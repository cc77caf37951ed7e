// What an expression comes to that holds nothing but constants: `'a' + 1` is `'a1'`, `!'a'` is `false`, as compilers write it. Whatever it is
// written as, it does the same.

import type ts from 'typescript'
import { calculate } from './constants.js'
import { bare, isGlobal, meant, type Pen, textOf } from './pen.js'
import { lookUp } from './scope.js'

export type Primitive = string | number | boolean | null | undefined

/** Nothing where that is not known; `undefined` is a value, so it is in a list. */
export function foldOf(pen: Pen, given: ts.Expression): readonly [Primitive] | undefined {
  const { ts } = pen
  const node = bare(ts, given)
  const K = ts.SyntaxKind
  switch (node.kind) {
    case K.StringLiteral:
    case K.NoSubstitutionTemplateLiteral:
      return [(node as ts.StringLiteralLike).text]
    case K.NumericLiteral:
      return [Number((node as ts.NumericLiteral).text)]
    case K.TrueKeyword:
      return [true]
    case K.FalseKeyword:
      return [false]
    case K.NullKeyword:
      return [null]
    case K.Identifier:
      return GLOBALS.has(textOf(node as ts.Identifier)) && isGlobal(pen, node) ? [GLOBALS.get(node.text)] : undefined
    case K.PropertyAccessExpression: {
      const { expression, name } = node as ts.PropertyAccessExpression
      const value = enumConstant(pen, bare(ts, expression), name.text)
      return value === undefined ? undefined : [value]
    }
    case K.TemplateExpression:
      return template(pen, node as ts.TemplateExpression)
    case K.TypeOfExpression: {
      const operand = foldOf(pen, (node as ts.TypeOfExpression).expression)
      return operand && [typeof operand[0]]
    }
    case K.PrefixUnaryExpression: {
      const { operator, operand } = node as ts.PrefixUnaryExpression
      if (operator === K.PlusPlusToken || operator === K.MinusMinusToken) return undefined
      const known = foldOf(pen, operand)
      return known && [unary(ts.tokenToString(operator)!, known[0])]
    }
    case K.BinaryExpression:
      return chain(pen, node)
    default:
      return undefined
  }
}

/** A text, a number or a truth value that an operator comes to, and that can be written down. */
export function literalOf(pen: Pen, node: ts.Expression): string | number | boolean | undefined {
  const value = foldOf(pen, node)?.[0]
  return value === null || (typeof value === 'number' && !Number.isFinite(value)) ? undefined : value
}

/** The key that `a['b']`, `a['b' + 'c']` or `a[E.A]` names, where that is a text. */
export function keyText(pen: Pen, node: ts.Expression): string | undefined {
  const value = foldOf(pen, node)?.[0]
  return typeof value === 'string' ? value : undefined
}

const GLOBALS = new Map<string, Primitive>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
])

function template(pen: Pen, { head, templateSpans }: ts.TemplateExpression): readonly [string] | undefined {
  let text = head.text
  for (const { expression, literal } of templateSpans) {
    const known = foldOf(pen, expression)
    if (known === undefined) return undefined
    text += String(known[0]) + literal.text
  }
  return [text]
}

/** A list, since a sum may be longer than the stack is deep. */
function chain(pen: Pen, given: ts.Expression): readonly [Primitive] | undefined {
  const { ts } = pen
  const rights: [operator: string, value: Primitive][] = []
  let left = given
  for (; ts.isBinaryExpression(left); left = bare(ts, left.left)) {
    const right = foldOf(pen, left.right)
    if (right === undefined) return undefined
    rights.push([ts.tokenToString(left.operatorToken.kind)!, right[0]])
  }
  let known = foldOf(pen, left)
  for (const [operator, value] of rights.reverse()) known &&= binary(operator, known[0], value)
  return known
}

function unary(operator: string, value: Primitive): Primitive {
  if (operator === '!') return !value
  return operator === '-' ? -Number(value) : operator === '+' ? Number(value) : ~Number(value)
}

function binary(operator: string, a: Primitive, b: Primitive): readonly [Primitive] | undefined {
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) return [`${a}${b}`]
  switch (operator) {
    case '===':
      return [a === b]
    case '!==':
      return [a !== b]
    case '==':
      return typeof a === typeof b ? [a === b] : undefined
    case '!=':
      return typeof a === typeof b ? [a !== b] : undefined
    // Engines differ in the last digit.
    case '**':
      return undefined
  }
  const value = calculate(operator, Number(a), Number(b))
  return value === undefined ? undefined : [value]
}

/** The constant `owner.member`, where that is one of an enum of the module. */
export function enumConstant(pen: Pen, owner: ts.Expression, member: string): string | number | undefined {
  if (!pen.ts.isIdentifier(owner)) return undefined
  const { scope, name } = meant(pen, owner.text)
  return lookUp(scope, name) === undefined ? pen.names.enumValue(name, member) : undefined
}
