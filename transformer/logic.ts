// Chains of `&&`, `||` and `??` without the constants that decide nothing and without what never runs, as compilers leave them out:
// `x === 1 ?? false` is `x === 1`, `false && f()` is `false`.

import type ts from 'typescript'
import { bare, type TS } from './pen.js'

/** `!!x` where only its truth is asked for. */
export function asked(ts: TS, condition: ts.Expression): ts.Expression {
  const node = bare(ts, condition)
  const inner = denied(ts, node)
  const doubly = inner && denied(ts, inner)
  return doubly ? asked(ts, doubly) : node
}

function denied(ts: TS, node: ts.Expression): ts.Expression | undefined {
  const isDenied = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken
  return isDenied ? bare(ts, node.operand) : undefined
}

/** It tells only whether two are one, or whether one is there. */
export function isComparison(ts: TS, { left, operatorToken, right }: ts.BinaryExpression): boolean {
  const operator = ts.tokenToString(operatorToken.kind)!
  if (operator === '===' || operator === '!==') return true
  const isNull = (e: ts.Expression): boolean => bare(ts, e).kind === ts.SyntaxKind.NullKeyword
  return (operator === '==' || operator === '!=') && (isNull(left) || isNull(right))
}

export function isLogical(operator: string): boolean {
  return operator === '&&' || operator === '||' || operator === '??'
}

/** The operands of a chain that can decide what it comes to. */
export function decisive(ts: TS, chain: ts.BinaryExpression): readonly ts.Expression[] {
  const operator = ts.tokenToString(chain.operatorToken.kind)!
  const operands = flatten(ts, chain, chain.operatorToken.kind)
  const kept: ts.Expression[] = []
  for (const [i, operand] of operands.entries()) {
    const rest = operands.slice(i + 1)
    const ends = endsAt(ts, operator, bare(ts, operand))
    if (ends === false && rest.length > 0) continue
    kept.push(operand)
    if (ends === true) break
  }
  // `(true && a.b)()` has another receiver than `a.b()`, and `true && f` other rights than `f` in `typeof`, `delete` and where functions get names.
  return kept.length > 1 || isValue(ts, bare(ts, kept[0]!)) ? kept : operands
}

/** `a && (b && c)` is `(a && b) && c`. */
function flatten(ts: TS, given: ts.Expression, operator: ts.SyntaxKind): ts.Expression[] {
  const node = bare(ts, given)
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== operator) return [node]
  return [...flatten(ts, node.left, operator), ...flatten(ts, node.right, operator)]
}

/** Whether the chain always ends with this operand, or never does; nothing where that is not known. */
function endsAt(ts: TS, operator: string, node: ts.Expression): boolean | undefined {
  if (operator === '??')
    return node.kind === ts.SyntaxKind.NullKeyword ? false : isValue(ts, node) && !ts.isCallLikeExpression(node) ? true : undefined
  const truth = truthOf(ts, node)
  return truth === undefined ? undefined : truth === (operator === '||')
}

/** Of a literal, or of one that is denied: whether it is taken as true. */
export function truthOf(ts: TS, node: ts.Expression): boolean | undefined {
  const K = ts.SyntaxKind
  if (node.kind === K.TrueKeyword) return true
  if (node.kind === K.FalseKeyword || node.kind === K.NullKeyword) return false
  if (ts.isNumericLiteral(node)) return Number(node.text) !== 0
  const inner = denied(ts, node)
  if (inner !== undefined) {
    const truth = truthOf(ts, inner)
    return truth === undefined ? undefined : !truth
  }
  return ts.isStringLiteral(node) ? node.text !== '' : undefined
}

function isLiteral(ts: TS, node: ts.Expression): boolean {
  return truthOf(ts, node) !== undefined
}

/** Code that makes a value of its own, which no place that it stands in tells from another; but for calls it is never null. */
function isValue(ts: TS, node: ts.Expression): boolean {
  if (ts.isCallLikeExpression(node) || isLiteral(ts, node) || ts.isTypeOfExpression(node) || ts.isPrefixUnaryExpression(node)) return true
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || ts.isTemplateExpression(node)) return true
  return ts.isBinaryExpression(node) && COMPUTING.has(ts.tokenToString(node.operatorToken.kind)!)
}

const COMPUTING = new Set('=== !== == != < > <= >= + - * / % ** << >> >>> & | ^ in instanceof'.split(' '))
