// One module -> its declarations, their normal form, what each one mentions. A pure function of the text, the dialect and the JSX runtime: it reads no
// other file and asks no type checker.

import type ts from 'typescript'
import { summarizeClass } from './class-members.js'
import { readTags } from './doc-tags.js'
import { add, addOutline, claim, type Draft, isFirst, lineOf, openDraft, parametersOf, writeMerge } from './draft.js'
import { effectsOf, isPureStatement } from './effects.js'
import { addEnum } from './enum-members.js'
import { enumMembers } from './enums.js'
import { DEFAULT } from './imports.js'
import { summarizeJson } from './json.js'
import { writeBlock } from './namespaces.js'
import { readOpening } from './opening.js'
import { declarationAt, isOutline, maySay } from './outlines.js'
import type { Pen, TS } from './pen.js'
import { isTypeOnly, varNames } from './scope.js'
import type { Block } from './spaces.js'
import type { Declaration, Dialect, Summary } from './summary.js'
import { readTypes } from './types.js'
import { addAlias, addDefault, addVariable } from './variables.js'

export function parse(ts: TS, fileName: string, text: string, dialect: Dialect): ts.SourceFile {
  const kind = { ts: ts.ScriptKind.TS, tsx: ts.ScriptKind.TSX, js: ts.ScriptKind.JS, jsx: ts.ScriptKind.JSX, json: ts.ScriptKind.JSON }[
    dialect
  ]
  // JavaScript is read as TSX would be: its types are none, and Flow is not ours.
  return ts.createSourceFile(
    fileName,
    // Whoever reads files takes the byte order mark off, and only then is `#!` the first of the text. Offsets stay.
    text.replace(/^\uFEFF#!/, ' //'),
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: 1 as ts.JSDocParsingMode },
    false,
    kind,
  )
}

export function summarize(ts: TS, file: ts.SourceFile, dialect: Dialect, runtime?: string): Summary {
  if (dialect === 'json') return summarizeJson(file.text)
  const draft = openDraft(ts, file, runtime)
  const { linkage } = draft
  summarizeStatements(draft)
  const { declarations } = draft
  const summary: Summary = {
    declarations,
    bindings: linkage.bindings,
    imports: [],
    exports: linkage.exports,
    stars: linkage.stars,
    sites: draft.sites,
    readTypes: () => readTypes(ts, file),
  }
  const used = new Set<string>()
  for (const d of declarations) if (!isOutline(d)) addNames(d, used)
  for (const e of Object.values(linkage.exports)) if (e.kind === 'local') used.add(e.name)
  const isUsed = (name: string): boolean => {
    const names = [name]
    // No more is written than tells so; what one name has had written tells of the others, too.
    for (let i = 0; i < declarations.length && !used.has(name); i++) {
      const d = declarations[i]!
      if (isOutline(d) && maySay(d, names)) addNames(declarationAt(summary, i), used)
    }
    return used.has(name)
  }
  const keepsAll = dialect === 'js' || dialect === 'jsx'
  const imports = linkage.imports.map(({ names, evaluated, ...i }) => ({ ...i, evaluated: evaluated || keepsAll || names.some(isUsed) }))
  return { ...summary, imports }
}

function addNames({ mentions }: Declaration, names: Set<string>): void {
  for (const m of mentions) if (m.kind === 'binding') names.add(m.name)
}

/** Top-level statements, in order. */
export function summarizeStatements(draft: Draft, statements: readonly ts.Statement[] = draft.file.statements): void {
  const { lowered, blocks } = draft
  const hasTags = draft.file.text.includes('@mintmark')
  for (const statement of statements) {
    const made = lowered.enums.get(statement)
    const block = blocks.blocks.get(statement)
    const first = draft.declarations.length
    if (made !== undefined) addEnum(draft, { ...made, at: statement.getStart(draft.file) })
    else if (block !== undefined) addNamespace(draft, block)
    else if (!lowered.variables.has(statement) && !blocks.variables.has(statement)) addStatement(draft, statement)
    if (hasTags) tagDeclarations(draft, statement, first)
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
      const facts = { kind: 'function', name, at, impure: false, constant: true, callable: true } as const
      const write = (pen: Pen): void => {
        writeMerge(draft, pen, name, at)
        pen.functionLike(node)
      }
      const index = isFirst(draft, name)
        ? addOutline(draft, facts, node)
        : add(draft, Object.assign(facts, parametersOf(draft, node)), write)
      claim(draft, [name], index)
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
      return addEnum(draft, {
        name: (statement as ts.EnumDeclaration).name.text,
        at,
        members: enumMembers(ts, statement as ts.EnumDeclaration, draft.effects.enumValues),
      })
    case K.ExportAssignment:
      return addDefault(draft, statement as ts.ExportAssignment)
    case K.ImportEqualsDeclaration: {
      const node = statement as ts.ImportEqualsDeclaration
      if (!node.isTypeOnly && !ts.isExternalModuleReference(node.moduleReference)) addAlias(draft, node, node.moduleReference)
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

function addNamespace(draft: Draft, block: Block): void {
  const { name, at } = block
  const space = [...draft.blocks.blocks.values()].filter((b) => b.name === name)
  const index = add(draft, { kind: 'namespace', name, at, impure: true }, (pen) => {
    writeMerge(draft, pen, name, at)
    writeBlock(pen, block, space)
  })
  claim(draft, [name], index)
}
