// A top-level class -> a declaration for its frame and one for each member, so that a closure can hold some members and not others.
// The frame's own normal form holds the heritage and the order of the fields; its members are edges that the linker adds.

import type ts from 'typescript'
import { codeMembers, constructorFirst, memberKind, parameterProperties, writeHead, writeMember, writeParameterField } from './classes.js'
import { readTags } from './doc-tags.js'
import { add, calleeName, claim, type Draft, draftPen } from './draft.js'
import { effectsOf, isPureClass, isWrittenHere } from './effects.js'
import { keyText } from './folding.js'
import { DEFAULT, importedFrom } from './imports.js'
import { literalName } from './patterns.js'
import { bare, type Pen, type TS } from './pen.js'
import { hasModifier } from './scope.js'
import { COMPUTED, type Member } from './summary.js'
import { fieldTypes } from './types.js'

export function summarizeClass(draft: Draft, node: ts.ClassLikeDeclaration, name = node.name?.text ?? DEFAULT): void {
  const { file, effects } = draft
  const at = node.getStart(file)
  let kept: ts.ClassElement[] = []
  const heritage = node.heritageClauses?.find((c) => c.token === draft.ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression
  // What extends no name extends something that no name leads to.
  const base = heritage && ((!draft.ts.isCallExpression(heritage) && calleeName(draft, heritage)) || { name: '' })
  const owner = add(
    draft,
    {
      kind: 'class',
      name,
      at,
      ...effectsOf(effects, () => isPureClass(effects, node)),
      ...(base && { base }),
      ...(base?.name === '' && { made: true }),
      ...contractsOf(draft, node),
      ...fieldTypes(draft.ts, node),
    },
    (pen) => {
      kept = codeMembers(pen, node)
      writeFrame(pen, node, kept)
    },
  )
  claim(draft, [name], owner)
  const members = constructorFirst(
    draft,
    kept.filter((m) => !isBareField(draft, m)),
  ).map((m): Member => addMember(draft, owner, m, node.members))
  draft.declarations[owner] = { ...draft.declarations[owner]!, members }
  const callees = memberDecorators(draft, node).flatMap((d) => calleeName(draft, d.expression) ?? [])
  if (callees.length > 0) draft.sites.push({ at, callees })
}

function contractsOf({ ts, file }: Draft, node: ts.ClassLikeDeclaration): { contracts?: readonly string[] } {
  const clause = node.heritageClauses?.find((c) => c.token === ts.SyntaxKind.ImplementsKeyword)
  const contracts = (clause?.types ?? []).flatMap((t) => importedFrom(ts, file, rootName(ts, t.expression)) ?? [])
  return contracts.length > 0 ? { contracts } : {}
}

/** What stands after `implements` is a name or a member of one. */
function rootName(ts: TS, expression: ts.Expression): string {
  let root = expression
  while (ts.isPropertyAccessExpression(root)) root = root.expression
  return (root as ts.Identifier).text
}

/** `x: T` leaves code behind only where fields define. */
function isBareField({ ts }: Draft | Pen, m: ts.ClassElement): m is ts.PropertyDeclaration {
  return (
    ts.isPropertyDeclaration(m) &&
    m.initializer === undefined &&
    !ts.isComputedPropertyName(m.name) &&
    !ts.isPrivateIdentifier(m.name) &&
    !ts.getDecorators(m)?.length &&
    !hasModifier(ts, m, ts.SyntaxKind.AccessorKeyword)
  )
}

function writeFrame(pen: Pen, node: ts.ClassLikeDeclaration, members: readonly ts.ClassElement[]): void {
  const { ts, writer } = pen
  writer.tag('class')
  writeHead(pen, node)
  for (const parameter of parameterProperties(pen, node)) writeParameterField(pen, parameter)
  for (const m of members) {
    if (isBareField(pen, m)) {
      writer.whereFieldsDefine(() => {
        if (hasModifier(ts, m, ts.SyntaxKind.StaticKeyword)) writer.tag('static')
        writer.tag('field')
        writer.tag('key')
        writer.text(literalName(pen, m.name) ?? '')
      })
    } else if (['field', 'block', 'computed'].includes(memberKind(pen, m))) {
      writer.tag('member')
      if (memberKind(pen, m) === 'field' && !ts.isPrivateIdentifier(m.name!)) writer.whereFieldsDefine(() => {})
    }
  }
}

function addMember(draft: Draft, owner: number, member: ts.ClassElement, siblings: readonly ts.ClassElement[]): Member {
  const { ts, file } = draft
  const pen = draftPen(draft)
  const kind = memberKind(pen, member)
  const isStatic = hasModifier(ts, member, ts.SyntaxKind.StaticKeyword) || kind === 'block'
  const name = member.name === undefined ? kind : nameOf(pen, member.name)
  const at = member.getStart(file)
  const facts = { kind: 'member', name, at, impure: false, owner, ...readTags(file.text.slice(member.pos, at)) } as const
  const decl = add(draft, facts, (p) => writeMember(p, member, siblings), { thisIs: 'member' })
  const value = ts.isPropertyDeclaration(member) ? member.initializer : undefined
  const isHidden = kind === 'field' && !isStatic && (name.startsWith('#') || hasModifier(ts, member, ts.SyntaxKind.AccessorKeyword))
  const isOwn = !ts.isPropertyDeclaration(member) || (value && isWrittenHere(ts, value))
  return { name, kind, isStatic, decl, ...(isOwn && { isOwn }), ...(isHidden && { isHidden }) }
}

function nameOf(pen: Pen, name: ts.PropertyName): string {
  if (pen.ts.isPrivateIdentifier(name)) return name.text
  return literalName(pen, name) ?? computedText(pen, name as ts.ComputedPropertyName)
}

/** `[Symbol.iterator]` is no name that is read by a dot; what any other computed name is cannot be told. */
function computedText(pen: Pen, name: ts.ComputedPropertyName): string {
  const { ts } = pen
  const value = bare(ts, name.expression)
  const text = keyText(pen, value)
  if (text !== undefined) return text
  const isSymbol = ts.isPropertyAccessExpression(value) && ts.isIdentifier(value.expression) && value.expression.text === 'Symbol'
  return isSymbol ? `[Symbol.${value.name.text}]` : COMPUTED
}

/** Only those of members make steps. */
function memberDecorators({ ts }: Draft, node: ts.ClassLikeDeclaration): ts.Decorator[] {
  return node.members.flatMap((m) => (ts.canHaveDecorators(m) ? (ts.getDecorators(m) ?? []) : []))
}
