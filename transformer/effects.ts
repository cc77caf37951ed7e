// Can evaluating this at the top level be felt by anyone? Conservative, and in step with what bundlers drop as unused: literals, functions,
// names, containers of such, `new Map()`, calls marked `@__PURE__`.

import type ts from 'typescript'
import { constantOf, primitiveType } from './constants.js'
import { type CallContext, isGuarded, isKnownCall, isKnownConstructor, isMarkedPure } from './harmless-calls.js'
import { isPureJsx } from './jsx-effects.js'
import { isHarmlessGlobal, isKnownMember } from './known-globals.js'
import { bare, type TS } from './pen.js'
import { bindLexical, bindPattern, bindVars, hasModifier, isTypeOnly, openScope } from './scope.js'

export interface EffectContext extends CallContext {
  /** A name bound by `import * as name`. */
  isNamespace(name: string): boolean
  /**
   * Set when a static field is met, which can be felt by a setter of the base class where class fields `assign`, or a field that has only a computed name,
   * of which nothing is left there, but bundlers move the name to the class that is extended, and keep both.
   */
  readonly met: { assign: boolean; define: boolean }
}

export interface Effects {
  /** Evaluating it can be felt outside: it is no declaration that may be dropped when unused. */
  readonly impure: boolean
  /** The same where class fields assign (`useDefineForClassFields: false`), if that makes a difference. */
  readonly impureAssign?: boolean
}

export function effectsOf(context: EffectContext, isPure: () => boolean): Effects {
  const { met } = context
  met.assign = false
  met.define = false
  try {
    if (!isPure()) return { impure: true }
  } catch (error) {
    // Nested too deep for the stack.
    if (error instanceof RangeError) return { impure: true }
    throw error
  }
  const { define: impure, assign: impureAssign } = met
  return impure === impureAssign ? { impure } : { impure, impureAssign }
}

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
    case K.ArrowFunction:
    case K.FunctionExpression:
    case K.OmittedExpression:
      return true
    case K.MetaProperty:
      return (node as ts.MetaProperty).keywordToken === K.ImportKeyword
    case K.Identifier:
      return context.isBound((node as ts.Identifier).text) || isHarmlessGlobal((node as ts.Identifier).text)
    case K.PropertyAccessExpression:
      return isPureAccess(context, node as ts.PropertyAccessExpression)
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
      const known = constantOf(context, condition)
      if (known !== undefined) return pure(known.value ? whenTrue : whenFalse)
      return (
        pure(condition) &&
        (isGuarded(context, whenTrue, condition, true) || pure(whenTrue)) &&
        (isGuarded(context, whenFalse, condition, false) || pure(whenFalse))
      )
    }
    case K.PrefixUnaryExpression:
      if (constantOf(context, node) !== undefined) return true
      return (node as ts.PrefixUnaryExpression).operator === K.ExclamationToken && pure((node as ts.PrefixUnaryExpression).operand)
    case K.TypeOfExpression:
      return ts.isIdentifier(bare(ts, (node as ts.TypeOfExpression).expression)) || pure((node as ts.TypeOfExpression).expression)
    case K.VoidExpression:
      return pure((node as ts.VoidExpression).expression)
    case K.BinaryExpression:
      return isPureBinary(context, node as ts.BinaryExpression)
    case K.TemplateExpression:
      return (node as ts.TemplateExpression).templateSpans.every(
        (s) => primitiveType(context, s.expression) !== undefined && pure(s.expression),
      )
    case K.CallExpression: {
      const call = node as ts.CallExpression
      if (call.expression.kind === K.ImportKeyword) return false
      return (isMarkedPure(context, given, node) || isKnownCall(context, call) || isPureIife(context, call)) && call.arguments.every(pure)
    }
    case K.NewExpression: {
      const list = (node as ts.NewExpression).arguments ?? []
      return (isMarkedPure(context, given, node) || isKnownConstructor(context, node as ts.NewExpression, list)) && list.every(pure)
    }
    case K.JsxElement:
    case K.JsxSelfClosingElement:
    case K.JsxFragment:
      return isPureJsx(ts, node as ts.JsxElement, pure)
    default:
      return false
  }
}

