// Normal form of what only TypeScript declares inside of code: namespaces with all that is in them, their aliases, enums that are no top-level names.

import type ts from 'typescript'
import { literalName, writeDefault, writePropertyName } from './patterns.js'
import { inScope, type Pen, writeList, writeName } from './pen.js'
import { bind, bindLexical, bindPattern, bindVars, hasModifier, isTypeOnly, openScope } from './scope.js'

/** An enum inside of a function or namespace. */
export function writeLocalEnum(pen: Pen, node: ts.EnumDeclaration): void {
  const { writer } = pen
  writer.tag('enum')
  writeName(pen, node.name.text, node.getStart(pen.file), 0)
  inScope(pen, (scope) => {
    for (const m of node.members) bind(scope, literalName(pen, m.name) ?? '')
    writeList(pen, node.members, (m) => {
      writePropertyName(pen, m.name, false)
      // Its position: a member that is named bare in another means this one.
      writeName(pen, literalName(pen, m.name) ?? '', m.getStart(pen.file))
      writeDefault(pen, m.initializer)
    })
  })
}

/** A namespace with all that is in it; its members may be named bare inside. */
export function writeNamespace(pen: Pen, node: ts.ModuleDeclaration): void {
  const { ts, writer } = pen
  writer.tag('namespace')
  if (ts.isIdentifier(node.name)) writeName(pen, node.name.text, node.getStart(pen.file), 0)
  const body = node.body as ts.ModuleBlock | ts.NamespaceDeclaration
  // `namespace A.B {}` is `namespace A { export namespace B {} }`.
  const statements: readonly ts.Statement[] = ts.isModuleBlock(body) ? body.statements : [body]
  inScope(pen, (scope) => {
    bindVars(ts, scope, body)
    bindLexical(ts, scope, statements)
    for (const s of statements) {
      if (isTypeOnly(ts, s) || (s !== body && !hasModifier(ts, s, ts.SyntaxKind.ExportKeyword))) continue
      writer.tag('export')
      for (const name of declaredNames(ts, s)) {
        writer.text(name)
        writeName(pen, name, s.getStart(pen.file), 0)
      }
    }
    pen.statements(statements)
  })
}

/** The names that a statement inside a namespace declares. */
function declaredNames(ts: typeof import('typescript'), statement: ts.Statement): string[] {
  const scope = openScope(undefined)
  if (ts.isVariableStatement(statement)) for (const d of statement.declarationList.declarations) bindPattern(ts, scope, d.name)
  else bindLexical(ts, scope, [statement])
  return [...scope.names.keys()]
}

/** `import A = B.C` inside a namespace. */
export function writeAlias(pen: Pen, node: ts.ImportEqualsDeclaration): void {
  if (node.isTypeOnly) return
  const { ts, writer } = pen
  writer.tag('alias')
  writeName(pen, node.name.text, node.getStart(pen.file), 0)
  let name = node.moduleReference as ts.Node
  while (ts.isQualifiedName(name)) {
    writer.text(name.right.text)
    name = name.left
  }
  if (ts.isIdentifier(name)) return writeName(pen, name.text, name.getStart(pen.file))
  // `import a = require('b')` is none inside of a namespace: it counts as it is written.
  writer.tag('missing')
  writer.text(name.getText(pen.file))
}
