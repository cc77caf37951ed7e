// One module -> its declarations, their normal form, what each one mentions. A pure function of the text and the dialect: it reads no
// other file and asks no type checker.

import type ts from 'typescript'
import { digest } from '../runtime/contract.js'
import { summarizeClass } from './class-members.js'
import { primitiveType } from './constants.js'
import { readTags } from './doc-tags.js'
import { add, claim, type Draft, lineOf, openDraft, patternNames, writeMerge } from './draft.js'
import { type Effects, effectsOf, isConstant, isPure, isPureStatement, isPureVariable, isWrittenHere } from './effects.js'
import { type EnumMember, enumMembers, loweredEnum, writeEnum, writeEnumMember } from './enums.js'
import { writeProperty } from './expressions.js'
import { DEFAULT } from './imports.js'
import { writeNamespace } from './namespaces.js'
import { readConstant, readOpening } from './opening.js'
import { writeBinding, writeDefault } from './patterns.js'
import { bare, type TS } from './pen.js'
import { isTypeOnly, varNames } from './scope.js'
import { listTag } from './statements.js'
import type { Dialect, Member, Summary, TypeName } from './summary.js'
import { parameterTypes, readTypes } from './types.js'

export function parse(ts: TS, fileName: string, text: string, dialect: Dialect): ts.SourceFile {
  const kind = { ts: ts.ScriptKind.TS, tsx: ts.ScriptKind.TSX, js: ts.ScriptKind.JS, jsx: ts.ScriptKind.JSX, json: ts.ScriptKind.JSON }[
    dialect
  ]
  // JavaScript is read as TSX would be: its types are none, and Flow is not ours.
  return ts.createSourceFile(
    fileName,
    // Whoever reads files takes the byte order mark off, and only then is `#!` the first of the text. Offsets stay.
    text.startsWith('\uFEFF#!') ? text.replace('\uFEFF#!', ' //') : text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: 1 as ts.JSDocParsingMode },
    false,
    kind,
  )
}

export function summarize(ts: TS, file: ts.SourceFile, dialect: Dialect): Summary {
  if (dialect === 'json') return summarizeJson(file.text)
  const draft = openDraft(ts, file)
  const { linkage } = draft
  summarizeStatements(draft)
  const used = new Set(draft.declarations.flatMap((d) => d.mentions.filter((m) => m.kind === 'binding').map((m) => m.name)))
  for (const e of Object.values(linkage.exports)) if (e.kind === 'local') used.add(e.name)
  const keepsAll = dialect === 'js' || dialect === 'jsx'
  return {
    declarations: draft.declarations,
    bindings: linkage.bindings,
    imports: linkage.imports.map(({ names, evaluated, ...i }) => ({
      ...i,
      evaluated: evaluated || keepsAll || names.some((n) => used.has(n)),
    })),
    exports: linkage.exports,
    stars: linkage.stars,
    sites: draft.sites,
    ...readTypes(ts, file),
  }
}

/** Top-level statements, in order. */
export function summarizeStatements(draft: Draft, statements: readonly ts.Statement[] = draft.file.statements): void {
  const lowered = loweredEnums(draft)
  for (const statement of statements) {
    const members = lowered.get(statement)
    const first = draft.declarations.length
    if (members !== undefined) addLoweredEnum(draft, members)
    else if (![...lowered.values()].some((e) => e.variable === statement)) addStatement(draft, statement)
    tagDeclarations(draft, statement, first)
    readOpening(draft.effects, statement)
  }
}

/** What the comments before a statement say of what it declares; members have comments of their own. */
function tagDeclarations({ file, declarations }: Draft, statement: ts.Statement, first: number): void {
  const tags = readTags(file.text.slice(statement.pos, statement.getStart(file)))
  if (tags === undefined) return
  for (let i = first; i < declarations.length; i++)
    if (declarations[i]!.owner === undefined) declarations[i] = { ...declarations[i]!, ...tags }
}

