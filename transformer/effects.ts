// Can evaluating this at the top level be felt by anyone? Conservative, and in step with what bundlers drop as unused: literals, functions,
// names, containers of such, `new Map()`, calls marked `@__PURE__`.

import type ts from 'typescript'
import { bare, type TS } from './pen.js'
import { hasModifier } from './scope.js'

export interface EffectContext {
  readonly ts: TS
  readonly file: ts.SourceFile
  /** True for a name that the module declares or imports. */
  isBound(name: string): boolean
}

// Reading these, and their members below, is harmless. From https://tc39.es/ecma262/#sec-global-object and the web's own.
const GLOBALS = new Set(
  (
    'undefined NaN Infinity AbortController AbortSignal AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error ' +
    'EvalError Event EventTarget FinalizationRegistry Float32Array Float64Array Function Int16Array Int32Array Int8Array Intl Iterator JSON Map ' +
    'Math MessageChannel MessageEvent MessagePort Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer ' +
    'String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array ' +
    'Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly clearInterval clearTimeout console decodeURI decodeURIComponent encodeURI ' +
    'encodeURIComponent escape globalThis isFinite isNaN parseFloat parseInt queueMicrotask setInterval setTimeout unescape'
  ).split(' '),
)
const WITH_KNOWN_MEMBERS = new Set(['Array', 'Object', 'Symbol', 'Math', 'Reflect', 'JSON', 'console'])
const MEMBERLESS = /^(?:Array|Object|Symbol|Math|Reflect|JSON|console)\.(?:length|name|prototype|caller|arguments)$/

export function isPure(context: EffectContext, given: ts.Expression): boolean {
  const { ts } = context
  const node = bare(ts, given)
  const K = ts.SyntaxKind
  const pure = (e: ts.Expression): boolean => isPure(context, e)
  switch (node.kind) {
    case K.NumericLiteral:
    case K.BigIntLiteral:
    case K.StringLiteral:
    case K.NoSubstitutionTemplateLiteral:
    case K.RegularExpressionLiteral:
    case K.TrueKeyword:
    case K.FalseKeyword:
    case K.NullKeyword:
    case K.ThisKeyword:
    case K.MetaProperty:
    case K.ArrowFunction:
    case K.FunctionExpression:
    case K.OmittedExpression:
      return true
    case K.Identifier:
      return context.isBound((node as ts.Identifier).text) || GLOBALS.has((node as ts.Identifier).text)
    case K.PropertyAccessExpression:
      return isKnownMember(context, node as ts.PropertyAccessExpression)
    case K.ClassExpression:
      return isPureClass(context, node as ts.ClassExpression)
    case K.ArrayLiteralExpression:
      return (node as ts.ArrayLiteralExpression).elements.every((e) =>
        ts.isSpreadElement(e) ? ts.isArrayLiteralExpression(bare(ts, e.expression)) && pure(e.expression) : pure(e),
      )
    case K.ObjectLiteralExpression:
      return (node as ts.ObjectLiteralExpression).properties.every((p) => {
        if (ts.isSpreadAssignment(p) || (p.name && ts.isComputedPropertyName(p.name) && !isLiteralKey(context, p.name.expression)))
          return false
        return ts.isPropertyAssignment(p) ? pure(p.initializer) : ts.isShorthandPropertyAssignment(p) ? pure(p.name) : true
      })
    case K.ConditionalExpression: {
      const { condition, whenTrue, whenFalse } = node as ts.ConditionalExpression
      return (
        pure(condition) &&
        (isGuarded(context, whenTrue, condition) || pure(whenTrue)) &&
        (isGuarded(context, whenFalse, condition) || pure(whenFalse))
      )
    }
    case K.PrefixUnaryExpression: {
      const { operator, operand } = node as ts.PrefixUnaryExpression
      if (operator === K.ExclamationToken) return pure(operand)
      return (operator === K.MinusToken || operator === K.PlusToken) && isPrimitive(context, operand) && pure(operand)
    }
    case K.TypeOfExpression:
      return ts.isIdentifier(bare(ts, (node as ts.TypeOfExpression).expression)) || pure((node as ts.TypeOfExpression).expression)
    case K.VoidExpression:
      return pure((node as ts.VoidExpression).expression)
    case K.BinaryExpression:
      return isPureBinary(context, node as ts.BinaryExpression)
    case K.TemplateExpression:
      return (node as ts.TemplateExpression).templateSpans.every((s) => isPrimitive(context, s.expression) && pure(s.expression))
    case K.CallExpression:
      return isMarkedPure(context, given, node) && (node as ts.CallExpression).arguments.every(pure)
    case K.NewExpression: {
      const list = (node as ts.NewExpression).arguments ?? []
      return (isMarkedPure(context, given, node) || isKnownConstructor(context, node as ts.NewExpression, list)) && list.every(pure)
    }
    default:
      return false
  }
}

