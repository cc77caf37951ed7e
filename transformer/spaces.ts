// What the blocks of namespaces hold, whether the module still says `namespace` or a compiler has lowered it to
// `var N; (function (N) { ... })(N || (N = {}))`, and by which names the blocks of one namespace know each other.

import type ts from 'typescript'
import { loweredEnum } from './enums.js'
import type { TS } from './pen.js'
import { bindLexical, bindPattern, hasModifier, isTypeOnly, openScope, varNames } from './scope.js'
import { declares, declaresOnly, type Wrapper, wrapperOf } from './wrappers.js'
import { reassignedNames } from './writes.js'

export interface Block {
  /** The name around it. */
  readonly name: string
  /** What the namespace around gives it out as. */
  readonly member?: string | undefined
  readonly parameter: string
  readonly at: number
  readonly body: ts.Node
  readonly statements: readonly ts.Statement[]
  readonly isLowered: boolean
}

/** The blocks of one namespace. */
export type Space = readonly Block[]

/** A block that is written as such. */
function writtenBlock(ts: TS, node: ts.ModuleDeclaration, file: ts.SourceFile, isInner: boolean): Block | undefined {
  if (!ts.isIdentifier(node.name) || isTypeOnly(ts, node)) return undefined
  const name = node.name.text
  const body = node.body as ts.ModuleBlock | ts.NamespaceDeclaration
  // `namespace A.B {}` is `namespace A { export namespace B {} }`.
  const statements = ts.isModuleBlock(body) ? body.statements : [body]
  return { name, member: isInner ? name : undefined, parameter: name, at: node.getStart(file), body, statements, isLowered: false }
}

/** The blocks among statements, and the declarations that are nothing but their variables: `var N;`. */
export interface Blocks {
  readonly blocks: ReadonlyMap<ts.Statement, Block>
  readonly variables: ReadonlySet<ts.Statement>
}

/** `around` is the block that the statements are of. */
export function blocksAmong(ts: TS, statements: readonly ts.Statement[], file: ts.SourceFile, around?: Block): Blocks {
  const blocks = new Map<ts.Statement, Block>()
  const variables = new Set<ts.Statement>()
  let reassigned: ReadonlySet<string> | undefined
  for (const s of statements) {
    if (ts.isModuleDeclaration(s)) {
      const isInner = around !== undefined && (s === around.body || hasModifier(ts, s, ts.SyntaxKind.ExportKeyword))
      const block = writtenBlock(ts, s, file, isInner)
      if (block !== undefined) blocks.set(s, block)
      continue
    }
    const wrapper = wrapperOf(ts, s)
    if (wrapper === undefined || !isBlock(ts, wrapper, statements, around) || loweredEnum(ts, s, around?.parameter)) continue
    reassigned ??= reassignedNames(ts, statements)
    if (reassigned.has(wrapper.name)) continue
    const { name, member, parameter, body } = wrapper
    blocks.set(s, { name, member, parameter, at: s.getStart(file), body, statements: body.statements, isLowered: true })
    const variable = statements.find((v) => declaresOnly(ts, v, name))
    if (variable !== undefined) variables.add(variable)
  }
  return { blocks, variables }
}

/** The function does no more than a namespace could, and what it fills is declared as what a namespace fills. */
function isBlock(
  ts: TS,
  { name, holder, parameter, body }: Wrapper,
  statements: readonly ts.Statement[],
  around: Block | undefined,
): boolean {
  if (holder !== undefined && holder !== around?.parameter) return false
  const inner = openScope(undefined)
  bindLexical(ts, inner, body.statements)
  if (inner.names.has(parameter) || varNames(ts, body).has(parameter) || usesFunction(ts, body)) return false
  return statements.some((s) => declares(ts, s, name))
}

/** It returns, or mentions what it has of its own as a function. */
function usesFunction(ts: TS, node: ts.Node): boolean {
  if (ts.isReturnStatement(node) || node.kind === ts.SyntaxKind.ThisKeyword || ts.isMetaProperty(node)) return true
  if (ts.isIdentifier(node) && node.text === 'arguments') return true
  if (ts.isArrowFunction(node)) return usesOwn(ts, node)
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false
  return ts.forEachChild(node, (child) => usesFunction(ts, child)) ?? false
}

/** An arrow has no `this` and no `arguments` of its own, and what else has is of no interest. */
export function usesOwn(ts: TS, node: ts.Node): boolean {
  const visit = (n: ts.Node): boolean => {
    if (n.kind === ts.SyntaxKind.ThisKeyword || ts.isMetaProperty(n) || (ts.isIdentifier(n) && n.text === 'arguments')) return true
    if (ts.isClassLike(n) || (ts.isFunctionLike(n) && !ts.isArrowFunction(n))) return false
    return ts.forEachChild(n, visit) ?? false
  }
  return ts.forEachChild(node, visit) ?? false
}

/** All blocks of the namespace that a block inside of another is one of. */
export function innerSpace(ts: TS, file: ts.SourceFile, outer: Space, around: Block, block: Block): Space {
  const among = block.member === undefined ? [around] : outer
  return among.flatMap((b) =>
    [...blocksAmong(ts, b.statements, file, b).blocks.values()].filter(({ name, member }) =>
      block.member === undefined ? member === undefined && name === block.name : member === block.member,
    ),
  )
}

/** What a block gives out: its variables, which are members of the object and nothing else, and the rest, which has names of its own. */
export function exportsOf(ts: TS, block: Block): { variables: string[]; others: string[] } {
  const variables = openScope(undefined)
  const others = openScope(undefined)
  for (const s of block.isLowered ? [] : block.statements) {
    if (s !== block.body && !hasModifier(ts, s, ts.SyntaxKind.ExportKeyword)) continue
    // A variable that is only declared is a member like any other.
    if (ts.isVariableStatement(s)) for (const d of s.declarationList.declarations) bindPattern(ts, variables, d.name)
    else if (ts.isImportEqualsDeclaration(s)) bindLexical(ts, variables, [s])
    else bindLexical(ts, others, [s])
  }
  return { variables: [...variables.names.keys()], others: [...others.names.keys()] }
}
