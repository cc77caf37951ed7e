// A variable -> its declaration, and one for each property of a plain object literal. `export default x` is one that has no name.

import type ts from 'typescript'
import { primitiveType } from './constants.js'
import { add, addOutline, claim, type Draft, isFirst, parametersOf, patternNames, writeMerge } from './draft.js'
import { type Effects, effectsOf, isConstant, isPure, isPureVariable, isWrittenHere } from './effects.js'
import { writeProperty } from './expressions.js'
import { DEFAULT, isTypeGivenOut } from './imports.js'
import { entityExpression, mentionsValue } from './namespaces.js'
import { readConstant } from './opening.js'
import { writeBinding, writeDefault } from './patterns.js'
import { bare, type TS } from './pen.js'
import { hasModifier } from './scope.js'
import { listTag } from './statements.js'
import type { Facts, Member } from './summary.js'

export function addVariable(draft: Draft, node: ts.VariableDeclaration, list: ts.VariableDeclarationList): void {
  const { ts, file, effects } = draft
  const names = patternNames(ts, node.name)
  const { initializer } = node
  const isUsing = (list.flags & ts.NodeFlags.Using) !== 0
  const felt: Effects = effectsOf(effects, () => !isUsing && isPureVariable(effects, node))
  readConstant(effects, node, list.flags)
  const constant = isConstant(effects, initializer)
  const value = initializer && bare(ts, initializer)
  const alias =
    value && ts.isIdentifier(value) && ts.isIdentifier(node.name) && value.text in draft.linkage.bindings ? value.text : undefined
  const callable = value !== undefined && ts.isArrowFunction(value)
  const facts: Facts = { kind: 'variable', name: names[0] ?? 'pattern', at: node.getStart(file), impure: felt.impure, constant }
  Object.assign(facts, felt, alias !== undefined && { alias }, callable && { callable }, madeOf(ts, value))
  const isOutline = callable && !felt.impure && !isUsing && ts.isIdentifier(node.name) && isFirst(draft, node.name.text)
  if (isOutline) return void claim(draft, names, addOutline(draft, facts, node))
  const index = add(draft, Object.assign(facts, parametersOf(draft, value)), (pen) => {
    pen.writer.tag(isUsing ? listTag(pen, list) : 'variable')
    if (ts.isIdentifier(node.name)) writeMerge(draft, pen, node.name.text, facts.at)
    else writeBinding(pen, node.name)
    writeDefault(pen, initializer)
  })
  claim(draft, names, index)
  if (value && ts.isIdentifier(node.name) && ts.isObjectLiteralExpression(value)) addObjectMembers(draft, index, value)
}

/** `import X = A.B`: a variable, which compilers leave out where nothing mentions it as a value. */
export function addAlias(draft: Draft, node: ts.ImportEqualsDeclaration, entity: ts.EntityName): void {
  const { ts, file, declarations } = draft
  const { factory } = ts
  const variable = factory.createVariableDeclaration(node.name, undefined, undefined, entityExpression(ts, entity))
  const list = factory.createVariableDeclarationList([ts.setTextRange(variable, { pos: node.name.pos, end: node.end })], ts.NodeFlags.Const)
  addVariable(draft, variable, list)
  const isUsed =
    hasModifier(ts, node, ts.SyntaxKind.ExportKeyword) || file.statements.some((s) => s !== node && mentionsValue(ts, s, node.name.text))
  if (!isUsed) declarations.push({ ...declarations.pop()!, impure: false })
}

function madeOf(ts: TS, value: ts.Expression | undefined): { made?: true } {
  return value !== undefined && !isPlainlyWritten(ts, value) ? { made: true } : {}
}

/** All that the value keeps can be told by the names of the module. What has a name within itself may keep something under that. */
function isPlainlyWritten(ts: TS, value: ts.Expression): boolean {
  if (ts.isClassExpression(value)) return value.name === undefined && value.heritageClauses === undefined
  if (ts.isFunctionExpression(value)) return value.name === undefined
  return isWrittenHere(ts, value) && !ts.isNewExpression(value)
}

/** Every property of a plain object literal by itself, for a closure that reads only some of them. */
function addObjectMembers(draft: Draft, owner: number, node: ts.ObjectLiteralExpression): void {
  const { ts, file } = draft
  const isPlain = node.properties.every(
    (p) =>
      (ts.isPropertyAssignment(p) || ts.isShorthandPropertyAssignment(p) || ts.isMethodDeclaration(p)) &&
      !ts.isComputedPropertyName(p.name),
  )
  const names = node.properties.map((p) => (p.name && (ts.isIdentifier(p.name) || ts.isStringLiteral(p.name)) ? p.name.text : undefined))
  if (!isPlain || names.some((n) => n === undefined || n === '__proto__') || new Set(names).size < names.length) return
  const members = node.properties.map((property, i): Member => {
    const facts = { kind: 'member', name: names[i]!, at: property.getStart(file), impure: false, owner } as const
    const isOwn = ts.isMethodDeclaration(property) || (ts.isPropertyAssignment(property) && isWrittenHere(ts, property.initializer))
    const decl = add(draft, facts, (pen) => writeProperty(pen, ts, property))
    return { name: names[i]!, kind: 'field', isStatic: true, decl, ...(isOwn && { isOwn }) }
  })
  draft.declarations[owner] = { ...draft.declarations[owner]!, members }
}

/** `export default x` of something that has no name is a variable that has none. */
export function addDefault(draft: Draft, node: ts.ExportAssignment): void {
  const { ts, file, effects, linkage } = draft
  const { expression } = node
  if ((ts.isIdentifier(expression) && linkage.bindings[expression.text]) || isTypeGivenOut(ts, file, node, linkage)) return
  const facts = {
    kind: 'expression',
    name: 'default',
    at: node.getStart(file),
    ...effectsOf(effects, () => isPure(effects, expression)),
    constant: primitiveType(effects, expression) !== undefined,
    ...madeOf(ts, bare(ts, expression)),
  } as const
  const index = add(draft, facts, (pen) => {
    pen.writer.tag('variable')
    writeDefault(pen, expression)
  })
  claim(draft, [DEFAULT], index)
  const value = bare(ts, expression)
  if (ts.isObjectLiteralExpression(value)) addObjectMembers(draft, index, value)
}