function isPureBinary(context: EffectContext, { left, operatorToken, right }: ts.BinaryExpression): boolean {
  const K = context.ts.SyntaxKind
  const both = (): boolean => isPure(context, left) && isPure(context, right)
  switch (operatorToken.kind) {
    case K.EqualsEqualsEqualsToken:
    case K.ExclamationEqualsEqualsToken:
    case K.CommaToken:
    case K.QuestionQuestionToken:
      return both()
    case K.BarBarToken:
    case K.AmpersandAmpersandToken:
      return isPure(context, left) && (isGuarded(context, right, left) || isPure(context, right))
    case K.LessThanToken:
    case K.GreaterThanToken:
    case K.LessThanEqualsToken:
    case K.GreaterThanEqualsToken:
    case K.EqualsEqualsToken:
    case K.ExclamationEqualsToken:
    case K.PlusToken:
    case K.MinusToken:
    case K.AsteriskToken:
    case K.SlashToken:
    case K.PercentToken:
    case K.AsteriskAsteriskToken:
    case K.AmpersandToken:
    case K.BarToken:
    case K.CaretToken:
    case K.LessThanLessThanToken:
    case K.GreaterThanGreaterThanToken:
      return isPrimitive(context, left) && isPrimitive(context, right) && both()
    default:
      return false
  }
}

/** Known to be a string, number, boolean, bigint, null or undefined. */
export function isPrimitive(context: EffectContext, given: ts.Expression): boolean {
  const { ts } = context
  const node = bare(ts, given)
  const K = ts.SyntaxKind
  switch (node.kind) {
    case K.NumericLiteral:
    case K.BigIntLiteral:
    case K.StringLiteral:
    case K.NoSubstitutionTemplateLiteral:
    case K.TrueKeyword:
    case K.FalseKeyword:
    case K.NullKeyword:
    case K.TemplateExpression:
    case K.TypeOfExpression:
    case K.VoidExpression:
      return true
    case K.Identifier:
      return ['undefined', 'NaN', 'Infinity'].includes((node as ts.Identifier).text) && !context.isBound((node as ts.Identifier).text)
    case K.PrefixUnaryExpression:
      return (
        (node as ts.PrefixUnaryExpression).operator === K.ExclamationToken ||
        isPrimitive(context, (node as ts.PrefixUnaryExpression).operand)
      )
    case K.ConditionalExpression:
      return (
        isPrimitive(context, (node as ts.ConditionalExpression).whenTrue) &&
        isPrimitive(context, (node as ts.ConditionalExpression).whenFalse)
      )
    case K.BinaryExpression: {
      const { left, right, operatorToken } = node as ts.BinaryExpression
      if (operatorToken.kind === K.CommaToken) return isPrimitive(context, right)
      return isPrimitive(context, left) && isPrimitive(context, right)
    }
    default:
      return false
  }
}

