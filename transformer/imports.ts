// The imports and exports of a module, and the names that they bind.

import type ts from 'typescript'
import { bare, type TS } from './pen.js'
import { bindList, hasModifier, isTypeOnly, openScope } from './scope.js'
import type { Binding, Export, Import } from './summary.js'

/** The top-level name of `export default` of something that has no name. No identifier looks like it. */
export const DEFAULT = '*default*'

export interface Linkage {
  readonly imports: (Import & { readonly names: readonly string[] })[]
  readonly bindings: Record<string, Binding>
  readonly namespaces: Set<string>
  readonly exports: Record<string, Export>
  readonly stars: number[]
}

/** What the import statements bind. */
export function readImports(ts: TS, file: ts.SourceFile): Linkage {
  const linkage: Linkage = { imports: [], bindings: Object.create(null), namespaces: new Set(), exports: Object.create(null), stars: [] }
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) readImport(ts, file, statement, linkage)
    else if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference) && !statement.isTypeOnly) {
      const { expression } = statement.moduleReference
      if (!ts.isStringLiteralLike(expression)) continue
      const names = [statement.name.text]
      const from = addImport(linkage, file, statement, {
        specifier: expression.text,
        bare: false,
        evaluated: false,
        names,
        type: undefined,
      })
      linkage.bindings[statement.name.text] = { kind: 'import', from, name: 'export=' }
      if (hasModifier(ts, statement, ts.SyntaxKind.ExportKeyword))
        linkage.exports[statement.name.text] = { kind: 'local', name: statement.name.text }
    }
  }
  return linkage
}

function readImport(ts: TS, file: ts.SourceFile, statement: ts.ImportDeclaration, linkage: Linkage): void {
  const clause = statement.importClause
  if (!ts.isStringLiteralLike(statement.moduleSpecifier) || clause?.isTypeOnly) return
  const bound: [local: string, imported: string][] = []
  if (clause?.name) bound.push([clause.name.text, 'default'])
  const named = clause?.namedBindings
  if (named && ts.isNamespaceImport(named)) bound.push([named.name.text, '*'])
  else if (named) for (const e of named.elements) if (!e.isTypeOnly) bound.push([e.name.text, (e.propertyName ?? e.name).text])
  const names = bound.map(([local]) => local)
  const isBare = clause === undefined
  const type = attribute(ts, statement.attributes)
  const from = addImport(linkage, file, statement, {
    specifier: statement.moduleSpecifier.text,
    bare: isBare,
    evaluated: isBare,
    names,
    type,
  })
  for (const [local, name] of bound) {
    linkage.bindings[local] = { kind: 'import', from, name }
    if (name === '*') linkage.namespaces.add(local)
  }
}

/** The module that a name is imported from, as a value or as a type. */
export function importedFrom(ts: TS, file: ts.SourceFile, name: string): string | undefined {
  for (const s of file.statements) {
    if (!ts.isImportDeclaration(s) || !ts.isStringLiteralLike(s.moduleSpecifier)) continue
    const { name: own, namedBindings: named } = s.importClause ?? {}
    const names = named === undefined ? [] : ts.isNamespaceImport(named) ? [named.name] : named.elements.map((e) => e.name)
    if (own?.text === name || names.some((n) => n.text === name)) return s.moduleSpecifier.text
  }
  return undefined
}

/** The names by which a file calls members of such a module, as `name` or `module.name`. */
export function namesFrom(ts: TS, file: ts.SourceFile, specifier: RegExp, members: readonly string[]): Set<string> {
  const names = new Set<string>()
  for (const s of file.statements) {
    if (!ts.isImportDeclaration(s) || !ts.isStringLiteralLike(s.moduleSpecifier) || !specifier.test(s.moduleSpecifier.text)) continue
    const { name, namedBindings: bound } = s.importClause ?? {}
    const elements = bound && ts.isNamedImports(bound) ? bound.elements : []
    for (const e of elements) if (members.includes((e.propertyName ?? e.name).text)) names.add(e.name.text)
    const wholes = [name, bound && ts.isNamespaceImport(bound) ? bound.name : undefined]
    for (const whole of wholes) if (whole) for (const member of members) names.add(`${whole.text}.${member}`)
  }
  return names
}