/** JSON counts by its value, not by its layout (K6). Text that does not parse counts as it is. After the whole come its properties, by name. */
function summarizeJson(text: string): Summary {
  let canonical = text
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
    canonical = JSON.stringify(value)
  } catch {}
  const own = digest(`json ${canonical}`)
  const parts = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
  const named = parts.filter(([name]) => /^[\w$]+$/.test(name) && name !== 'default')
  const facts = {
    kind: 'expression',
    name: 'default',
    at: 0,
    impure: false,
    constant: false,
    mentions: [],
    properties: [],
    traits: 0,
  } as const
  return {
    declarations: [{ ...facts, own }, ...named.map(([name, part]) => ({ ...facts, name, own: digest(`json ${JSON.stringify(part)}`) }))],
    bindings: { [DEFAULT]: { kind: 'declaration', decl: 0, slot: 0 } },
    imports: [],
    exports: { default: { kind: 'local', name: DEFAULT } },
    stars: [],
    sites: [],
  }
}

function addStatement(draft: Draft, statement: ts.Statement): void {
  const { ts, file } = draft
  const K = ts.SyntaxKind
  if (isTypeOnly(ts, statement)) return
  const at = statement.getStart(file)
  switch (statement.kind) {
    case K.ImportDeclaration:
    case K.ExportDeclaration:
    case K.EmptyStatement:
      return
    case K.FunctionDeclaration: {
      const node = statement as ts.FunctionDeclaration
      const name = node.name?.text ?? DEFAULT
      claim(
        draft,
        [name],
        add(draft, { kind: 'function', name, at, impure: false, constant: true, callable: true, ...parametersOf(draft, node) }, (pen) => {
          writeMerge(draft, pen, name, at)
          pen.functionLike(node)
        }),
      )
      return
    }
    case K.ClassDeclaration:
      return summarizeClass(draft, statement as ts.ClassDeclaration)
    case K.VariableStatement: {
      const { declarationList } = statement as ts.VariableStatement
      for (const node of declarationList.declarations) addVariable(draft, node, declarationList)
      return
    }
    case K.EnumDeclaration:
      return addEnum(draft, statement as ts.EnumDeclaration)
    case K.ModuleDeclaration:
      return addNamespace(draft, statement as ts.ModuleDeclaration)
    case K.ExportAssignment:
      return addDefault(draft, statement as ts.ExportAssignment)
    case K.ImportEqualsDeclaration: {
      const node = statement as ts.ImportEqualsDeclaration
      if (node.isTypeOnly || ts.isExternalModuleReference(node.moduleReference)) return
      claim(
        draft,
        [node.name.text],
        add(draft, { kind: 'variable', name: node.name.text, at, impure: false }, (pen) => pen.statements([node])),
      )
      return
    }
    default: {
      const isDirective = ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)
      if (isDirective) return
      const felt = effectsOf(draft.effects, () => isPureStatement(draft.effects, statement))
      claim(
        draft,
        [...varNames(ts, statement).keys()],
        add(draft, { kind: 'statement', name: `statement:${lineOf(draft, at)}`, at, ...felt }, (pen) => pen.statements([statement])),
      )
    }
  }
}

function addVariable(draft: Draft, node: ts.VariableDeclaration, list: ts.VariableDeclarationList): void {
  const { ts, file, effects } = draft
  const names = patternNames(ts, node.name)
  const { initializer } = node
  const isUsing = (list.flags & ts.NodeFlags.Using) !== 0
  const felt: Effects = effectsOf(effects, () => !isUsing && isPureVariable(effects, node))
  readConstant(effects, node, list.flags)
  const facts = {
    kind: 'variable',
    name: names[0] ?? 'pattern',
    at: node.getStart(file),
    ...felt,
    constant: isConstant(effects, initializer),
  } as const
  const value = initializer && bare(ts, initializer)
  const alias =
    value && ts.isIdentifier(value) && ts.isIdentifier(node.name) && value.text in draft.linkage.bindings ? value.text : undefined
  const callable = value !== undefined && ts.isArrowFunction(value)
  const more = { ...(alias !== undefined && { alias }), ...(callable && { callable }), ...parametersOf(draft, value) }
  const index = add(draft, { ...facts, ...more }, (pen) => {
    pen.writer.tag(isUsing ? listTag(pen, list) : 'variable')
    if (ts.isIdentifier(node.name)) writeMerge(draft, pen, node.name.text, facts.at)
    else writeBinding(pen, node.name)
    writeDefault(pen, initializer)
  })
  claim(draft, names, index)
  if (value && ts.isIdentifier(node.name)) addValueParts(draft, index, value)
}

