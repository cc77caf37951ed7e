// The constants of a module's enums. Compilers put them in the place of `Enum.member`, and so does the normal form.

import type ts from 'typescript'
import { enumMembers, loweredEnums } from './enums.js'
import { importedFrom } from './imports.js'
import { bare, partsOf, type TS } from './pen.js'
import { hasModifier, isTypeOnly } from './scope.js'
import { wrapperOf } from './wrappers.js'

const NONE: ReadonlyMap<string, string | number> = new Map()

/** By `Enum.member`; without those that the module writes to. */
export function collectEnumValues(ts: TS, file: ts.SourceFile): ReadonlyMap<string, string | number> {
  const lowered = loweredEnums(ts, file.statements)
  if (lowered.enums.size === 0 && !file.statements.some(ts.isEnumDeclaration)) return NONE
  const values = new Map<string, string | number>()
  const others: ts.Node[] = []
  for (const statement of file.statements) {
    // A `declare const enum` leaves nothing behind but its constants.
    const isEnum = ts.isEnumDeclaration(statement) && (!isTypeOnly(ts, statement) || hasModifier(ts, statement, ts.SyntaxKind.ConstKeyword))
    const made = lowered.enums.get(statement)
    const name = isEnum ? statement.name.text : made?.name
    const members = isEnum ? enumMembers(ts, statement, values) : (made?.members ?? [])
    for (const m of members) if (typeof m.value !== 'object') values.set(`${name}.${m.name}`, m.value)
    // What computes the members of an enum may write to it.
    others.push(...(name === undefined ? [statement] : members.flatMap((m) => (typeof m.value === 'object' ? [m.value] : []))))
  }
  if (values.size === 0) return values
  const written = new Set([...writtenNames(ts, others), ...namesGiven(ts, file)])
  for (const key of values.keys()) if (written.has(key) || written.has(key.slice(0, key.indexOf('.')))) values.delete(key)
  return values
}

/** What the top level hands to a function of the project for whatever that does with it. */
function namesGiven(ts: TS, file: ts.SourceFile): string[] {
  const calls = file.statements.flatMap((s) => (ts.isExpressionStatement(s) ? partsOf(ts, s.expression) : [])).filter(ts.isCallExpression)
  return calls.flatMap(({ expression, arguments: list }) => {
    const callee = bare(ts, expression)
    const from = ts.isIdentifier(callee) ? (importedFrom(ts, file, callee.text) ?? '.') : undefined
    return from?.startsWith('.') ? list.map((a) => bare(ts, a)).flatMap((a) => (ts.isIdentifier(a) ? a.text : [])) : []
  })
}

/** What is assigned, deleted or given to `Object.assign` and the like: a name, or `name.member` of one; names that have another name. */
function writtenNames(ts: TS, roots: readonly ts.Node[]): Set<string> {
  const found = new Set<string>()
  const { FirstAssignment, LastAssignment, PlusPlusToken, MinusMinusToken } = ts.SyntaxKind
  /** What namespaces are called inside of them. */
  let parameters = new Map<string, string>()

  function addName(node: ts.Node, member = ''): void {
    if (ts.isIdentifier(node)) found.add((parameters.get(node.text) ?? node.text) + member)
  }

  function addTarget(given: ts.Expression): void {
    let member = ''
    let root = bare(ts, given)
    while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) {
      const key = ts.isPropertyAccessExpression(root) ? root.name : bare(ts, root.argumentExpression)
      member =
        ts.isIdentifier(key) && ts.isPropertyAccessExpression(root) ? `.${key.text}` : ts.isStringLiteralLike(key) ? `.${key.text}` : ''
      root = bare(ts, root.expression)
    }
    addName(root, member)
  }

  function visit(node: ts.Node): void {
    const wrapper = wrapperOf(ts, node)
    if (wrapper !== undefined) return visitWrapper(wrapper.parameter, wrapper.member === undefined ? wrapper.name : undefined, wrapper.body)
    if (ts.isBinaryExpression(node)) {
      if (node.operatorToken.kind >= FirstAssignment && node.operatorToken.kind <= LastAssignment) addTarget(node.left)
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === PlusPlusToken || node.operator === MinusMinusToken) addTarget(node.operand)
    } else if (ts.isDeleteExpression(node)) addTarget(node.expression)
    else if (ts.isVariableDeclaration(node) && node.initializer) addName(bare(ts, node.initializer))
    else if (ts.isCallExpression(node)) {
      const { expression, arguments: list } = node
      const method = ts.isPropertyAccessExpression(expression) ? expression.name : expression
      if (ts.isIdentifier(method) && WRITING.has(method.text)) for (const given of list.slice(0, 1)) addName(bare(ts, given))
    }
    ts.forEachChild(node, visit)
  }

  function visitWrapper(parameter: string, name: string | undefined, body: ts.Block): void {
    const outer = parameters
    parameters = new Map(outer)
    if (name === undefined) parameters.delete(parameter)
    else parameters.set(parameter, outer.get(name) ?? name)
    visit(body)
    parameters = outer
  }

  for (const root of roots) visit(root)
  return found
}

const WRITING = new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf', 'set'])
