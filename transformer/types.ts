// What types mention, as far as syntax tells: names that may lead to a class, whose instances a step may be given.

import type ts from 'typescript'
import { bare, type TS } from './pen.js'
import { hasModifier } from './scope.js'
import type { TypeName, Types } from './summary.js'

/** The names in a type, in order. Functions are no data, so what their types mention is left out. */
export function typeNames(ts: TS, type: ts.Node | undefined): TypeName[] {
  const found: TypeName[] = []
  const { FirstKeyword, LastKeyword } = ts.SyntaxKind
  const visit = (node: ts.Node): void => {
    if (node.kind >= FirstKeyword && node.kind <= LastKeyword) return
    if (ts.isFunctionTypeNode(node) || ts.isConstructorTypeNode(node) || ts.isMethodSignature(node)) return
    if (ts.isTypeReferenceNode(node)) found.push(nameOf(ts, node.typeName))
    else if (ts.isTypeQueryNode(node)) found.push(nameOf(ts, node.exprName))
    else if (ts.isExpressionWithTypeArguments(node)) found.push(...expressionNames(ts, node.expression))
    else if (ts.isImportTypeNode(node)) found.push(...importTypeNames(ts, node))
    ts.forEachChild(node, visit)
  }
  if (type !== undefined) visit(type)
  return found
}

function nameOf(ts: TS, entity: ts.EntityName): TypeName {
  return ts.isIdentifier(entity) ? { name: entity.text } : memberOf(nameOf(ts, entity.left), entity.right.text)
}

function expressionNames(ts: TS, expression: ts.Expression): TypeName[] {
  if (ts.isIdentifier(expression)) return [{ name: expression.text }]
  if (!ts.isPropertyAccessExpression(expression)) return []
  return expressionNames(ts, expression.expression).map((left) => memberOf(left, expression.name.text))
}

function memberOf({ name, member }: TypeName, last: string): TypeName {
  return { name, member: member === undefined ? last : `${member}.${last}` }
}

function importTypeNames(ts: TS, { argument, qualifier }: ts.ImportTypeNode): TypeName[] {
  if (qualifier === undefined || !ts.isLiteralTypeNode(argument) || !ts.isStringLiteral(argument.literal)) return []
  return [{ ...nameOf(ts, qualifier), from: argument.literal.text }]
}

/** What the parameters of a function are annotated with. */
export function parameterTypes(ts: TS, node: ts.SignatureDeclaration): TypeName[] {
  return node.parameters.flatMap((p) => (ts.isIdentifier(p.name) && p.name.text === 'this' ? [] : typeNames(ts, p.type)))
}

/** What a variable or field holds: its annotation, and the class of a `new` that is its first value. */
export function valueTypes(ts: TS, type: ts.TypeNode | undefined, initializer: ts.Expression | undefined): TypeName[] {
  const value = initializer && bare(ts, initializer)
  const made = value && ts.isNewExpression(value) ? expressionNames(ts, value.expression) : []
  return [...typeNames(ts, type), ...made]
}

/** What the fields of a class hold, parameter properties among them. */
export function fieldTypes(ts: TS, node: ts.ClassLikeDeclaration): { fieldTypes?: Readonly<Record<string, readonly TypeName[]>> } {
  const fields: [string, readonly TypeName[]][] = []
  const add = (name: ts.Node, types: readonly TypeName[]): void => {
    // Of private ones a class may speak by `[asKey]()`.
    const isNamed = ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteral(name)
    if (types.length > 0 && isNamed) fields.push([name.text, types])
  }
  for (const m of node.members) {
    if (ts.isPropertyDeclaration(m) && !hasModifier(ts, m, ts.SyntaxKind.StaticKeyword)) add(m.name, valueTypes(ts, m.type, m.initializer))
    if (ts.isConstructorDeclaration(m) && m.body !== undefined)
      for (const p of m.parameters) if (ts.isParameterPropertyDeclaration(p, m)) add(p.name, valueTypes(ts, p.type, p.initializer))
  }
  return fields.length > 0 ? { fieldTypes: Object.fromEntries(fields) } : {}
}

/** The types of a module: what it declares, imports and exports of them. */
export function readTypes(ts: TS, file: ts.SourceFile): Types | undefined {
  const declared: Record<string, TypeName[]> = Object.create(null)
  const imported: Record<string, TypeName> = Object.create(null)
  const exported: Record<string, TypeName> = Object.create(null)
  const stars: string[] = []
  for (const s of file.statements) {
    if (ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s)) {
      declared[s.name.text] = [...(declared[s.name.text] ?? []), ...typeNames(ts, s)]
      const isDefault = hasModifier(ts, s, ts.SyntaxKind.DefaultKeyword)
      if (hasModifier(ts, s, ts.SyntaxKind.ExportKeyword)) exported[isDefault ? 'default' : s.name.text] = { name: s.name.text }
    } else if (ts.isImportDeclaration(s)) readTypeImports(ts, s, imported)
    else if (ts.isExportDeclaration(s)) readTypeExports(ts, s, exported, stars)
  }
  const mentioned = [...new Set([...file.text.matchAll(/\bimport\(\s*(['"])(.+?)\1/g)].map(([, , specifier]) => specifier!))]
  const isEmpty = [declared, imported, exported, stars, mentioned].every((part) => Object.keys(part).length === 0)
  return isEmpty ? undefined : { declared, imported, exported, stars, mentioned }
}

function readTypeImports(ts: TS, { importClause, moduleSpecifier }: ts.ImportDeclaration, imported: Record<string, TypeName>): void {
  if (importClause === undefined || !ts.isStringLiteral(moduleSpecifier)) return
  const from = moduleSpecifier.text
  const { isTypeOnly, name, namedBindings } = importClause
  if (isTypeOnly && name) imported[name.text] = { name: 'default', from }
  if (namedBindings === undefined) return
  if (ts.isNamespaceImport(namedBindings)) {
    if (isTypeOnly) imported[namedBindings.name.text] = { name: '*', from }
    return
  }
  for (const e of namedBindings.elements)
    if (isTypeOnly || e.isTypeOnly) imported[e.name.text] = { name: (e.propertyName ?? e.name).text, from }
}

/** `export { X }` may be of a type, which only its module's own declarations tell. */
function readTypeExports(
  ts: TS,
  { exportClause, moduleSpecifier, isTypeOnly }: ts.ExportDeclaration,
  exported: Record<string, TypeName>,
  stars: string[],
): void {
  const from = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? { from: moduleSpecifier.text } : {}
  if (exportClause === undefined) {
    if (isTypeOnly && from.from !== undefined) stars.push(from.from)
  } else if (ts.isNamedExports(exportClause))
    for (const e of exportClause.elements) exported[e.name.text] = { name: (e.propertyName ?? e.name).text, ...from }
  else if (isTypeOnly) exported[exportClause.name.text] = { name: '*', ...from }
}