function parametersOf({ ts }: Draft, node: ts.Node | undefined): { parameters?: readonly TypeName[] } {
  const parameters = ts.isFunctionLike(node) ? parameterTypes(ts, node) : []
  return parameters.length > 0 ? { parameters } : {}
}

/** The members of an object literal by themselves; a class as a site. */
function addValueParts(draft: Draft, index: number, value: ts.Expression): void {
  if (draft.ts.isObjectLiteralExpression(value)) addObjectMembers(draft, index, value)
  if (draft.ts.isClassExpression(value)) draft.sites.push({ kind: 'class', at: value.getStart(draft.file), callees: [] })
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

function addEnum(draft: Draft, node: ts.EnumDeclaration): void {
  const members = enumMembers(draft.ts, node, draft.effects.enumValues)
  addEnumMembers(draft, node.name.text, node.getStart(draft.file), members)
}

function addLoweredEnum(draft: Draft, lowered: NonNullable<ReturnType<typeof loweredEnum>>): void {
  addEnumMembers(draft, lowered.name, lowered.at, lowered.members)
}

function addEnumMembers(draft: Draft, name: string, at: number, members: readonly EnumMember[]): void {
  const felt = effectsOf(draft.effects, () => isPureEnum(draft, members))
  const owner = add(draft, { kind: 'enum', name, at, ...felt }, (pen) => {
    writeMerge(draft, pen, name, at)
    writeEnum(pen, members)
  })
  if (!claim(draft, [name], owner)) return
  // A member that is computed may read the others: it has no code of its own.
  const constants = members.filter((m) => typeof m.value !== 'object')
  const list = constants.map((m): Member => {
    const facts = { kind: 'member', name: m.name, at, impure: false, owner } as const
    return { name: m.name, kind: 'field', isStatic: true, decl: add(draft, facts, (pen) => writeEnumMember(pen, m, members)) }
  })
  draft.declarations[owner] = { ...draft.declarations[owner]!, members: list }
}

function isPureEnum({ effects }: Draft, members: readonly EnumMember[]): boolean {
  const names = new Set(members.map((m) => m.name))
  const inside = { ...effects, isBound: (name: string): boolean => names.has(name) || effects.isBound(name) }
  return members.every((m) => typeof m.value !== 'object' || isPure(inside, m.value))
}

function loweredEnums(draft: Draft): Map<ts.Statement, NonNullable<ReturnType<typeof loweredEnum>>> {
  const found = new Map<ts.Statement, NonNullable<ReturnType<typeof loweredEnum>>>()
  for (const statement of draft.file.statements) {
    const lowered = loweredEnum(draft.ts, draft.file, statement)
    if (lowered !== undefined) found.set(statement, lowered)
  }
  return found
}

function addNamespace(draft: Draft, node: ts.ModuleDeclaration): void {
  const { ts, file } = draft
  if (!ts.isIdentifier(node.name)) return
  const name = node.name.text
  const index = add(draft, { kind: 'namespace', name, at: node.getStart(file), impure: true }, (pen) => {
    writeMerge(draft, pen, name, node.getStart(file))
    writeNamespace(pen, node)
  })
  claim(draft, [name], index)
}

/** `export default x` of something that has no name is a variable that has none. */
function addDefault(draft: Draft, node: ts.ExportAssignment): void {
  const { ts, file, effects, linkage } = draft
  const { expression } = node
  if (ts.isIdentifier(expression) && linkage.bindings[expression.text]) return
  const facts = {
    kind: 'expression',
    name: 'default',
    at: node.getStart(file),
    ...effectsOf(effects, () => isPure(effects, expression)),
    constant: primitiveType(effects, expression) !== undefined,
  } as const
  const index = add(draft, facts, (pen) => {
    pen.writer.tag('variable')
    writeDefault(pen, expression)
  })
  claim(draft, [DEFAULT], index)
  addValueParts(draft, index, bare(ts, expression))
}
