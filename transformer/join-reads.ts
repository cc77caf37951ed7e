// What a join reads of its branches, as its own text tells: `inputs.map((i) => i.out)`, `inputs[0].out`, `inputs.a.out`, `for (const { out } of
// inputs)`, `this.mergeArtifacts(inputs)`. The parameter is followed through what is written in the method; where it goes anywhere else,
// nothing is claimed. The run time watches what is read, so a claim that is too small costs a hit and is told.

import type ts from 'typescript'
import type { Merge } from '../runtime/contract.js'
import {
  bindKinds,
  callWithCallback,
  callWithout,
  ESCAPED,
  elementKind,
  type Kind,
  type KindScope,
  kindIn,
  memberKind,
  openKinds,
} from './branch-kinds.js'
import { bare, type TS } from './pen.js'

export interface JoinReads {
  /** Members of branches that are read or called, in code-unit order. */
  readonly names: readonly string[]
  readonly merges: readonly Merge[]
}

type Callback = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration

/** Nothing when the parameter is handed on, so that any member of a branch may be read. */
export function joinReads(ts: TS, method: ts.MethodDeclaration): JoinReads | undefined {
  const names = new Set<string>()
  const merges: Merge[] = []

  /** Of what must be no branch. */
  function plain(scope: KindScope, node: ts.Expression): void {
    if (kindOf(scope, node) !== 'other') throw ESCAPED
  }

  function either(kinds: readonly Kind[]): Kind {
    const found = new Set(kinds.filter((k) => k !== 'other'))
    if (found.size > 1) throw ESCAPED
    return [...found][0] ?? 'other'
  }

  function kindOf(scope: KindScope, given: ts.Expression): Kind {
    const node = bare(ts, given)
    if (ts.isIdentifier(node)) {
      if (node.text === 'arguments' || node.text === 'eval') throw ESCAPED
      return kindIn(scope, node.text)
    }
    if (ts.isPropertyAccessExpression(node)) return memberKind(kindOf(scope, node.expression), node.name.text, names)
    if (ts.isElementAccessExpression(node)) return elementOf(scope, node)
    if (ts.isCallExpression(node)) return callOf(scope, node)
    if (ts.isConditionalExpression(node)) {
      kindOf(scope, node.condition)
      return either([kindOf(scope, node.whenTrue), kindOf(scope, node.whenFalse)])
    }
    if (ts.isBinaryExpression(node)) return binaryOf(scope, node)
    if (ts.isArrayLiteralExpression(node)) return listOf(scope, node)
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) hiding(scope, node)
    else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) kindOf(scope, node.operand)
    else if (ts.isVoidExpression(node) || ts.isTypeOfExpression(node)) kindOf(scope, node.expression)
    else ts.forEachChild(node, (child) => part(scope, child))
    return 'other'
  }

  function elementOf(scope: KindScope, node: ts.ElementAccessExpression): Kind {
    const kind = kindOf(scope, node.expression)
    const key = bare(ts, node.argumentExpression)
    plain(scope, key)
    if (ts.isStringLiteralLike(key)) return memberKind(kind, key.text, names)
    if (kind === 'branches') return 'branch'
    if (kind === 'entry' && ts.isNumericLiteral(key)) return elementKind(kind, Number(key.text), false)
    if (kind !== 'other') throw ESCAPED
    return 'other'
  }

  function binaryOf(scope: KindScope, { left, operatorToken, right }: ts.BinaryExpression): Kind {
    const K = ts.SyntaxKind
    const operator = operatorToken.kind
    const [a, b] = [kindOf(scope, left), kindOf(scope, right)]
    if (operator === K.CommaToken) return b
    if ([K.AmpersandAmpersandToken, K.BarBarToken, K.QuestionQuestionToken].includes(operator)) return either([a, b])
    if (operator !== K.EqualsEqualsEqualsToken && operator !== K.ExclamationEqualsEqualsToken && (a !== 'other' || b !== 'other'))
      throw ESCAPED
    return 'other'
  }

  function listOf(scope: KindScope, { elements }: ts.ArrayLiteralExpression): Kind {
    const kinds = elements.map((e) => {
      const kind = kindOf(scope, ts.isSpreadElement(e) ? e.expression : e)
      return ts.isSpreadElement(e) && kind === 'branches' ? 'branch' : ts.isSpreadElement(e) && kind === 'branch' ? 'entry' : kind
    })
    if (kinds.every((k) => k === 'other')) return 'other'
    if (kinds.some((k) => k !== 'branch')) throw ESCAPED
    return 'branches'
  }

  function callOf(scope: KindScope, node: ts.CallExpression): Kind {
    const callee = bare(ts, node.expression)
    const [first, ...rest] = node.arguments
    if (isMerge(callee) && first !== undefined) {
      if (kindOf(scope, first) !== 'branches') throw ESCAPED
      for (const a of rest) plain(scope, a)
      merges.push(mergeOf(rest[0]))
      return 'other'
    }
    const owner = ts.isPropertyAccessExpression(callee) ? kindOf(scope, callee.expression) : undefined
    if (owner === 'branches') return arrayCall(scope, (callee as ts.PropertyAccessExpression).name.text, node.arguments)
    // A method of the flow: what it reads is found with its code.
    if (owner === undefined) plain(scope, callee)
    else memberKind(owner, (callee as ts.PropertyAccessExpression).name.text, names)
    for (const a of node.arguments) plain(scope, ts.isSpreadElement(a) ? a.expression : a)
    return 'other'
  }

  function arrayCall(scope: KindScope, name: string, given: readonly ts.Expression[]): Kind {
    const callback = given[0] && bare(ts, given[0])
    const isWritten = callback !== undefined && (ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))
    for (const a of isWritten ? given.slice(1) : given) plain(scope, a)
    if (!isWritten) return callWithout(name)
    const call = callWithCallback(name, given.length)
    return call.answer(functionOf(scope, callback, call.given))
  }

  /** What it returns; something that is waited for or asked for later is no branch any more. */
  function functionOf(outer: KindScope, node: Callback, given: readonly Kind[]): Kind {
    const scope = openKinds(outer)
    if (node.name) scope.kinds.set(node.name.text, 'other')
    node.parameters.forEach((p, i) => {
      if (p.initializer) plain(scope, p.initializer)
      if (p.dotDotDotToken && given.length > i) throw ESCAPED
      bindKinds(ts, scope, p.name, given[i] ?? 'other', names)
    })
    const returned: Kind[] = []
    if (node.body && ts.isBlock(node.body)) block(scope, node.body.statements, returned)
    else if (node.body) returned.push(kindOf(scope, node.body))
    const made = either(returned)
    const isLater = node.asteriskToken !== undefined || node.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)
    if (made !== 'other' && isLater) throw ESCAPED
    return made
  }

  /** A function that somebody may call: it must not hand out a branch. */
  function hiding(scope: KindScope, node: Callback): void {
    if (functionOf(scope, node, []) !== 'other') throw ESCAPED
  }

  function block(outer: KindScope, statements: readonly ts.Statement[], returned: Kind[]): void {
    const scope = openKinds(outer)
    for (const s of statements) statement(scope, s, returned)
  }

  function statement(scope: KindScope, s: ts.Node, returned: Kind[]): void {
    if (ts.isBlock(s)) block(scope, s.statements, returned)
    else if (ts.isCaseBlock(s)) caseBlock(scope, s, returned)
    else if (ts.isVariableStatement(s)) declare(scope, s.declarationList)
    else if (ts.isReturnStatement(s)) returned.push(s.expression ? kindOf(scope, s.expression) : 'other')
    else if (ts.isExpressionStatement(s)) kindOf(scope, s.expression)
    else if (ts.isForOfStatement(s)) forOf(scope, s, returned)
    else if (ts.isForStatement(s)) {
      const inner = openKinds(scope)
      if (s.initializer && ts.isVariableDeclarationList(s.initializer)) declare(inner, s.initializer)
      for (const e of [s.initializer, s.condition, s.incrementor]) if (e && ts.isExpression(e)) kindOf(inner, e)
      statement(inner, s.statement, returned)
    } else if (ts.isFunctionDeclaration(s)) hiding(scope, s)
    else
      ts.forEachChild(s, (child) =>
        ts.isStatement(child) || ts.isCaseBlock(child) || ts.isCatchClause(child) ? statement(scope, child, returned) : part(scope, child),
      )
  }

  function caseBlock(outer: KindScope, { clauses }: ts.CaseBlock, returned: Kind[]): void {
    const scope = openKinds(outer)
    for (const clause of clauses) {
      if (ts.isCaseClause(clause)) kindOf(scope, clause.expression)
      for (const s of clause.statements) statement(scope, s, returned)
    }
  }

  function declare(scope: KindScope, list: ts.VariableDeclarationList): void {
    for (const { name, initializer } of list.declarations) {
      const kind = initializer ? kindOf(scope, initializer) : 'other'
      bindKinds(ts, scope, name, kind, names)
    }
  }

  function forOf(outer: KindScope, { expression, initializer, statement: body }: ts.ForOfStatement, returned: Kind[]): void {
    const kind = kindOf(outer, expression)
    const each: Kind | undefined = kind === 'branches' ? 'branch' : kind === 'entries' ? 'entry' : kind === 'other' ? 'other' : undefined
    const scope = openKinds(outer)
    if (each === undefined || (each !== 'other' && !ts.isVariableDeclarationList(initializer))) throw ESCAPED
    if (ts.isVariableDeclarationList(initializer)) for (const d of initializer.declarations) bindKinds(ts, scope, d.name, each, names)
    statement(scope, body, returned)
  }

  /** Whatever else there is: nothing in it may be a branch. */
  function part(scope: KindScope, node: ts.Node): void {
    if (ts.isTypeNode(node)) return
    if (ts.isPropertyAssignment(node)) {
      part(scope, node.initializer)
      if (ts.isComputedPropertyName(node.name)) part(scope, node.name)
    } else if (ts.isShorthandPropertyAssignment(node)) plain(scope, node.name)
    else if (ts.isExpression(node)) plain(scope, node)
    else if (ts.isStatement(node)) {
      const returned: Kind[] = []
      statement(scope, node, returned)
      if (either(returned) !== 'other') throw ESCAPED
    } else ts.forEachChild(node, (child) => part(scope, child))
  }

  function isMerge(callee: ts.Expression): boolean {
    const isOwn = ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword
    return isOwn && callee.name.text === 'mergeArtifacts'
  }

  /** Lists that are literals; any other options may say anything. */
  function mergeOf(given: ts.Expression | undefined): Merge {
    const options = given && bare(ts, given)
    if (options === undefined || !ts.isObjectLiteralExpression(options)) return {}
    const lists: Record<string, string[]> = {}
    for (const p of options.properties) {
      const name = p.name && ts.isIdentifier(p.name) ? p.name.text : ''
      const value = ts.isPropertyAssignment(p) ? bare(ts, p.initializer) : undefined
      const isKnown = (name === 'include' || name === 'exclude') && value !== undefined && ts.isArrayLiteralExpression(value)
      if (!isKnown || !value.elements.every((e) => ts.isStringLiteralLike(e))) return {}
      lists[name] = value.elements.map((e) => (e as ts.StringLiteralLike).text)
    }
    return lists
  }

  const [parameter, ...others] = method.parameters.filter((p) => !(ts.isIdentifier(p.name) && p.name.text === 'this'))
  if (parameter === undefined || others.length > 0 || parameter.dotDotDotToken || parameter.initializer) return undefined
  try {
    const scope = openKinds(undefined)
    bindKinds(ts, scope, parameter.name, 'branches', names)
    const returned: Kind[] = []
    block(scope, method.body?.statements ?? [], returned)
    return either(returned) === 'other' ? { names: [...names].sort(), merges } : undefined
  } catch (error) {
    // Code that is nested too deep for the stack may do anything.
    if (error === ESCAPED || error instanceof RangeError) return undefined
    throw error
  }
}
