// Normal form of namespaces, as the code that compilers make of them: `export const x = 1` inside of `N` is `N.x = 1`, and `x` is `N.x`.
// A block that has been lowered to a function gives the same.

import type ts from 'typescript'
import { writeMemberOf } from './access.js'
import { localEnum, loweredEnums, writeLocalEnum } from './enums.js'
import { writeBinding } from './patterns.js'
import { bare, inScope, type Pen, partsOf, type TS, type Written, writeName } from './pen.js'
import { bindLexical, bindStanding, bindVars, hasModifier, isTypeOnly, type Standing } from './scope.js'
import { type Block, blocksAmong, exportsOf, innerSpace, type Space, usesOwn } from './spaces.js'
import { ASSIGNED, READ } from './summary.js'

/** A block among all blocks of its namespace; its members may be named bare inside. */
export function writeBlock(pen: Pen, block: Block, space: Space): void {
  pen.writer.tag('namespace')
  writeName(pen, block.name, block.at, 0)
  writeInside(pen, block, space)
}

function writeInside(pen: Pen, block: Block, space: Space): void {
  const { ts } = pen
  const own = exportsOf(ts, block)
  const owner: Standing = { scope: pen.scope, name: block.name, plain: plainMembers(ts, space) }
  inScope(pen, (around) => {
    bindStanding(around, block.parameter, owner)
    // What the other blocks give out is known here by its name, too.
    for (const other of block.isLowered ? [] : space) {
      const { variables, others } = other.body === block.body ? { variables: [], others: [] } : exportsOf(ts, other)
      for (const member of [...variables, ...others]) bindStanding(around, member, { ...owner, member })
    }
    inScope(pen, (scope) => {
      bindVars(ts, scope, block.body)
      bindLexical(ts, scope, block.statements)
      for (const member of own.variables) bindStanding(scope, member, { ...owner, member })
      pen.statements(block.isLowered ? loweredStatements(pen, block, space, owner) : writtenStatements(pen, block, space, owner))
    })
  })
}

function writtenStatements(pen: Pen, block: Block, space: Space, owner: Standing): Written[] {
  const { ts } = pen
  const { blocks } = blocksAmong(ts, block.statements, pen.file, block)
  return block.statements.flatMap((s): Written[] => {
    if (isTypeOnly(ts, s)) return []
    const isExported = s === block.body || hasModifier(ts, s, ts.SyntaxKind.ExportKeyword)
    const at = s.getStart(pen.file)
    const inner = blocks.get(s)
    if (inner !== undefined) return [() => writeInner(pen, inner, innerSpace(ts, pen.file, space, block, inner), owner)]
    if (ts.isEnumDeclaration(s)) return [() => writeInnerEnum(pen, localEnum(pen, s, isExported ? s.name.text : undefined), owner)]
    if (ts.isImportEqualsDeclaration(s)) return aliasOf(pen, s, block, isExported ? owner : undefined)
    if (ts.isVariableStatement(s)) return isExported ? exportedVariables(pen, s, owner) : ownVariables(pen, s)
    const name = isExported && (ts.isFunctionDeclaration(s) || ts.isClassDeclaration(s)) ? s.name?.text : undefined
    if (name === undefined) return [s]
    return [s, () => writeExport(pen, { ...owner, member: name }, at, () => writeName(pen, name, at))]
  })
}

function loweredStatements(pen: Pen, block: Block, space: Space, owner: Standing): Written[] {
  const { ts } = pen
  const { blocks, variables } = blocksAmong(ts, block.statements, pen.file, block)
  const enums = loweredEnums(ts, block.statements, block.parameter)
  return block.statements.flatMap((s): Written[] => {
    if (variables.has(s) || enums.variables.has(s)) return []
    const inner = blocks.get(s)
    if (inner !== undefined) return [() => writeInner(pen, inner, innerSpace(ts, pen.file, space, block, inner), owner)]
    const made = enums.enums.get(s)
    if (made !== undefined) return [() => writeInnerEnum(pen, made, owner)]
    if (ts.isVariableStatement(s)) return ownVariables(pen, s)
    const parts = ts.isExpressionStatement(s) ? partsOf(ts, s.expression).map((part) => ({ part, given: givenOut(ts, part, block) })) : []
    if (parts.every(({ given }) => given === undefined)) return [s]
    return parts.map(({ part, given }) => () => {
      const at = part.getStart(pen.file)
      if (given !== undefined) return writeExport(pen, { ...owner, member: given.member }, at, () => pen.expression(given.value))
      pen.writer.tag('do-expression')
      pen.expression(part, READ)
    })
  })
}

/** `N.x = value` in the block itself. */
function givenOut(ts: TS, node: ts.Expression, block: Block): { member: string; value: ts.Expression } | undefined {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
  const target = bare(ts, node.left)
  if (!ts.isPropertyAccessExpression(target) || !ts.isIdentifier(target.name)) return undefined
  const holder = bare(ts, target.expression)
  return ts.isIdentifier(holder) && holder.text === block.parameter ? { member: target.name.text, value: node.right } : undefined
}