/** In `typeof x !== 'undefined' ? x : y`, reading the global `x` cannot throw. */
function isGuarded({ ts }: EffectContext, value: ts.Expression, guard: ts.Expression): boolean {
  const name = bare(ts, value)
  const test = bare(ts, guard)
  if (!ts.isIdentifier(name) || !ts.isBinaryExpression(test)) return false
  return [test.left, test.right].some((side) => {
    const operand = bare(ts, side)
    if (!ts.isTypeOfExpression(operand)) return false
    const subject = bare(ts, operand.expression)
    return ts.isIdentifier(subject) && subject.text === name.text
  })
}

function isKnownMember(context: EffectContext, node: ts.PropertyAccessExpression): boolean {
  const { ts } = context
  const root = bare(ts, node.expression)
  if (ts.isIdentifier(root))
    return WITH_KNOWN_MEMBERS.has(root.text) && !context.isBound(root.text) && !MEMBERLESS.test(`${root.text}.${node.name.text}`)
  return (
    ts.isPropertyAccessExpression(root) &&
    root.name.text === 'prototype' &&
    ts.isIdentifier(root.expression) &&
    root.expression.text === 'Object'
  )
}

function isMarkedPure({ ts, file }: EffectContext, given: ts.Node, node: ts.Node): boolean {
  const marks = (n: ts.Node): boolean => /[@#]__PURE__/.test(file.text.slice(n.pos, n.getStart(file)))
  if (marks(node)) return true
  return given !== node && ts.isParenthesizedExpression(given) && marks(given)
}

function isKnownConstructor(context: EffectContext, node: ts.NewExpression, list: readonly ts.Expression[]): boolean {
  const { ts } = context
  if (!ts.isIdentifier(node.expression) || context.isBound(node.expression.text) || list.length > 1) return false
  const first = list[0] && bare(ts, list[0])
  const isEmpty = first === undefined || first.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(first) && first.text === 'undefined')
  switch (node.expression.text) {
    case 'WeakSet':
    case 'WeakMap':
      return isEmpty || (ts.isArrayLiteralExpression(first) && first.elements.length === 0)
    case 'Set':
      return isEmpty || ts.isArrayLiteralExpression(first)
    case 'Map':
      return isEmpty || (ts.isArrayLiteralExpression(first) && first.elements.every((e) => ts.isArrayLiteralExpression(bare(ts, e))))
    case 'Date':
      return isEmpty || isPrimitive(context, first)
    default:
      return false
  }
}

function isLiteralKey(context: EffectContext, given: ts.Expression): boolean {
  const { ts } = context
  const node = bare(ts, given)
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true
  return (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Symbol' &&
    !context.isBound('Symbol')
  )
}

export function isPureClass(context: EffectContext, node: ts.ClassLikeDeclaration): boolean {
  const { ts } = context
  if (ts.getDecorators(node)?.length) return false
  const heritage = node.heritageClauses?.find((c) => c.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
  if (heritage && !isPure(context, heritage.expression)) return false
  return node.members.every((m) => {
    if (ts.isClassStaticBlockDeclaration(m)) return m.body.statements.every((s) => ts.isEmptyStatement(s))
    if (ts.canHaveDecorators(m) && ts.getDecorators(m)?.length) return false
    if (m.name && ts.isComputedPropertyName(m.name) && !isLiteralKey(context, m.name.expression)) return false
    if (ts.isMethodDeclaration(m) || ts.isConstructorDeclaration(m)) return m.parameters.every((p) => !ts.getDecorators(p)?.length)
    if (!ts.isPropertyDeclaration(m) || !hasModifier(ts, m, ts.SyntaxKind.StaticKeyword)) return true
    return m.initializer === undefined || isPure(context, m.initializer)
  })
}

/** A variable that is initialised with something that can never be written to. */
export function isConstant(context: EffectContext, initializer: ts.Expression | undefined): boolean {
  if (initializer === undefined) return false
  const node = bare(context.ts, initializer)
  return isPrimitive(context, node) || context.ts.isArrowFunction(node)
}
