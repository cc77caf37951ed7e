// Which names code assigns that it does not declare itself, beside what compilers assign to declare them.

import type ts from 'typescript'
import { bare, type TS } from './pen.js'
import { bind, bindBlockList, bindLexical, bindPattern, bindVars, openScope, type Scope } from './scope.js'
import { isFilled, wrapperOf } from './wrappers.js'

/** Names that mean something around the statements, or that the statements declare, and that are assigned however deep in them. */
export function reassignedNames(ts: TS, statements: readonly ts.Statement[]): ReadonlySet<string> {
  const found = new Set<string>()
  const { FirstAssignment, LastAssignment, PlusPlusToken, MinusMinusToken } = ts.SyntaxKind
  const isHidden = (inside: readonly Scope[], name: string): boolean => inside.some((scope) => scope.names.has(name))

  function assign(given: ts.Expression, inside: readonly Scope[]): void {
    const node = bare(ts, given)
    if (ts.isIdentifier(node)) {
      if (!isHidden(inside, node.text)) found.add(node.text)
    } else if (ts.isArrayLiteralExpression(node)) for (const e of node.elements) assign(ts.isSpreadElement(e) ? e.expression : e, inside)
    else if (ts.isObjectLiteralExpression(node)) {
      for (const p of node.properties)
        if (ts.isShorthandPropertyAssignment(p)) assign(p.name, inside)
        else if (ts.isPropertyAssignment(p)) assign(p.initializer, inside)
        else if (ts.isSpreadAssignment(p)) assign(p.expression, inside)
    } else if (ts.isBinaryExpression(node)) assign(node.left, inside)
  }

  function declare(node: ts.VariableDeclaration, inside: readonly Scope[]): void {
    const names = openScope(undefined)
    bindPattern(ts, names, node.name)
    for (const name of names.names.keys()) if (!isHidden(inside, name)) found.add(name)
  }

  function visit(node: ts.Node, outside: readonly Scope[]): void {
    const wrapper = wrapperOf(ts, node)
    if (wrapper !== undefined) return visit(wrapper.callee, outside)
    const own = scopeOf(ts, node)
    const inside = own.names.size === 0 ? outside : [...outside, own]
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken
      if (kind >= FirstAssignment && kind <= LastAssignment) assign(node.left, inside)
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === PlusPlusToken || node.operator === MinusMinusToken) assign(node.operand, inside)
    } else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) {
      if (!ts.isVariableDeclarationList(node.initializer)) assign(node.initializer, inside)
      else for (const d of node.initializer.declarations) declare(d, inside)
    } else if (ts.isVariableDeclaration(node) && node.initializer && !isFilled(ts, node)) declare(node, inside)
    ts.forEachChild(node, (child) => visit(child, inside))
  }

  for (const s of statements) visit(s, [])
  return found
}

/** What a function or block binds inside of itself. */
function scopeOf(ts: TS, node: ts.Node): Scope {
  const scope = openScope(undefined)
  if (ts.isBlock(node)) bindLexical(ts, scope, node.statements)
  else if (ts.isCaseBlock(node)) for (const clause of node.clauses) bindLexical(ts, scope, clause.statements)
  else if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) {
    const { initializer } = node
    if (initializer && ts.isVariableDeclarationList(initializer)) bindBlockList(ts, scope, initializer)
  } else if (ts.isCatchClause(node)) {
    if (node.variableDeclaration) bindPattern(ts, scope, node.variableDeclaration.name)
  } else if (ts.isFunctionLike(node)) {
    for (const p of node.parameters) bindPattern(ts, scope, p.name)
    if (ts.isFunctionExpression(node) && node.name) bind(scope, node.name.text)
    const { body } = node as ts.FunctionLikeDeclaration
    if (body) bindVars(ts, scope, body)
  } else if (ts.isClassStaticBlockDeclaration(node)) bindVars(ts, scope, node.body)
  return scope
}
