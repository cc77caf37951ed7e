// Work on one module: the declarations found so far, and how to write more.

import type ts from 'typescript'
import { givesObject, openAssigned } from './assigned.js'
import type { EffectContext } from './effects.js'
import { collectEnumValues } from './enum-values.js'
import { type LoweredEnums, loweredEnums } from './enums.js'
import { DEFAULT, type Linkage, readExports, readImports } from './imports.js'
import { normalize, openPen, type PenOptions } from './normalize.js'
import { hasOpening } from './opening.js'
import { writeDefault } from './patterns.js'
import { bare, type ModuleNames, type Pen, type TS } from './pen.js'
import { bindPattern, isTypeOnly, lookUp, openScope, varNames } from './scope.js'
import { type Blocks, blocksAmong } from './spaces.js'
import {
  ASSIGNED,
  type Code,
  type Declaration,
  type Facts,
  type Fragment,
  type Name,
  type Outline,
  type Site,
  type TypeName,
} from './summary.js'
import { parameterTypes } from './types.js'

/** What the code of a module is written with. */
export interface Source {
  readonly ts: TS
  readonly file: ts.SourceFile
  readonly names: ModuleNames
  /** Hears every call instead of noting them. */
  readonly onCall?: Pen['onCall']
}

export interface Draft extends Source {
  /** The same without the work. */
  readonly source: Source
  readonly effects: EffectContext
  readonly linkage: Linkage
  readonly blocks: Blocks
  /** Enums that a compiler has lowered. */
  readonly lowered: LoweredEnums
  readonly declarations: (Declaration | Outline)[]
  readonly sites: Site[]
}

/** Binds every top-level name; nothing is written yet. `runtime`: the package of the automatic JSX runtime, where there is one. */
export function openDraft(ts: TS, file: ts.SourceFile, runtime?: string): Draft {
  const linkage = readImports(ts, file)
  const enumValues = collectEnumValues(ts, file)
  const names = namesOf(linkage, enumValues, runtime)
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
    met: { assign: false, define: false },
  }
  for (const statement of file.statements) bindDeclared(ts, statement, linkage)
  readExports(ts, file, linkage)
  const lowered = loweredEnums(ts, file.statements)
  return {
    ts,
    file,
    names,
    source: { ts, file, names },
    effects,
    linkage,
    blocks: blocksAmong(ts, file.statements, file),
    lowered,
    declarations: [],
    sites: [],
  }
}

const NONE: ReadonlySet<string> = new Set()

/** Apart, so that whoever keeps them keeps no more. */
function namesOf(
  { bindings, namespaces, imports }: Linkage,
  enumValues: ReadonlyMap<string, string | number>,
  runtime?: string,
): ModuleNames {
  return {
    all: () => Object.keys(bindings),
    has: (name) => name in bindings,
    isNamespace: (name) => namespaces.has(name),
    isOfRuntime: (name) => {
      const binding = runtime === undefined ? undefined : bindings[name]
      return binding?.kind === 'import' && /^(?:default|\*)$/.test(binding.name) && imports[binding.from]?.specifier === runtime
    },
    enumValue: (name, member) => enumValues.get(`${name}.${member}`),
  }
}

function markedHarmless(ts: TS, file: ts.SourceFile): ReadonlySet<string> {
  const mark = /[@#]__NO_SIDE_EFFECTS__/
  if (!mark.test(file.text)) return NONE
  const found = new Set<string>()
  for (const s of file.statements) {
    if (!mark.test(file.text.slice(s.pos, s.getStart(file)))) continue
    const name = ts.isFunctionDeclaration(s) ? s.name : ts.isVariableStatement(s) ? s.declarationList.declarations[0]?.name : undefined
    if (name && ts.isIdentifier(name)) found.add(name.text)
  }
  return found
}

function bindDeclared(ts: TS, statement: ts.Statement, { bindings }: Linkage): void {
  const K = ts.SyntaxKind
  if (statement.kind === K.ImportDeclaration || statement.kind === K.ExportDeclaration || isTypeOnly(ts, statement)) return
  if (ts.isFunctionDeclaration(statement)) bindings[statement.name?.text ?? DEFAULT] ??= { kind: 'declaration', decl: -1, slot: 0 }
  else for (const name of declaredNames(ts, statement)) bindings[name] ??= { kind: 'declaration', decl: -1, slot: 0 }
}

function declaredNames(ts: TS, statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap((d) => patternNames(ts, d.name))
  if (ts.isClassDeclaration(statement)) return [statement.name?.text ?? DEFAULT]
  if (ts.isEnumDeclaration(statement)) return [statement.name.text]
  if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) return [statement.name.text]
  if (ts.isExportAssignment(statement)) return [DEFAULT]
  if (ts.isImportEqualsDeclaration(statement) && !statement.isTypeOnly && !ts.isExternalModuleReference(statement.moduleReference))
    return [statement.name.text]
  return [...varNames(ts, statement).keys()]
}

export function patternNames(ts: TS, name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  const scope = openScope(undefined)
  bindPattern(ts, scope, name)
  return [...scope.names.keys()]
}

export function draftPen(draft: Source, options: PenOptions = {}): Pen {
  return openPen(draft.ts, draft.file, draft.names, { onCall: draft.onCall, ...options })
}

