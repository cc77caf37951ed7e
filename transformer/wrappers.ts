// What compilers make of enums and namespaces: `var N; (function (N) { ... })(N || (N = {}))`.

import type ts from 'typescript'
import { bare, type TS } from './pen.js'
import { hasModifier, isTypeOnly } from './scope.js'

/** A function that is called at once to fill an object, which may have been there before: a block of a namespace, or an enum. */
export interface Wrapper {
  /** The variable that holds the object, and where it is a member of another object, too: that one, and the member's name. */
  readonly name: string
  readonly holder?: string
  readonly member?: string
  /** What the function calls the object. */
  readonly parameter: string
  readonly callee: ts.ArrowFunction | ts.FunctionExpression
  readonly body: ts.Block
}

/** `(function (N) { ... })(N || (N = {}))`, `((N) => { ... })(N = A.N || (A.N = {}))`. */
export function wrapperOf(ts: TS, statement: ts.Node): Wrapper | undefined {
  if (!ts.isExpressionStatement(statement)) return undefined
  const call = bare(ts, statement.expression)
  if (!ts.isCallExpression(call) || call.arguments.length !== 1) return undefined
  const argument = bare(ts, call.arguments[0]!)
  const { BarBarToken, EqualsToken } = ts.SyntaxKind
  const around = operands(ts, argument, EqualsToken)
  const either = operands(ts, around ? around[1] : argument, BarBarToken)
  const made = either && operands(ts, either[1], EqualsToken)
  const [held] = around ?? either ?? []
  if (!either || !made || !held || !ts.isIdentifier(held) || !isEmptyObject(ts, made[1])) return undefined
  const filled = calledWith(ts, call)
  if (filled === undefined) return undefined
  if (!around) return isNamed(ts, made[0], held.text) ? { ...filled, name: held.text } : undefined
  const [member, same] = [memberOf(ts, either[0]), memberOf(ts, made[0])]
  if (!member || member.holder !== same?.holder || member.member !== same.member) return undefined
  return { ...filled, ...member, name: held.text }
}

/** The function that is called, and by which name it knows what it is given. */
export function calledWith(ts: TS, call: ts.CallExpression): Pick<Wrapper, 'parameter' | 'callee' | 'body'> | undefined {
  const callee = bare(ts, call.expression)
  if (!ts.isArrowFunction(callee) && !ts.isFunctionExpression(callee)) return undefined
  const [parameter, second] = callee.parameters
  if (!parameter || second || parameter.dotDotDotToken || parameter.initializer || !ts.isIdentifier(parameter.name)) return undefined
  if (callee.asteriskToken || hasModifier(ts, callee, ts.SyntaxKind.AsyncKeyword) || callee.name || !ts.isBlock(callee.body))
    return undefined
  return { parameter: parameter.name.text, callee, body: callee.body }
}

function operands(ts: TS, given: ts.Expression, operator: ts.SyntaxKind): [ts.Expression, ts.Expression] | undefined {
  const node = bare(ts, given)
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== operator) return undefined
  return [bare(ts, node.left), bare(ts, node.right)]
}

function isEmptyObject(ts: TS, node: ts.Expression): boolean {
  return ts.isObjectLiteralExpression(node) && node.properties.length === 0
}

export function isNamed(ts: TS, given: ts.Expression, name: string): boolean {
  const node = bare(ts, given)
  return ts.isIdentifier(node) && node.text === name
}

/** `A.N`. */
function memberOf(ts: TS, node: ts.Expression): { holder: string; member: string } | undefined {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression) || !ts.isIdentifier(node.name)) return undefined
  return { holder: node.expression.text, member: node.name.text }
}

/** `var E = (E => { ... })(E || {})`. */
export function isFilled(ts: TS, { name, initializer }: ts.VariableDeclaration): boolean {
  const call = initializer && bare(ts, initializer)
  if (!call || !ts.isCallExpression(call) || call.arguments.length !== 1 || !ts.isIdentifier(name)) return false
  const either = operands(ts, call.arguments[0]!, ts.SyntaxKind.BarBarToken)
  return either !== undefined && isNamed(ts, either[0], name.text) && isEmptyObject(ts, either[1]) && calledWith(ts, call) !== undefined
}

/** `var N;` */
export function declaresOnly(ts: TS, statement: ts.Statement, name: string): boolean {
  if (!ts.isVariableStatement(statement)) return false
  const [first, second] = statement.declarationList.declarations
  return (
    first !== undefined &&
    second === undefined &&
    ts.isIdentifier(first.name) &&
    first.name.text === name &&
    first.initializer === undefined
  )
}

/** `var N;` of a namespace, or what it is merged with. */
export function declares(ts: TS, s: ts.Statement, name: string): boolean {
  if (declaresOnly(ts, s, name)) return true
  if (ts.isFunctionDeclaration(s) || ts.isClassDeclaration(s) || ts.isEnumDeclaration(s) || ts.isModuleDeclaration(s))
    return s.name?.text === name && !isTypeOnly(ts, s)
  if (!ts.isVariableStatement(s)) return false
  // esbuild's enums.
  const [first] = s.declarationList.declarations
  return first !== undefined && ts.isIdentifier(first.name) && first.name.text === name && isFilled(ts, first)
}