/** `a.b.c` for a chain of plain names, `import.meta` among them. */
export function dotted(ts: TS, node: ts.Expression): string | undefined {
  let members = ''
  for (; ts.isPropertyAccessExpression(node); node = bare(ts, node.expression)) members = `.${node.name.text}${members}`
  if (ts.isIdentifier(node)) return node.text + members
  return ts.isMetaProperty(node) && node.name.text === 'meta' ? `import.meta${members}` : undefined
}

function attribute(ts: TS, attributes: ts.ImportAttributes | undefined): string | undefined {
  const type = attributes?.elements.find((e) => e.name.text === 'type')?.value
  return type && ts.isStringLiteralLike(type) ? type.text : undefined
}

type NewImport = Omit<Linkage['imports'][number], 'at' | 'type'> & { type: string | undefined }

function addImport(linkage: Linkage, file: ts.SourceFile, node: ts.Node, given: NewImport): number {
  const { specifier, bare, evaluated, names, type } = given
  const own: Linkage['imports'][number] = { specifier, bare, evaluated, names, at: node.getStart(file) }
  return linkage.imports.push(type === undefined ? own : { ...own, type }) - 1
}

/** What the export statements and `export` modifiers give out. `bindings` holds every top-level name that is a value. */
export function readExports(ts: TS, file: ts.SourceFile, linkage: Linkage): void {
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) readExport(ts, file, statement, linkage)
    else if (ts.isExportAssignment(statement)) {
      if (isTypeGivenOut(ts, file, statement, linkage)) continue
      const expression = bare(ts, statement.expression)
      const name = ts.isIdentifier(expression) && linkage.bindings[expression.text] ? expression.text : DEFAULT
      linkage.exports[statement.isExportEquals ? 'export=' : 'default'] = { kind: 'local', name }
    } else if (hasModifier(ts, statement, ts.SyntaxKind.ExportKeyword) && !isTypeOnly(ts, statement)) readModified(ts, statement, linkage)
  }
}

/** `export default T` for an interface or an alias of a type: compilers leave it out. */
export function isTypeGivenOut(ts: TS, file: ts.SourceFile, { expression }: ts.ExportAssignment, { bindings }: Linkage): boolean {
  if (!ts.isIdentifier(expression) || bindings[expression.text] !== undefined) return false
  return file.statements.some((s) => (ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s)) && s.name.text === expression.text)
}

function readModified(ts: TS, statement: ts.Statement, linkage: Linkage): void {
  if (ts.isVariableStatement(statement)) {
    const scope = openScope(undefined)
    bindList(ts, scope, statement.declarationList)
    for (const name of scope.names.keys()) linkage.exports[name] = { kind: 'local', name }
    return
  }
  const name = (statement as ts.FunctionDeclaration).name?.text
  const isDefault = hasModifier(ts, statement, ts.SyntaxKind.DefaultKeyword)
  const exported = isDefault ? 'default' : name
  // `export import x = require(...)` has been read with the imports.
  if (exported !== undefined && !(ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference)))
    linkage.exports[exported] = { kind: 'local', name: name ?? DEFAULT }
}

function readExport(ts: TS, file: ts.SourceFile, statement: ts.ExportDeclaration, linkage: Linkage): void {
  const { exportClause, moduleSpecifier } = statement
  if (statement.isTypeOnly) return
  if (moduleSpecifier && ts.isStringLiteralLike(moduleSpecifier)) {
    const type = attribute(ts, statement.attributes)
    const from = addImport(linkage, file, statement, { specifier: moduleSpecifier.text, bare: false, evaluated: true, names: [], type })
    if (exportClause === undefined) linkage.stars.push(from)
    else if (ts.isNamespaceExport(exportClause)) linkage.exports[exportClause.name.text] = { kind: 'from', from, name: '*' }
    else
      for (const e of exportClause.elements)
        if (!e.isTypeOnly) linkage.exports[e.name.text] = { kind: 'from', from, name: (e.propertyName ?? e.name).text }
    return
  }
  // What is still being typed has no clause.
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return
  for (const e of exportClause.elements) {
    const name = (e.propertyName ?? e.name).text
    if (!e.isTypeOnly && linkage.bindings[name]) linkage.exports[e.name.text] = { kind: 'local', name }
  }
}