/** What can be felt is evaluated as a whole. */
function fragmentOf(draft: Source, write: (pen: Pen) => void, options?: PenOptions, isFelt = false): Fragment {
  const calls: Site[] = []
  const onCall: Pen['onCall'] = draft.onCall ?? ((pen, node, callee) => addCall(draft, calls, pen, node, callee))
  const assigned = isFelt ? undefined : openAssigned()
  const fragment = normalize(draftPen(draft, { ...options, onCall, assigned }), write)
  const assigns = assigned?.all() ?? []
  if (calls.length > 0) Object.assign(fragment, { calls })
  return assigns.length > 0 ? Object.assign(fragment, { assigns: Object.fromEntries(assigns) }) : fragment
}

/** Each element of JSX ends so: with `</` or `/>`. */
const JSX_END = /<\/|\/(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n\r\u2028\u2029]*)*>/

export type OutlinedNode = ts.FunctionDeclaration | ts.VariableDeclaration

/** Writes a declaration and keeps it, as the object that the facts are; answers its index. */
export function add(draft: Draft, facts: Facts, write: (pen: Pen) => void, options?: PenOptions): number {
  return draft.declarations.push(Object.assign(facts, fragmentOf(draft, write, options, facts.impure))) - 1
}

/** What the types of its parameters mention, of a function. */
export function parametersOf({ ts }: Pick<Source, 'ts'>, node: ts.Node | undefined): { parameters?: readonly TypeName[] } {
  const parameters = ts.isFunctionLike(node) ? parameterTypes(ts, node) : []
  return parameters.length > 0 ? { parameters } : {}
}

/** The same for a function, or a variable that is one, that is the first declaration of its name: its code is written when somebody asks for it. */
export function addOutline(draft: Draft, facts: Omit<Facts, 'parameters'>, node: OutlinedNode): number {
  if (draft.onCall !== undefined) return draft.declarations.push(Object.assign(facts, writerOf(draft, node)())) - 1
  const write = writerOf(draft.source, node)
  const text = draft.file.text.slice(node.pos, node.end)
  const mayHoldJsx = draft.file.languageVariant === draft.ts.LanguageVariant.JSX && JSX_END.test(text)
  return draft.declarations.push(Object.assign(facts, { text: mayHoldJsx ? undefined : text, write })) - 1
}

/** It keeps no more than it needs: there is one for each function of a project. */
function writerOf(source: Source, node: OutlinedNode): () => Code {
  const { ts } = source
  if (ts.isFunctionDeclaration(node))
    return () =>
      Object.assign(
        fragmentOf(source, (pen) => pen.functionLike(node)),
        givenBy(ts, node),
        parametersOf(source, node),
      )
  const initializer = node.initializer!
  const write = (pen: Pen): void => {
    pen.writer.tag('variable')
    writeDefault(pen, initializer)
  }
  const value = bare(ts, initializer)
  return () => Object.assign(fragmentOf(source, write), givenBy(ts, value), parametersOf(source, value))
}

function givenBy(ts: TS, node: ts.Node): Pick<Facts, 'givesObject'> {
  return (ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && givesObject(ts, node)
    ? { givesObject: true }
    : {}
}

export function isFirst({ linkage }: Pick<Draft, 'linkage'>, name: string): boolean {
  const binding = linkage.bindings[name]
  return binding?.kind !== 'declaration' || binding.decl === -1
}

/** Writes that a later declaration of a name (a merged namespace, a second `var`) writes to what the first one made. */
export function writeMerge({ linkage }: Draft, pen: Pen, name: string, at: number): void {
  if (isFirst({ linkage }, name)) return
  pen.assigned?.note(name)
  pen.writer.mention('binding', name, ASSIGNED, at)
}

/** The first declaration of a name is what the name stands for. */
export function claim(draft: Draft, names: readonly string[], decl: number): boolean {
  const { bindings } = draft.linkage
  let isNew = true
  for (let slot = 0; slot < names.length; slot++) {
    const name = names[slot]!
    const binding = bindings[name]
    if (binding?.kind === 'declaration' && binding.decl === -1) bindings[name] = { kind: 'declaration', decl, slot }
    else isNew = false
  }
  return isNew
}

export function lineOf({ file }: Draft, at: number): number {
  return file.getLineAndCharacterOfPosition(at).line + 1
}

/** A call that is given a function, of something that has a top-level name: the linker tells whether it makes a step. */
function addCall(draft: Source, calls: Site[], pen: Pen, node: ts.CallExpression, callee: ts.Expression): void {
  const { ts, file, names } = draft
  const mayBeFunction = (a: ts.Expression): boolean =>
    ts.isIdentifier(a) || ts.isArrowFunction(a) || ts.isFunctionExpression(a) || ts.isPropertyAccessExpression(a) || ts.isCallExpression(a)
  if (!node.arguments.some((a) => mayBeFunction(bare(ts, a)))) return
  const name = calleeName(draft, callee)
  if (name !== undefined && names.has(name.name) && lookUp(pen.scope, name.name) === undefined)
    calls.push({ at: node.getStart(file), callees: [name] })
}

/** `name` or `name.member`; for `name(...)` as a decorator, what is called. */
export function calleeName({ ts }: Pick<Source, 'ts'>, given: ts.Expression): Name | undefined {
  let node = bare(ts, given)
  while (ts.isCallExpression(node)) node = bare(ts, node.expression)
  if (ts.isIdentifier(node)) return { name: node.text }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) return { name: node.expression.text, member: node.name.text }
  return undefined
}
