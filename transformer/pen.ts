// What the normal form is written with: the writer, the scope where the pen stands, and the module's names. The functions that write
// expressions, statements, functions and classes call each other through the pen, so that their files need not import each other.

import type ts from 'typescript'
import { type Local, lookUp, openScope, type Scope, type Standing } from './scope.js'
import { ASSIGNED, COMPUTED_MEMBER, LIVE, READ } from './summary.js'
import type { Writer } from './writer.js'

// Globals that read or call members by names which are told nowhere.
const CALLS_BY_NAME = new Set(['Reflect', 'Proxy', 'ReadableStream', 'WritableStream', 'TransformStream'])

export type TS = typeof import('typescript')

/** Top-level names of the module around. */
export interface ModuleNames {
  all(): readonly string[]
  has(name: string): boolean
  /** A name bound by `import * as name`. */
  isNamespace(name: string): boolean
  /** The name that the package of the automatic JSX runtime is imported by, as a whole: JSX has no need of it. */
  isOfRuntime(name: string): boolean
  /** The value of `name.member` where `name` is an enum that nothing in the module writes to. */
  enumValue(name: string, member: string): string | number | undefined
}

/** A statement, one variable of a list, or a function that writes one which stands for no node of the file. */
export type Written = ts.Statement | Variable | (() => void)

export interface Variable {
  readonly declaration: ts.VariableDeclaration
  readonly tag: string
}

/** Hears what is assigned to names of the module. */
export interface Assigned {
  /** Each time that one is assigned, in whatever way. */
  note(name: string): void
  /** After that, where it is told what becomes of it: by the operator, and the value on its right. */
  value(pen: Pen, target: ts.Expression, operator: string, value?: ts.Expression): void
}

export interface Pen {
  readonly ts: TS
  readonly file: ts.SourceFile
  readonly writer: Writer
  readonly names: ModuleNames
  scope: Scope
  /** Where the fragment begins: locals that are bound in this scope or around it lie outside, and are captured. */
  readonly base: Scope
  readonly captures: Map<Local, string>
  /** `member`: `this` is an instance (or the class) of a top-level class whose members are fragments of their own. */
  thisIs: 'member' | 'other'
  /** The transition statement of a step, which belongs to the flow's graph. */
  readonly skipped?: ts.Node | undefined
  readonly onCall?: ((pen: Pen, node: ts.CallExpression, callee: ts.Expression) => void) | undefined
  /** Inside a step, `this.next(this.a)` names other steps and does not run them. */
  readonly isStep?: boolean | undefined
  readonly assigned?: Assigned | undefined
  expression(node: ts.Expression, use?: number): void
  statements(list: readonly Written[]): void
  /** A statement as the body of `if`, `for` and the like: braces do not count. */
  body(node: ts.Statement): void
  functionLike(node: ts.FunctionLikeDeclaration): void
  classLike(node: ts.ClassLikeDeclaration): void
  /** A name that stands for another, or for a member of one. */
  standing(stands: Standing, at: number, use: number): void
  jsx(node: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment, use: number): void
}

/** What an expression is used for, beside the bits of a mention: only a member of it is wanted. */
export const RECEIVER = 1024

export function inScope(pen: Pen, run: (scope: Scope) => void): void {
  const outer = pen.scope
  pen.scope = openScope(outer)
  run(pen.scope)
  pen.scope = outer
}

/** Writes a list whose length is not known beforehand. */
export function writeList<T>(pen: Pen, items: readonly T[], write: (item: T) => void): void {
  pen.writer.count(items.length)
  for (let i = 0; i < items.length; i++) write(items[i]!)
}

export function writeExpressions(pen: Pen, items: readonly ts.Expression[], use?: number): void {
  pen.writer.count(items.length)
  for (let i = 0; i < items.length; i++) pen.expression(items[i]!, use)
}

/** Writes a mention of the name: its position when it is local, an edge when it is top-level, its text when it is global. */
export function writeName(pen: Pen, name: string, at: ts.Node | number, use = READ | LIVE): void {
  writeMeant(pen, name, lookUp(pen.scope, name), at, use)
}

/** The same, where it is known which local it means, if any. Where it is mentioned is worked out for names of the module only: most are local. */
export function writeMeant(pen: Pen, name: string, local: Local | undefined, at: ts.Node | number, use: number): void {
  if (local?.stands !== undefined && !isTaken(pen, local)) pen.standing(local.stands, placeOf(pen, at), use)
  else if (local !== undefined) writeLocal(pen, name, local)
  else if (pen.names.has(name)) {
    if ((use & ASSIGNED) !== 0) pen.assigned?.note(name)
    pen.writer.mention('binding', name, use, placeOf(pen, at))
  } else if (name === 'undefined') pen.writer.tag('undefined')
  else {
    pen.writer.tag('global')
    pen.writer.text(name)
    if (CALLS_BY_NAME.has(name)) pen.writer.trait(COMPUTED_MEMBER)
  }
}

