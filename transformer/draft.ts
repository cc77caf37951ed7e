// Work on one module: the declarations found so far, and how to write more.

import type ts from 'typescript'
import { openAssigned } from './assigned.js'
import type { EffectContext } from './effects.js'
import { collectEnumValues } from './enum-values.js'
import { type LoweredEnums, loweredEnums } from './enums.js'
import { DEFAULT, type Linkage, readExports, readImports } from './imports.js'
import { normalize, openPen, type PenOptions } from './normalize.js'
import { hasOpening } from './opening.js'
import { bare, type ModuleNames, type Pen, type TS } from './pen.js'
import { bindPattern, isTypeOnly, lookUp, openScope, varNames } from './scope.js'
import { type Blocks, blocksAmong } from './spaces.js'
import { ASSIGNED, type Binding, type Declaration, type Fragment, type Name, type Site } from './summary.js'

export interface Draft {
  readonly ts: TS
  readonly file: ts.SourceFile
  readonly names: ModuleNames
  readonly effects: EffectContext
  readonly linkage: Linkage
  readonly blocks: Blocks
  /** Enums that a compiler has lowered. */
  readonly lowered: LoweredEnums
  readonly declarations: Declaration[]
  readonly sites: Site[]
  /** Hears every call instead of noting sites. */
  readonly onCall?: Pen['onCall']
}

/** Binds every top-level name; nothing is written yet. */
export function openDraft(ts: TS, file: ts.SourceFile): Draft {
  const linkage = readImports(ts, file)
  const enumValues = collectEnumValues(ts, file)
  const names: ModuleNames = {
    all: () => Object.keys(linkage.bindings),
    has: (name) => name in linkage.bindings,
    isNamespace: (name) => linkage.namespaces.has(name),
    enumValue: (name, member) => enumValues.get(`${name}.${member}`),
  }
  const harmless = markedHarmless(ts, file)
  const effects: EffectContext = {
    ts,
    file,
    isBound: names.has,
    isNamespace: names.isNamespace,
    isHarmless: (name) => harmless.has(name),
    constants: new Map(),
    enumValues,
    isOpening: hasOpening(ts, file),
    met: { staticField: false, bareComputed: false },
  }
  for (const statement of file.statements) {
    if (isTypeOnly(ts, statement)) continue
    for (const name of declaredNames(ts, statement)) linkage.bindings[name] ??= { kind: 'declaration', decl: -1, slot: 0 }
  }
  readExports(ts, file, linkage)
  const lowered = loweredEnums(ts, file.statements)
  return { ts, file, names, effects, linkage, blocks: blocksAmong(ts, file.statements, file), lowered, declarations: [], sites: [] }
}

function markedHarmless(ts: TS, file: ts.SourceFile): Set<string> {
  const found = new Set<string>()
  const mark = /[@#]__NO_SIDE_EFFECTS__/
  if (!mark.test(file.text)) return found
  for (const s of file.statements) {
    if (!mark.test(file.text.slice(s.pos, s.getStart(file)))) continue
    const name = ts.isFunctionDeclaration(s) ? s.name : ts.isVariableStatement(s) ? s.declarationList.declarations[0]?.name : undefined
    if (name && ts.isIdentifier(name)) found.add(name.text)
  }
  return found
}

function declaredNames(ts: TS, statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap((d) => patternNames(ts, d.name))
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return [statement.name?.text ?? DEFAULT]
  if (ts.isEnumDeclaration(statement)) return [statement.name.text]
  if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) return [statement.name.text]
  if (ts.isExportAssignment(statement)) return [DEFAULT]
  if (ts.isImportEqualsDeclaration(statement) && !statement.isTypeOnly && !ts.isExternalModuleReference(statement.moduleReference))
    return [statement.name.text]
  return [...varNames(ts, statement).keys()]
}

export function patternNames(ts: TS, name: ts.BindingName): string[] {
  const scope = openScope(undefined)
  bindPattern(ts, scope, name)
  return [...scope.names.keys()]
}

export function draftPen(draft: Draft, options: PenOptions = {}): Pen {
  return openPen(draft.ts, draft.file, draft.names, {
    ...options,
    onCall: draft.onCall ?? ((pen, node, callee) => addCallSite(draft, pen, node, callee)),
  })
}

type Facts = Omit<Declaration, keyof ReturnType<typeof normalize>>

/** Writes a declaration and keeps it; answers its index. */
export function add(draft: Draft, facts: Facts, write: (pen: Pen) => void, options?: PenOptions): number {
  const { declarations } = draft
  // What can be felt is evaluated as a whole.
  const assigned = facts.impure ? undefined : openAssigned()
  const declaration = { ...facts, ...normalize(draftPen(draft, { ...options, assigned }), write) }
  const index = declarations.push(declaration) - 1
  const values = assigned?.all() ?? []
  if (values.length === 0) return index
  const assigns = values.map(([name, list]) => [name, list.map((fragment) => addValue(draft, facts.at, name, fragment))] as const)
  declarations[index] = { ...declaration, assigns: Object.fromEntries(assigns) }
  return index
}

function addValue({ declarations }: Draft, at: number, name: string, fragment: Fragment): number {
  return declarations.push({ kind: 'expression', name: `${name} =`, at, impure: false, ...fragment }) - 1
}

/** Writes that a later declaration of a name (a merged namespace, a second `var`) writes to what the first one made. */
export function writeMerge({ linkage }: Draft, pen: Pen, name: string, at: number): void {
  const binding = linkage.bindings[name]
  if (binding?.kind !== 'declaration' || binding.decl === -1) return
  pen.assigned?.note(name)
  pen.writer.mention('binding', name, ASSIGNED, at)
}

/** The first declaration of a name is what the name stands for. */
export function claim(draft: Draft, names: readonly string[], decl: number): boolean {
  let isFirst = true
  names.forEach((name, slot) => {
    const binding = draft.linkage.bindings[name]
    if (binding?.kind === 'declaration' && binding.decl === -1)
      (draft.linkage.bindings as Record<string, Binding>)[name] = { kind: 'declaration', decl, slot }
    else isFirst = false
  })
  return isFirst
}

export function lineOf({ file }: Draft, at: number): number {
  return file.getLineAndCharacterOfPosition(at).line + 1
}

/** A call that is given a function, of something that has a top-level name: the linker tells whether it makes a step. */
function addCallSite(draft: Draft, pen: Pen, node: ts.CallExpression, callee: ts.Expression): void {
  const { ts, file, names } = draft
  const mayBeFunction = (a: ts.Expression): boolean =>
    ts.isIdentifier(a) || ts.isArrowFunction(a) || ts.isFunctionExpression(a) || ts.isPropertyAccessExpression(a) || ts.isCallExpression(a)
  if (!node.arguments.some((a) => mayBeFunction(bare(ts, a)))) return
  const name = calleeName(draft, callee)
  if (name !== undefined && names.has(name.name) && lookUp(pen.scope, name.name) === undefined)
    draft.sites.push({ kind: 'call', at: node.getStart(file), callees: [name] })
}

/** `name` or `name.member`; for `name(...)` as a decorator, what is called. */
export function calleeName({ ts }: Draft, given: ts.Expression): Name | undefined {
  let node = bare(ts, given)
  while (ts.isCallExpression(node)) node = bare(ts, node.expression)
  if (ts.isIdentifier(node)) return { name: node.text }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) return { name: node.expression.text, member: node.name.text }
  return undefined
}