function writeExport(pen: Pen, stands: Standing, at: number, writeValue: () => void): void {
  pen.writer.tag('do-expression')
  pen.writer.tag('=')
  writeMemberOf(pen, stands, at, ASSIGNED)
  writeValue()
}

function exportedVariables(pen: Pen, s: ts.VariableStatement, owner: Standing): Written[] {
  const { ts } = pen
  return s.declarationList.declarations.flatMap(({ name, initializer }): Written[] => {
    if (initializer === undefined) return []
    if (!ts.isIdentifier(name))
      return [
        () => {
          pen.writer.tag('do-expression')
          pen.writer.tag('=')
          writeBinding(pen, name)
          pen.expression(initializer)
        },
      ]
    return [() => writeExport(pen, { ...owner, member: name.text }, name.getStart(pen.file), () => pen.expression(initializer))]
  })
}

/** A `var` in the block itself is a `let`: nothing else is around it. */
function ownVariables({ ts }: Pen, s: ts.VariableStatement): Written[] {
  const { flags, declarations } = s.declarationList
  return (flags & ts.NodeFlags.Using) === 0 ? declarations.map((declaration) => ({ declaration, tag: 'let' })) : [s]
}

function writeInner(pen: Pen, block: Block, space: Space, owner: Standing): void {
  const { name, member, at } = block
  pen.writer.tag('namespace')
  if (member !== undefined) writeHolder(pen, { ...owner, member }, at)
  writeName(pen, name, at, 0)
  writeInside(pen, block, space)
}

function writeInnerEnum(pen: Pen, declared: ReturnType<typeof localEnum>, owner: Standing): void {
  const { member, at } = declared
  writeLocalEnum(pen, declared, member === undefined ? undefined : () => writeHolder(pen, { ...owner, member }, at))
}

function writeHolder(pen: Pen, stands: Standing, at: number): void {
  pen.writer.tag('exported')
  writeMemberOf(pen, stands, at, ASSIGNED)
}

/** `import X = A.B`, which compilers leave out where nothing mentions it as a value. */
function aliasOf(pen: Pen, node: ts.ImportEqualsDeclaration, block: Block, owner: Standing | undefined): Written[] {
  const { ts } = pen
  const { name, moduleReference } = node
  const at = node.getStart(pen.file)
  if (node.isTypeOnly) return []
  if (ts.isExternalModuleReference(moduleReference)) return [node]
  const value = entityExpression(ts, moduleReference)
  if (owner !== undefined) return [() => writeExport(pen, { ...owner, member: name.text }, at, () => pen.expression(value))]
  if (!block.statements.some((s) => s !== node && mentionsValue(ts, s, name.text))) return []
  return [
    () => {
      pen.writer.tag('let')
      writeName(pen, name.text, at, ASSIGNED)
      pen.writer.tag('default')
      pen.expression(value)
    },
  ]
}

/** `A.B` as the expression that it is where it stands for a value. */
export function entityExpression(ts: TS, entity: ts.EntityName): ts.Expression {
  if (ts.isIdentifier(entity)) return entity
  return ts.setTextRange(ts.factory.createPropertyAccessExpression(entityExpression(ts, entity.left), entity.right), entity)
}

/** Whether code that is emitted may mention the name. */
export function mentionsValue(ts: TS, node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node)) return node.text === name
  if (ts.isExpressionWithTypeArguments(node)) return mentionsValue(ts, node.expression, name)
  if (ts.isTypeNode(node) || isTypeOnly(ts, node)) return false
  if (ts.isPropertyAccessExpression(node)) return mentionsValue(ts, node.expression, name)
  return ts.forEachChild(node, (child) => mentionsValue(ts, child, name)) ?? false
}

/**
 * Members that are functions without a `this` of their own to feel, as far as compilers have written down that they are members: only what they
 * make calls them by `(0, N.f)()`.
 */
function plainMembers(ts: TS, space: Space): ReadonlySet<string> {
  const found = new Set<string>()
  for (const block of space) {
    const functions = block.statements.filter((s) => ts.isFunctionDeclaration(s) && s.body !== undefined && !usesOwn(ts, s))
    const names = new Set((functions as ts.FunctionDeclaration[]).flatMap((f) => f.name?.text ?? []))
    const isPlain = (value: ts.Expression): boolean =>
      ts.isArrowFunction(value) ||
      (ts.isFunctionExpression(value) && !usesOwn(ts, value)) ||
      (ts.isIdentifier(value) && names.has(value.text))
    const parts = block.statements.flatMap((s) => (ts.isExpressionStatement(s) ? partsOf(ts, s.expression) : []))
    for (const given of parts.flatMap((part) => givenOut(ts, part, block) ?? []))
      if (isPlain(bare(ts, given.value))) found.add(given.member)
  }
  return found
}