function placeOf({ file }: Pen, at: ts.Node | number): number {
  return typeof at === 'number' ? at : at.getStart(file)
}

/** What classic JSX is compiled to, under an automatic runtime: whether `React` is imported for it makes no difference. */
export function isRuntimeMember({ names }: Pen, owner: string, member: string): boolean {
  return (member === 'createElement' || member === 'Fragment') && names.isOfRuntime(owner)
}

/** As if `React` were a global. */
export function writeRuntimeMember({ writer }: Pen, member: string): void {
  writer.tag('dot')
  writer.tag('global')
  writer.text('React')
  writer.tag('key')
  writer.text(member)
  writer.property(member)
}

/** The variable of a namespace around the fragment is captured by its own name. */
function isTaken(pen: Pen, local: Local): boolean {
  return local.stands?.member !== undefined && isAround(local.scope, pen.base)
}

/** What a name means where it is no other name of something: the scope to look it up in, and what it is called there. */
export function meant(pen: Pen, name: string): Standing {
  const local = lookUp(pen.scope, name)
  return local?.stands !== undefined && local.stands.member === undefined ? local.stands : { scope: pen.scope, name }
}

/** Writes with the names of another scope. */
export function inside(pen: Pen, scope: Scope, write: () => void): void {
  const outer = pen.scope
  pen.scope = scope
  write()
  pen.scope = outer
}

function writeLocal(pen: Pen, name: string, local: Local): void {
  const isCaptured = noteCapture(pen, name, local)
  if (local.isOwn) return pen.writer.tag(name)
  if (isCaptured) pen.writer.tag('captured')
  pen.writer.local(local)
}

/** `this` or `new.target` is mentioned, which is captured where it is that of a function around the fragment. */
export function noteOwn(pen: Pen, name: 'this' | 'new.target'): void {
  const local = lookUp(pen.scope, name)
  if (local !== undefined) noteCapture(pen, name, local)
}

function noteCapture(pen: Pen, name: string, local: Local): boolean {
  const isCaptured = isAround(local.scope, pen.base)
  if (isCaptured) pen.captures.set(local, name)
  return isCaptured
}

/** The code of a captured function is written with scopes of its own, beside those around the fragment. */
function isAround(outer: Scope, inner: Scope): boolean {
  for (let s: Scope | undefined = inner; s !== undefined; s = s.parent) if (s === outer) return true
  return false
}

export function isGlobal(pen: Pen, node: ts.Node, name?: string): node is ts.Identifier {
  if (node.kind !== pen.ts.SyntaxKind.Identifier) return false
  const text = textOf(node as ts.Identifier)
  return (name === undefined || name === text) && isFree(pen, text)
}

/** What `text` says of a name, which it works out anew each time that it is asked. */
export function textOf({ escapedText }: ts.Identifier): string {
  const text = escapedText as string
  return text.startsWith('___') ? text.slice(1) : text
}

/** Nothing in the module binds the name. */
export function isFree({ scope, names }: Pen, name: string): boolean {
  return lookUp(scope, name) === undefined && !names.has(name)
}

/** What is left of an expression when types and parentheses are gone. */
export function bare({ SyntaxKind: K }: TS, node: ts.Expression): ts.Expression {
  for (;;) {
    // Names, literals, accesses and calls: in the order of kinds what wraps something comes after them.
    if (node.kind < K.TypeAssertionExpression) return node
    switch (node.kind) {
      case K.ParenthesizedExpression:
      case K.AsExpression:
      case K.TypeAssertionExpression:
      case K.NonNullExpression:
      case K.SatisfiesExpression:
      case K.ExpressionWithTypeArguments:
      case K.PartiallyEmittedExpression:
        node = (node as ts.ParenthesizedExpression).expression
        break
      default:
        return node
    }
  }
}

/** `a` of `a.b['c']`. */
export function rootOf(ts: TS, node: ts.Expression): ts.Expression {
  const { PropertyAccessExpression, ElementAccessExpression } = ts.SyntaxKind
  let root = bare(ts, node)
  while (root.kind === PropertyAccessExpression || root.kind === ElementAccessExpression)
    root = bare(ts, (root as ts.AccessExpression).expression)
  return root
}

/** `a, b` as a statement is two. */
export function partsOf(ts: TS, given: ts.Expression): ts.Expression[] {
  const node = bare(ts, given)
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.CommaToken) return [node]
  return [...partsOf(ts, node.left), ...partsOf(ts, node.right)]
}