function isPureAccess(context: EffectContext, node: ts.PropertyAccessExpression): boolean {
  const { ts } = context
  if (constantOf(context, node) !== undefined) return true
  const path = [node.name.text]
  let root = bare(ts, node.expression)
  for (; ts.isPropertyAccessExpression(root); root = bare(ts, root.expression)) path.unshift(root.name.text)
  if (!ts.isIdentifier(root)) return false
  if (context.isBound(root.text)) return path.length === 1 && context.isNamespace(root.text)
  return isKnownMember(`${root.text}.${path.join('.')}`)
}

function isPureBinary(context: EffectContext, node: ts.BinaryExpression): boolean {
  const { left, operatorToken, right } = node
  const K = context.ts.SyntaxKind
  const both = (): boolean => isPure(context, left) && isPure(context, right)
  switch (operatorToken.kind) {
    case K.EqualsEqualsEqualsToken:
    case K.ExclamationEqualsEqualsToken:
    case K.CommaToken:
    case K.QuestionQuestionToken:
      return both()
    case K.BarBarToken:
    case K.AmpersandAmpersandToken: {
      const isAnd = operatorToken.kind === K.AmpersandAmpersandToken
      const known = constantOf(context, left)
      if (known !== undefined && Boolean(known.value) !== isAnd) return true
      return isPure(context, left) && (isGuarded(context, right, left, isAnd) || isPure(context, right))
    }
    case K.EqualsEqualsToken:
    case K.ExclamationEqualsToken:
    case K.LessThanToken:
    case K.GreaterThanToken:
    case K.LessThanEqualsToken:
    case K.GreaterThanEqualsToken: {
      const type = primitiveType(context, left)
      return type !== undefined && type !== 'mixed' && type === primitiveType(context, right) && both()
    }
    case K.PlusToken:
      return constantOf(context, node) !== undefined || (isText(context, left) && isText(context, right))
    default:
      return constantOf(context, node) !== undefined
  }
}

/** A string, or a template that gives one: a sum of such is one template. */
function isText(context: EffectContext, given: ts.Expression): boolean {
  const { ts } = context
  const node = bare(ts, given)
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return isText(context, node.left) && isText(context, node.right)
  return ts.isTemplateExpression(node) ? isPure(context, node) : typeof constantOf(context, node)?.value === 'string'
}

function isPureIife(context: EffectContext, call: ts.CallExpression): boolean {
  const { ts } = context
  const node = bare(ts, call.expression)
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false
  if (hasModifier(ts, node, ts.SyntaxKind.AsyncKeyword) || node.asteriskToken) return false
  const isPlain = node.parameters.every((p) => ts.isIdentifier(p.name) && (!p.initializer || isPure(context, p.initializer)))
  if (!isPlain) return false
  const parameters = node.parameters.map((p) => p.name)
  return ts.isBlock(node.body)
    ? isPureBlock(context, node.body, true, parameters)
    : isPure(within(context, undefined, parameters), node.body)
}

/** Names of the block are bound inside. */
function within(context: EffectContext, block: ts.Block | undefined, parameters: readonly ts.BindingName[] = []): EffectContext {
  const scope = openScope(undefined)
  for (const name of parameters) bindPattern(context.ts, scope, name)
  if (block !== undefined) {
    bindVars(context.ts, scope, block)
    bindLexical(context.ts, scope, block.statements)
  }
  return { ...context, constants: new Map(), isBound: (name) => scope.names.has(name) || context.isBound(name) }
}

export function isPureBlock(outer: EffectContext, block: ts.Block, mayReturn = false, parameters: readonly ts.BindingName[] = []): boolean {
  const { ts } = outer
  const context = within(outer, block, parameters)
  return block.statements.every((s) => {
    if (ts.isReturnStatement(s)) return mayReturn && (s.expression === undefined || isPure(context, s.expression))
    if (!ts.isVariableStatement(s)) return isPureStatement(context, s)
    return s.declarationList.declarations.every((d) => isPureVariable(context, d))
  })
}

