// Enums as lists of constant members, whether the module still says `enum` or a compiler has lowered it.

import type ts from 'typescript'
import { calculate } from './constants.js'
import { bare, inScope, type Pen, type TS, writeList } from './pen.js'
import { bind, hasModifier, isTypeOnly, lookUp } from './scope.js'

export interface EnumMember {
  readonly name: string
  /** The constant, or the expression where it is none. */
  readonly value: string | number | ts.Expression
}

/** Values by member for the enum itself, by `Enum.member` for others. */
type Known = ReadonlyMap<string, string | number>

export function enumMembers(ts: TS, node: ts.EnumDeclaration, others: Known = new Map()): EnumMember[] {
  const known = new Map(others)
  let next: number | undefined = 0
  return node.members.map((m) => {
    const name = ts.isComputedPropertyName(m.name) ? (m.name.expression as ts.StringLiteral).text : (m.name as ts.Identifier).text
    const value = m.initializer ? fold(ts, m.initializer, node.name.text, known) : next
    next = typeof value === 'number' ? value + 1 : undefined
    if (value !== undefined) known.set(name, value)
    return { name, value: value ?? m.initializer! }
  })
}

/** The constants that TypeScript computes at build time: https://www.typescriptlang.org/docs/handbook/enums.html#computed-and-constant-members */
function fold(ts: TS, given: ts.Expression, owner: string, known: Known): string | number | undefined {
  const node = bare(ts, given)
  const K = ts.SyntaxKind
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isNumericLiteral(node)) return Number(node.text)
  if (ts.isIdentifier(node)) return known.get(node.text)
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === owner)
    return known.get(node.name.text)
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) return known.get(`${node.expression.text}.${node.name.text}`)
  if (ts.isTemplateExpression(node)) {
    let text = node.head.text
    for (const span of node.templateSpans) {
      const value = fold(ts, span.expression, owner, known)
      if (value === undefined) return undefined
      text += value + span.literal.text
    }
    return text
  }
  if (ts.isPrefixUnaryExpression(node)) {
    const value = fold(ts, node.operand, owner, known)
    if (typeof value !== 'number') return undefined
    if (node.operator === K.MinusToken) return -value
    return node.operator === K.TildeToken ? ~value : node.operator === K.PlusToken ? value : undefined
  }
  if (!ts.isBinaryExpression(node)) return undefined
  const left = fold(ts, node.left, owner, known)
  const right = fold(ts, node.right, owner, known)
  if (left === undefined || right === undefined) return undefined
  if (typeof left === 'string' || typeof right === 'string') return node.operatorToken.kind === K.PlusToken ? `${left}${right}` : undefined
  return calculate(ts.tokenToString(node.operatorToken.kind)!, left, right)
}

/**
 * The constants of the module's enums by `Enum.member`. Compilers put them in the place of `Enum.member`, and so does the normal form,
 * unless the module writes to the enum.
 */
export function collectEnumValues(ts: TS, file: ts.SourceFile): ReadonlyMap<string, string | number> {
  const values = new Map<string, string | number>()
  const others: ts.Node[] = []
  for (const statement of file.statements) {
    // A `declare const enum` leaves nothing behind but its constants.
    const isEnum = ts.isEnumDeclaration(statement) && (!isTypeOnly(ts, statement) || hasModifier(ts, statement, ts.SyntaxKind.ConstKeyword))
    const lowered = isEnum ? undefined : loweredEnum(ts, file, statement)
    const name = isEnum ? statement.name.text : lowered?.name
    const members = isEnum ? enumMembers(ts, statement, values) : (lowered?.members ?? [])
    for (const m of members) if (typeof m.value !== 'object') values.set(`${name}.${m.name}`, m.value)
    // What computes the members of an enum may write to it.
    others.push(...(name === undefined ? [statement] : members.flatMap((m) => (typeof m.value === 'object' ? [m.value] : []))))
  }
  if (values.size === 0) return values
  const written = writtenNames(ts, others)
  for (const key of values.keys()) if (written.has(key.slice(0, key.indexOf('.')))) values.delete(key)
  return values
}

/** Names at the root of what is assigned, deleted or given to `Object.assign` and the like; names that have another name. */
function writtenNames(ts: TS, roots: readonly ts.Node[]): Set<string> {
  const found = new Set<string>()
  const addName = (node: ts.Node): void => void (ts.isIdentifier(node) && found.add(node.text))
  const addRoot = (node: ts.Expression): void => {
    let root = bare(ts, node)
    while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = bare(ts, root.expression)
    addName(root)
  }
  const { FirstAssignment, LastAssignment, PlusPlusToken, MinusMinusToken } = ts.SyntaxKind
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node)) {
      if (node.operatorToken.kind >= FirstAssignment && node.operatorToken.kind <= LastAssignment) addRoot(node.left)
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === PlusPlusToken || node.operator === MinusMinusToken) addRoot(node.operand)
    } else if (ts.isDeleteExpression(node)) addRoot(node.expression)
    else if (ts.isVariableDeclaration(node) && node.initializer) addName(bare(ts, node.initializer))
    else if (ts.isCallExpression(node)) {
      const { expression, arguments: list } = node
      const method = ts.isPropertyAccessExpression(expression) ? expression.name : expression
      if (ts.isIdentifier(method) && WRITING.has(method.text)) for (const given of list.slice(0, 1)) addName(bare(ts, given))
    }
    ts.forEachChild(node, visit)
  }
  for (const root of roots) visit(root)
  return found
}

