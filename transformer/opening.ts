// The constants that open a module. Nothing can run before them, so that their values are known to what comes after, and bundlers
// compute with them. Types, directives, functions and other literals leave the opening open; an import anywhere closes it, since an
// import may run in a cycle and read constants before they are set.

import type ts from 'typescript'
import { type Constant, type ConstantContext, constantOf } from './constants.js'
import { bare, type TS } from './pen.js'
import { isTypeOnly } from './scope.js'

export function hasOpening(ts: TS, file: ts.SourceFile): boolean {
  return !file.statements.some((s) => {
    if (ts.isImportDeclaration(s)) return s.importClause?.isTypeOnly !== true
    const { moduleSpecifier, isTypeOnly } = s as ts.ExportDeclaration
    return moduleSpecifier !== undefined && !isTypeOnly
  })
}

/** Tells whether the opening goes on after a statement of the module. */
export function readOpening(context: ConstantContext, statement: ts.Statement): void {
  const { ts } = context
  if (!context.isOpening || isTypeOnly(ts, statement)) return
  if (ts.isVariableStatement(statement) || ts.isEmptyStatement(statement)) return
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return
  context.isOpening = ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)
}

/** The same for one variable, whose value is kept if it is a constant. */
export function readConstant(context: ConstantContext, { name, initializer }: ts.VariableDeclaration, flags: ts.NodeFlags): void {
  const { ts } = context
  if (!ts.isIdentifier(name)) context.isOpening = false
  else if (initializer !== undefined && context.isOpening) {
    const isConst = (flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const
    const known = isConst ? constantOf(context, initializer) : undefined
    if (known !== undefined && isShort(known.value)) context.constants.set(name.text, known)
    else context.isOpening = isInert(ts, initializer)
  }
}

function isShort(value: Constant): boolean {
  if (typeof value === 'string') return value.length <= 3
  return typeof value === 'number' ? Number.isInteger(value) || String(value).length <= 8 : typeof value !== 'bigint'
}

function isInert(ts: TS, given: ts.Expression): boolean {
  const node = bare(ts, given)
  if (ts.isArrayLiteralExpression(node)) return node.elements.every((e) => isInert(ts, e))
  if (ts.isObjectLiteralExpression(node)) return node.properties.length === 0
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isOmittedExpression(node)) return true
  return ts.isStringLiteralLike(node) || ts.isRegularExpressionLiteral(node) || ts.isBigIntLiteral(node)
}
