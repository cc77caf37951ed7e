// Normal form of member accesses: `a.b`, `a['b']`, `a[b]`, `a?.b`, and what each says of the object on its left.

import type ts from 'typescript'
import { enumConstant, foldOf, keyText } from './folding.js'
import { writePrivate } from './patterns.js'
import { bare, inside, isRuntimeMember, meant, noteOwn, type Pen, RECEIVER, type TS, textOf, writeName, writeRuntimeMember } from './pen.js'
import { lookUp, type Standing } from './scope.js'
import { writeConstant } from './strings.js'
import { ASSIGNED, CALLED, COMPUTED_MEMBER, FEELS_JSX, LIVE, READ, USES_THIS, WRITTEN } from './summary.js'

/** `a.b`, `a['b']`, `a[b]`, `a?.b`; what is plainly a member of a namespace import is a mention of that export. */
export function writeAccess(pen: Pen, node: ts.AccessExpression, use: number): void {
  const { ts, writer } = pen
  const target = bare(ts, node.expression)
  const literal = memberOf(pen, node)
  const owner = ownerOf(pen, target)
  const topLevel = owner !== undefined && isTopLevel(pen, owner)
  const constant = literal === undefined || owner === undefined ? undefined : enumConstant(pen, target, literal)
  if (constant !== undefined) return writeConstant(pen, constant)
  const tag = chainTag(ts, node, 'dot')
  // A hand-written call of it feels the JSX options as much as JSX, which is written as that call.
  if (literal === 'createElement' && !isDocument(pen, target)) writer.trait(FEELS_JSX)
  const isPlain = (use & (ASSIGNED | WRITTEN)) === 0 && tag === 'dot'
  if (topLevel && literal !== undefined && isPlain && isRuntimeMember(pen, owner.name, literal)) return writeRuntimeMember(pen, literal)
  if (topLevel && literal !== undefined && pen.names.isNamespace(owner.name))
    return writer.mention('binding', owner.name, use, target.getStart(pen.file), literal)
  writer.tag(tag)
  if (literal !== undefined) {
    // Reading `x.y` only to add or compare it hands nothing on; anything else may write through to `x`.
    const path = topLevel ? [owner.name] : exportOfNamespace(pen, target)
    if (path !== undefined)
      writer.mention('binding', path[0]!, receiverUse(use), target.getStart(pen.file), path[1] ?? literal, path[1] && literal)
    else if (target.kind === ts.SyntaxKind.ThisKeyword && pen.thisIs === 'member') {
      writer.trait(USES_THIS)
      writer.mention('this', literal, use, target.getStart(pen.file))
    } else if (target.kind === ts.SyntaxKind.SuperKeyword && pen.thisIs === 'member')
      writer.mention('super', literal, use, target.getStart(pen.file))
    else pen.expression(target, (isClassName(ts, target, literal, use) ? READ : receiverUse(use)) | RECEIVER)
    writer.tag('key')
    writer.text(literal)
    writer.property(literal)
    return
  }
  // `this.#x` names a member and hands `this` to nobody.
  if (ts.isPropertyAccessExpression(node) && target.kind === ts.SyntaxKind.ThisKeyword) {
    writer.tag('this')
    writer.trait(USES_THIS)
    noteOwn(pen, 'this')
  } else {
    pen.expression(target, receiverUse(use) | RECEIVER)
    // `super[x]` may be any member, as `this[x]` may.
    if (target.kind === ts.SyntaxKind.SuperKeyword && pen.thisIs === 'member')
      writer.mention('this', '', receiverUse(use), target.getStart(pen.file))
  }
  if (ts.isPropertyAccessExpression(node)) return writePrivate(pen, node.name as ts.PrivateIdentifier, use)
  writer.tag('index')
  if (!isPlainIndex(pen, node.argumentExpression)) writer.trait(COMPUTED_MEMBER)
  pen.expression(node.argumentExpression, READ)
}

/** What its name means, where it has one that is no plain local. */
function ownerOf(pen: Pen, target: ts.Expression): Standing | undefined {
  if (target.kind !== pen.ts.SyntaxKind.Identifier) return undefined
  const name = textOf(target as ts.Identifier)
  const local = lookUp(pen.scope, name)
  return local !== undefined && local.stands === undefined ? undefined : meant(pen, name)
}