/** A statement that declares nothing, or a function or class. */
export function isPureStatement(context: EffectContext, s: ts.Statement): boolean {
  const { ts } = context
  if (ts.isEmptyStatement(s) || ts.isFunctionDeclaration(s) || isTypeOnly(ts, s)) return true
  if (ts.isClassDeclaration(s)) return isPureClass(context, s)
  if (ts.isExpressionStatement(s)) return isPure(context, s.expression)
  return ts.isTryStatement(s) && isPureBlock(context, s.tryBlock) && (s.finallyBlock === undefined || isPureBlock(context, s.finallyBlock))
}

export function isPureVariable(context: EffectContext, { name, initializer }: ts.VariableDeclaration): boolean {
  const { ts } = context
  if (initializer !== undefined && !isPure(context, initializer)) return false
  if (ts.isIdentifier(name)) return true
  // Taking an array literal apart runs its iterator, which is the built-in one.
  return (
    ts.isArrayBindingPattern(name) &&
    initializer !== undefined &&
    ts.isArrayLiteralExpression(bare(ts, initializer)) &&
    name.elements.every((e) => !ts.isBindingElement(e) || (ts.isIdentifier(e.name) && (!e.initializer || isPure(context, e.initializer))))
  )
}

function isLiteralKey(context: EffectContext, given: ts.Expression): boolean {
  const { ts } = context
  const node = bare(ts, given)
  if (constantOf(context, node) !== undefined) return true
  return (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Symbol' &&
    isPureAccess(context, node)
  )
}

export function isPureClass(context: EffectContext, node: ts.ClassLikeDeclaration): boolean {
  const { ts } = context
  if (ts.getDecorators(node)?.length) return false
  const heritage = node.heritageClauses?.find((c) => c.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
  if (heritage && !isPure(context, heritage.expression)) return false
  return node.members.every((m) => {
    if (ts.isClassStaticBlockDeclaration(m)) return isPureBlock(context, m.body)
    if (hasModifier(ts, m, ts.SyntaxKind.DeclareKeyword) || hasModifier(ts, m, ts.SyntaxKind.AbstractKeyword)) return true
    if (ts.canHaveDecorators(m) && ts.getDecorators(m)?.length) return false
    if (m.name && ts.isComputedPropertyName(m.name)) {
      const { expression } = m.name
      const isBare = ts.isPropertyDeclaration(m) && m.initializer === undefined && !hasModifier(ts, m, ts.SyntaxKind.AccessorKeyword)
      if (isBare && heritage && constantOf(context, bare(ts, expression)) === undefined) context.met.assign = true
      if (!isLiteralKey(context, expression)) {
        if (isBare) context.met.define = true
        return isBare && isPure(context, expression)
      }
    }
    if (ts.isMethodDeclaration(m) || ts.isConstructorDeclaration(m)) return m.parameters.every((p) => !ts.getDecorators(p)?.length)
    const { initializer } = m as ts.PropertyDeclaration
    if (initializer === undefined || !hasModifier(ts, m, ts.SyntaxKind.StaticKeyword)) return true
    if (!hasModifier(ts, m, ts.SyntaxKind.AccessorKeyword)) context.met.assign = true
    return isPure(context, initializer)
  })
}

/** A variable that is initialised with something that can never be written to. */
export function isConstant(context: EffectContext, initializer: ts.Expression | undefined): boolean {
  if (initializer === undefined) return false
  const node = bare(context.ts, initializer)
  return primitiveType(context, node) !== undefined || context.ts.isArrowFunction(node)
}

/** The value of the expression is all in it: a literal or a function, not what another name or a call gives. */
export function isWrittenHere(ts: TS, given: ts.Expression): boolean {
  const node = bare(ts, given)
  if (ts.isFunctionLike(node) || ts.isClassExpression(node) || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node))
    return true
  return ts.isLiteralExpression(node) || ts.isTemplateExpression(node) || ts.isPrefixUnaryExpression(node) || ts.isNewExpression(node)
}
