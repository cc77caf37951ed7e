// Normal form of what only TypeScript declares inside of code: namespaces with all that is in them, their aliases, enums that are no top-level names.

import type ts from 'typescript'
import { literalName, writeDefault, writePropertyName } from './patterns.js'
import { inScope, type Pen, writeList, writeName } from './pen.js'
import { bind, bindLexical, bindPattern, bindVars, isTypeOnly, openScope } from './scope.js'

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
  const { body } = node
  inScope(pen, (scope) => {
    if (body && ts.isModuleDeclaration(body)) {
      bindLexical(ts, scope, [body])
      writer.tag('export')
      writer.text(body.name.text)
      writeNamespace(pen, body)
    } else if (body && ts.isModuleBlock(body)) {
      bindVars(ts, scope, body)
      bindLexical(ts, scope, body.statements)
      const exported = body.statements.map(
        (s) => ts.canHaveModifiers(s) && ts.getModifiers(s)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword),
      )
      body.statements.forEach((s, i) => {
        if (!exported[i] || isTypeOnly(ts, s)) return
        writer.tag('export')
        for (const name of declaredNames(ts, s)) {
          writer.text(name)
          writeName(pen, name, s.getStart(pen.file), 0)
        }
      })
      pen.statements(body.statements)
    }
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
  if (ts.isIdentifier(name)) writeName(pen, name.text, name.getStart(pen.file))
}