function isTopLevel(pen: Pen, { scope, name }: Standing): boolean {
  return lookUp(scope, name) === undefined && pen.names.has(name)
}

/** The one of the web, whose elements no JSX makes: `document`, `window.document`, `node.ownerDocument`. */
function isDocument({ ts, scope, names }: Pen, node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === 'document' && lookUp(scope, node.text) === undefined && !names.has(node.text)
  return ts.isPropertyAccessExpression(node) && (node.name.text === 'document' || node.name.text === 'ownerDocument')
}

/** The name of the member, where it is plain. */
function memberOf(pen: Pen, node: ts.AccessExpression): string | undefined {
  if (!pen.ts.isPropertyAccessExpression(node)) return keyText(pen, node.argumentExpression)
  return pen.ts.isIdentifier(node.name) ? textOf(node.name) : undefined
}

/** `ns` and `x` of `ns.x`, where `ns` is a namespace import. */
function exportOfNamespace(pen: Pen, target: ts.Expression): readonly [name: string, member: string] | undefined {
  const { ts } = pen
  if (!(ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) || target.questionDotToken) return undefined
  const root = bare(ts, target.expression)
  const owner = ts.isIdentifier(root) ? meant(pen, root.text) : undefined
  if (owner === undefined || !isTopLevel(pen, owner) || !pen.names.isNamespace(owner.name)) return undefined
  const member = memberOf(pen, target)
  return member === undefined ? undefined : [owner.name, member]
}

/** What a name stands for: a namespace under the name that it has around the code, or a member of one, as if that were written out. */
export function writeStanding(pen: Pen, stands: Standing, at: number, use: number): void {
  const { scope, name, member } = stands
  if (member === undefined) return inside(pen, scope, () => writeName(pen, name, at, use))
  const constant = isTopLevel(pen, stands) ? pen.names.enumValue(name, member) : undefined
  if (constant !== undefined) return writeConstant(pen, constant)
  writeMemberOf(pen, stands, at, receiverUse(use))
  pen.writer.property(member)
}

/** A member that a namespace gives out. */
export function writeMemberOf(pen: Pen, stands: Standing, at: number, use: number): void {
  const { writer } = pen
  const { scope, name, member } = stands
  writer.tag('dot')
  if (isTopLevel(pen, stands)) writer.mention('binding', name, use, at, member)
  else inside(pen, scope, () => writeName(pen, name, at, use))
  writer.tag('key')
  writer.text(member!)
}

/** `this.constructor.name` is a text: nobody can write through it. */
function isClassName(ts: TS, target: ts.Expression, member: string, use: number): boolean {
  if (member !== 'name' || (use & ASSIGNED) !== 0) return false
  if (ts.isMetaProperty(target)) return true
  return ts.isPropertyAccessExpression(target) && target.name.text === 'constructor' && target.expression.kind === ts.SyntaxKind.ThisKeyword
}

function receiverUse(use: number): number {
  if ((use & ASSIGNED) !== 0) return READ | LIVE | WRITTEN
  return (use & (LIVE | CALLED)) === 0 ? READ : READ | LIVE | (use & WRITTEN)
}

/** Parentheses end an optional chain: `(a?.b).c` is not `a?.b.c`. */
export function chainTag(ts: TS, node: ts.AccessExpression | ts.CallExpression, tag: string): string {
  return (node.flags & ts.NodeFlags.OptionalChain) === 0 ? tag : node.questionDotToken ? `?.${tag}` : `chain-${tag}`
}

function isPlainIndex(pen: Pen, given: ts.Expression): boolean {
  const { ts } = pen
  const node = bare(ts, given)
  if (ts.isNumericLiteral(node) || ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return true
  if (ts.isIdentifier(node)) return lookUp(pen.scope, node.text)?.counter === true
  if (typeof foldOf(pen, node)?.[0] === 'number') return true
  if (!ts.isBinaryExpression(node)) return false
  const { PlusToken, MinusToken, AsteriskToken, SlashToken, PercentToken } = ts.SyntaxKind
  if (node.operatorToken.kind === PlusToken) return isPlainIndex(pen, node.left) && isPlainIndex(pen, node.right)
  return [MinusToken, AsteriskToken, SlashToken, PercentToken].includes(node.operatorToken.kind as typeof MinusToken)
}