const WRITING = new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf', 'set'])

export function writeEnum(pen: Pen, members: readonly EnumMember[]): void {
  pen.writer.tag('enum')
  writeList(pen, members, (m) => writeEnumMember(pen, m, members))
}

export function writeEnumMember(pen: Pen, member: EnumMember, all: readonly EnumMember[]): void {
  const { writer } = pen
  writer.tag('key')
  writer.text(member.name)
  writer.tag(typeof member.value)
  if (typeof member.value !== 'object') return writer.text(Object.is(member.value, -0) ? '-0' : String(member.value))
  const { value } = member
  inScope(pen, (scope) => {
    for (const m of all) bind(scope, m.name)
    // Their positions first: a member means the one that it names.
    for (const m of all) writer.local(lookUp(scope, m.name)!)
    pen.expression(value)
  })
}

export interface LoweredEnum {
  readonly name: string
  readonly at: number
  readonly members: readonly EnumMember[]
  /** The `var E;` before it. */
  readonly variable?: ts.Statement
}

/** `var E; (function (E) { E[E["A"] = 0] = "A" })(E || (E = {}))` of TypeScript, `var E = (e => { ...; return e })(E || {})` of esbuild. */
export function loweredEnum(ts: TS, file: ts.SourceFile, statement: ts.Statement): LoweredEnum | undefined {
  const call = ts.isExpressionStatement(statement)
    ? bare(ts, statement.expression)
    : ts.isVariableStatement(statement) && statement.declarationList.declarations.length === 1
      ? statement.declarationList.declarations[0]!.initializer
      : undefined
  if (call === undefined || !ts.isCallExpression(call) || call.arguments.length !== 1) return undefined
  const callee = bare(ts, call.expression)
  const argument = bare(ts, call.arguments[0]!)
  if (!ts.isArrowFunction(callee) && !ts.isFunctionExpression(callee)) return undefined
  if (!ts.isBinaryExpression(argument) || argument.operatorToken.kind !== ts.SyntaxKind.BarBarToken || !ts.isIdentifier(argument.left))
    return undefined
  const parameter = callee.parameters[0]?.name
  if (callee.parameters.length !== 1 || !parameter || !ts.isIdentifier(parameter)) return undefined
  const members = loweredMembers(ts, callee.body, parameter.text)
  if (members === undefined) return undefined
  const name = argument.left.text
  const variable = ts.isVariableStatement(statement) ? undefined : file.statements.find((s) => declaresOnly(ts, s, name))
  return { name, at: statement.getStart(file), members, ...(variable && { variable }) }
}

function declaresOnly(ts: TS, statement: ts.Statement, name: string): boolean {
  if (!ts.isVariableStatement(statement)) return false
  const [first, second] = statement.declarationList.declarations
  return (
    first !== undefined &&
    second === undefined &&
    ts.isIdentifier(first.name) &&
    first.name.text === name &&
    first.initializer === undefined
  )
}

function loweredMembers(ts: TS, body: ts.ConciseBody, name: string): EnumMember[] | undefined {
  const list: ts.Expression[] = []
  if (!ts.isBlock(body)) return undefined
  for (const s of body.statements) {
    if (ts.isExpressionStatement(s)) list.push(s.expression)
    else if (!ts.isReturnStatement(s) || !s.expression || !ts.isIdentifier(s.expression) || s.expression.text !== name) return undefined
  }
  const members = list.map((e) => loweredMember(ts, bare(ts, e), name))
  return members.length > 0 && members.every((m) => m !== undefined) ? (members as EnumMember[]) : undefined
}

/** `E[E["A"] = 0] = "A"` or `E["B"] = "b"`. */
function loweredMember(ts: TS, node: ts.Expression, name: string): EnumMember | undefined {
  const assigned = assignmentTo(ts, node, name)
  if (assigned === undefined) return undefined
  const { key, value } = assigned
  if (typeof key === 'string') {
    const text = fold(ts, value, name, new Map())
    return typeof text === 'string' ? { name: key, value: text } : undefined
  }
  const reverse = assignmentTo(ts, key, name)
  if (typeof reverse?.key !== 'string' || !ts.isStringLiteralLike(value) || value.text !== reverse.key) return undefined
  return { name: reverse.key, value: fold(ts, reverse.value, name, new Map()) ?? reverse.value }
}

/** `E.key = value`, `E["key"] = value`, `E[key] = value`. */
function assignmentTo(ts: TS, node: ts.Expression, name: string): { key: string | ts.Expression; value: ts.Expression } | undefined {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
  const target = bare(ts, node.left)
  if (!ts.isElementAccessExpression(target) && !ts.isPropertyAccessExpression(target)) return undefined
  if (!ts.isIdentifier(target.expression) || target.expression.text !== name) return undefined
  if (ts.isPropertyAccessExpression(target)) return { key: target.name.text, value: node.right }
  const key = bare(ts, target.argumentExpression)
  return { key: ts.isStringLiteralLike(key) ? key.text : key, value: node.right }
}
