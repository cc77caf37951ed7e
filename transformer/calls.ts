// Normal form of calls: what is called, what is handed to it, and the calls that load a module, name a file or go on to a step.

import type ts from 'typescript'
import { chainTag } from './access.js'
import { callWritesGlobal, isOwnGlobal, writesGlobal } from './globals.js'
import { isMadeRequire } from './made-requires.js'
import { globOf } from './meta-glob.js'
import { bare, isGlobal, meant, type Pen, type TS, writeExpressions, writeList } from './pen.js'
import { CALLED, LIVE, READ, requestOf, WRITES_GLOBAL, WRITTEN } from './summary.js'

// Calls of these do not write to what they are given.
const HARMLESS = new Set([
  'console',
  'Math',
  'JSON',
  'Number',
  'String',
  'Boolean',
  'BigInt',
  'Symbol',
  'isNaN',
  'isFinite',
  'parseInt',
  'parseFloat',
  'Date',
  'Error',
])

// Calls of these write to their first argument.
const WRITERS = new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf', 'set'])

/** `new URL('./file', import.meta.url)`: the file counts by content, code is followed. */
export function isAssetUrl(pen: Pen, node: ts.NewExpression): boolean {
  const { ts } = pen
  const [first, second, third] = node.arguments ?? []
  if (!isGlobal(pen, node.expression, 'URL') || !first || !second || third) return false
  const [file, base] = [bare(ts, first), bare(ts, second)]
  const isMeta = ts.isPropertyAccessExpression(base) && base.name.text === 'url' && base.expression.kind === ts.SyntaxKind.MetaProperty
  return isMeta && ts.isStringLiteralLike(file) && /^\.{1,2}\//.test(file.text) && !file.text.endsWith('/')
}

export function writeAssetUrl(pen: Pen, node: ts.NewExpression): void {
  pen.writer.tag('asset-url')
  pen.writer.mention('asset', (bare(pen.ts, node.arguments![0]!) as ts.StringLiteral).text, READ | LIVE, node.getStart(pen.file))
}

export function writeCall(pen: Pen, node: ts.CallExpression): void {
  const { ts, writer } = pen
  const callee = calleeOf(pen, bare(ts, node.expression))
  const first = node.arguments[0]
  const specifier = first && ts.isStringLiteralLike(bare(ts, first)) ? (bare(ts, first) as ts.StringLiteral).text : undefined
  const isImport = callee.kind === ts.SyntaxKind.ImportKeyword
  if (isImport || isGlobal(pen, callee, 'require')) {
    writer.tag(isImport ? 'import' : 'require')
    if (specifier === undefined) return writeArguments(pen, node.arguments, READ)
    const wanted = requestOf(specifier, isImport ? typeAttribute(pen, node.arguments[1]) : undefined)
    return writer.mention('module', wanted, READ | LIVE, node.getStart(pen.file))
  }
  if (specifier !== undefined && isMadeRequire(ts, pen.file, callee)) {
    writer.tag('required')
    pen.expression(callee, READ | CALLED)
    return writer.mention('module', requestOf(specifier, undefined), READ | LIVE, node.getStart(pen.file))
  }
  if (pen.isStep && isTransition(ts, node)) return writeTransition(pen, node)
  const glob = globOf(ts, node)
  if (glob !== undefined) writer.glob(glob)
  pen.onCall?.(pen, node, callee)
  writer.tag(chainTag(ts, node, 'call'))
  pen.expression(callee, READ | CALLED)
  if (callWritesGlobal(pen, callee)) writer.trait(WRITES_GLOBAL)
  if (first !== undefined && isWriter(pen, callee)) return writeAssignedArguments(pen, node.arguments)
  writeArguments(pen, node.arguments, argumentUse(pen, callee))
}

/** `(0, N.f)()` is `N.f()` where `f` is a function of a namespace to which it is all the same what it is called on. */
export function calleeOf(pen: Pen, callee: ts.Expression): ts.Expression {
  const { ts } = pen
  if (!ts.isBinaryExpression(callee) || callee.operatorToken.kind !== ts.SyntaxKind.CommaToken) return callee
  const right = bare(ts, callee.right)
  if (!ts.isNumericLiteral(bare(ts, callee.left)) || !ts.isPropertyAccessExpression(right) || !ts.isIdentifier(right.expression))
    return callee
  return meant(pen, right.expression.text).plain?.has(right.name.text) ? right : callee
}

/** `text` of `{ with: { type: 'text' } }`. */
function typeAttribute({ ts }: Pen, options: ts.Expression | undefined): string | undefined {
  const find = (node: ts.Node | undefined, name: string): ts.Node | undefined => {
    const found =
      node && ts.isObjectLiteralExpression(node)
        ? node.properties.find((p) => p.name && ts.isIdentifier(p.name) && p.name.text === name)
        : undefined
    return found && ts.isPropertyAssignment(found) ? bare(ts, found.initializer) : undefined
  }
  const type = find(find(options, 'with'), 'type')
  return type && ts.isStringLiteralLike(type) ? type.text : undefined
}

/** `this.next(...)`: the steps named are not followed (they belong to the flow's graph), but which ones are named counts. */
function writeTransition(pen: Pen, node: ts.CallExpression): void {
  const { ts, writer } = pen
  writer.tag('next')
  writeList(pen, node.arguments, (given) => {
    const argument = bare(ts, given)
    if (!ts.isPropertyAccessExpression(argument) || argument.expression.kind !== ts.SyntaxKind.ThisKeyword) return pen.expression(argument)
    writer.tag('step')
    writer.text(argument.name.text)
  })
}

export function isTransition(ts: typeof import('typescript'), node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false
  const callee = bare(ts, node.expression)
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'next' && callee.expression.kind === ts.SyntaxKind.ThisKeyword
}

function argumentUse(pen: Pen, callee: ts.Expression): number {
  let root = callee
  while (pen.ts.isPropertyAccessExpression(root)) root = bare(pen.ts, root.expression)
  return isGlobal(pen, root) && HARMLESS.has(root.text) ? READ : READ | LIVE
}

/** `Object.assign(x, ...)` and the like write to their first argument. */
function isWriter({ ts }: Pen, callee: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(callee) &&
    WRITERS.has(callee.name.text) &&
    // What is no name has no such text.
    /^(?:Object|Reflect|_|lodash)$/.test((callee.expression as ts.Identifier).text)
  )
}

function writeAssignedArguments(pen: Pen, list: readonly ts.Expression[]): void {
  const target = bare(pen.ts, list[0]!)
  if (writesGlobal(pen, target)) pen.writer.trait(WRITES_GLOBAL)
  pen.writer.count(list.length)
  list.forEach((argument, i) => {
    // An error that sets its prototype anew writes to itself alone.
    pen.expression(argument, i === 0 ? READ | LIVE | WRITTEN : isOwnPrototype(pen.ts, argument) ? READ : READ | LIVE)
  })
}

/** `new.target.prototype`. */
function isOwnPrototype(ts: TS, given: ts.Expression): boolean {
  const node = bare(ts, given)
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'prototype') return false
  const owner = bare(ts, node.expression)
  return ts.isMetaProperty(owner) && owner.keywordToken === ts.SyntaxKind.NewKeyword
}

export function writeArguments(pen: Pen, list: readonly ts.Expression[], use: number): void {
  if ((use & LIVE) !== 0 && list.some((argument) => isOwnGlobal(pen, bare(pen.ts, argument)))) pen.writer.trait(WRITES_GLOBAL)
  writeExpressions(pen, list, use)
}
