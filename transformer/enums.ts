// Enums as lists of constant members, whether the module still says `enum` or a compiler has lowered it.

import type ts from 'typescript'
import { calculate } from './constants.js'
import { bare, inScope, type Pen, type TS, type Written, writeList, writeName } from './pen.js'
import { bindStanding, lookUp } from './scope.js'
import { calledWith, declares, declaresOnly, isFilled, isNamed, wrapperOf } from './wrappers.js'

export interface EnumMember {
  readonly name: string
  /** The constant, or the expression where it is none. */
  readonly value: string | number | ts.Expression
}

export interface Enum {
  /** The name around it. */
  readonly name: string
  /** What a namespace around gives it out as. */
  readonly member?: string
  /** What it is called inside, where a compiler has lowered it. */
  readonly parameter?: string
  readonly at: number
  readonly members: readonly EnumMember[]
}

/** Values by member for the enum itself, by `Enum.member` for others. */
type Known = Pick<ReadonlyMap<string, string | number>, 'get'>

export function enumMembers(ts: TS, node: ts.EnumDeclaration, others: Known = new Map()): EnumMember[] {
  const own = new Map<string, string | number>()
  const known: Known = { get: (key) => own.get(key) ?? others.get(key) }
  let next: number | undefined = 0
  return node.members.map((m) => {
    const name = ts.isComputedPropertyName(m.name) ? (m.name.expression as ts.StringLiteral).text : (m.name as ts.Identifier).text
    const value = m.initializer ? fold(ts, m.initializer, node.name.text, known) : next
    next = typeof value === 'number' ? value + 1 : undefined
    if (value !== undefined) own.set(name, value)
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

/** An enum inside of a function or namespace. */
export function localEnum(pen: Pen, node: ts.EnumDeclaration, member?: string): Enum {
  const others: Known = {
    get(key) {
      const dot = key.indexOf('.')
      const owner = key.slice(0, dot)
      return dot > 0 && lookUp(pen.scope, owner) === undefined ? pen.names.enumValue(owner, key.slice(dot + 1)) : undefined
    },
  }
  const members = enumMembers(pen.ts, node, others)
  return { name: node.name.text, at: node.getStart(pen.file), members, ...(member !== undefined && { member }) }
}

/** `whereto` writes what it is assigned to beside its name. */
export function writeLocalEnum(pen: Pen, declared: Enum, whereto?: () => void): void {
  pen.writer.tag('enum')
  whereto?.()
  writeName(pen, declared.name, declared.at, 0)
  writeList(pen, declared.members, (m) => writeEnumMember(pen, m, declared))
}

export function writeEnum(pen: Pen, declared: Enum): void {
  pen.writer.tag('enum')
  writeList(pen, declared.members, (m) => writeEnumMember(pen, m, declared))
}

/** A member that is named bare in another is that member of the enum. */
export function writeEnumMember(pen: Pen, member: EnumMember, { name, parameter, members }: Enum): void {
  const { writer } = pen
  writer.tag('key')
  writer.text(member.name)
  writer.tag(typeof member.value)
  if (typeof member.value !== 'object') return writer.text(Object.is(member.value, -0) ? '-0' : String(member.value))
  const { value } = member
  const { scope } = pen
  inScope(pen, (inner) => {
    if (parameter !== undefined) bindStanding(inner, parameter, { scope, name })
    else for (const m of members) bindStanding(inner, m.name, { scope, name, member: m.name })
    pen.expression(value)
  })
}

/** The enums among statements that a compiler has lowered, and the declarations that are nothing but their variables. */
export interface LoweredEnums {
  readonly enums: ReadonlyMap<ts.Node, Enum>
  readonly variables: ReadonlySet<ts.Node>
}

const NO_ENUMS: LoweredEnums = { enums: new Map(), variables: new Set() }

function isStatement(given: Written): given is ts.Statement {
  return typeof given !== 'function' && !('tag' in given)
}

/** It calls a function that is written there. */
function mayBeLowered(ts: TS, s: ts.Statement): boolean {
  const K = ts.SyntaxKind
  const value =
    s.kind === K.ExpressionStatement
      ? (s as ts.ExpressionStatement).expression
      : s.kind === K.VariableStatement
        ? (s as ts.VariableStatement).declarationList.declarations[0]?.initializer
        : undefined
  const call = value && bare(ts, value)
  if (call?.kind !== K.CallExpression) return false
  const { kind } = bare(ts, (call as ts.CallExpression).expression)
  return kind === K.ArrowFunction || kind === K.FunctionExpression
}

/** `owner` is what the namespace around is called. */
export function loweredEnums(ts: TS, list: readonly Written[], owner?: string): LoweredEnums {
  if (!list.some((s) => isStatement(s) && mayBeLowered(ts, s))) return NO_ENUMS
  const enums = new Map<ts.Node, Enum>()
  const variables = new Set<ts.Node>()
  const statements = list.filter(isStatement)
  for (const s of statements) {
    const lowered = loweredEnum(ts, s, owner)
    if (lowered === undefined || !statements.some((v) => declares(ts, v, lowered.name))) continue
    const variable = statements.find((v) => declaresOnly(ts, v, lowered.name))
    if (variable !== undefined) variables.add(variable)
    enums.set(s, lowered)
  }
  return { enums, variables }
}

/** `var E; (function (E) { E[E["A"] = 0] = "A" })(E || (E = {}))` of TypeScript, `var E = (e => { ...; return e })(E || {})` of esbuild. */
export function loweredEnum(ts: TS, statement: ts.Statement, owner?: string): Enum | undefined {
  const wrapper = wrapperOf(ts, statement)
  if (wrapper !== undefined) {
    const { name, holder, member, parameter, body } = wrapper
    const members = holder === undefined || holder === owner ? loweredMembers(ts, body.statements, parameter) : undefined
    // Where all is `N.a = "b"`, it was a namespace.
    if (members === undefined || members.every((m) => m.isPlain)) return undefined
    return { name, at: statement.pos, parameter, members, ...(member !== undefined && { member }) }
  }
  const [first, second] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : []
  if (!first || second || !isFilled(ts, first)) return undefined
  const { parameter, body } = calledWith(ts, bare(ts, first.initializer!) as ts.CallExpression)!
  const last = body.statements.at(-1)
  if (!last || !ts.isReturnStatement(last) || !last.expression || !isNamed(ts, last.expression, parameter)) return undefined
  const members = loweredMembers(ts, body.statements.slice(0, -1), parameter)
  return members && { name: (first.name as ts.Identifier).text, at: statement.pos, parameter, members }
}

interface LoweredMember extends EnumMember {
  /** `E.a = "b"`, which may as well be of a namespace. */
  readonly isPlain: boolean
}

function loweredMembers(ts: TS, statements: readonly ts.Statement[], name: string): LoweredMember[] | undefined {
  const members = statements.map((s) => (ts.isExpressionStatement(s) ? loweredMember(ts, bare(ts, s.expression), name) : undefined))
  return members.length > 0 && members.every((m) => m !== undefined) ? members : undefined
}

/** `E[E["A"] = 0] = "A"` or `E["B"] = "b"`. */
function loweredMember(ts: TS, node: ts.Expression, name: string): LoweredMember | undefined {
  const assigned = assignmentTo(ts, node, name)
  if (assigned === undefined) return undefined
  const { key, value, isPlain } = assigned
  if (typeof key === 'string') {
    const text = fold(ts, value, name, new Map())
    return typeof text === 'string' ? { name: key, value: text, isPlain } : undefined
  }
  const reverse = assignmentTo(ts, key, name)
  if (typeof reverse?.key !== 'string' || !ts.isStringLiteralLike(value) || value.text !== reverse.key) return undefined
  return { name: reverse.key, value: fold(ts, reverse.value, name, new Map()) ?? reverse.value, isPlain: false }
}

interface Assigned {
  readonly key: string | ts.Expression
  readonly value: ts.Expression
  readonly isPlain: boolean
}

/** `E.key = value`, `E["key"] = value`, `E[key] = value`. */
function assignmentTo(ts: TS, node: ts.Expression, name: string): Assigned | undefined {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
  const target = bare(ts, node.left)
  if (!ts.isElementAccessExpression(target) && !ts.isPropertyAccessExpression(target)) return undefined
  if (!isNamed(ts, target.expression, name)) return undefined
  if (ts.isPropertyAccessExpression(target)) return { key: target.name.text, value: node.right, isPlain: true }
  const key = bare(ts, target.argumentExpression)
  return { key: ts.isStringLiteralLike(key) ? key.text : key, value: node.right, isPlain: false }
}
