// A source text -> its mutants: small changes, each of which some test should notice. What a weaker mutant tells is not told again by a
// stronger one: where each statement of a body can be dropped, the body is not emptied, where a condition can be held true and false it is
// not negated.

import ts from 'typescript'

export interface Mutant {
  /** The function that it is in, what was there and what is there now, on one line; unique in its file. */
  readonly name: string
  readonly line: number
  /** The expression or statement that is put behind a switch. */
  readonly start: number
  readonly end: number
  /** What stands there instead; absent where a statement is left out. */
  readonly to: string | undefined
}

/** What one rule has to say of one node: `node` becomes `to`. */
interface Change {
  readonly node: ts.Node
  readonly to: string | undefined
  /** How people are told of it, where `node => to` would be long. */
  readonly label?: string
}

const K = ts.SyntaxKind
const OPPOSITES: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [K.EqualsEqualsEqualsToken]: '!==',
  [K.ExclamationEqualsEqualsToken]: '===',
  [K.LessThanToken]: '<=',
  [K.LessThanEqualsToken]: '<',
  [K.GreaterThanToken]: '>=',
  [K.GreaterThanEqualsToken]: '>',
  [K.PlusToken]: '-',
  [K.MinusToken]: '+',
}
const OTHER_METHODS: Readonly<Record<string, string>> = { some: 'every', every: 'some', find: 'findLast', findLast: 'find' }
// Calls that can be left out, so that what they are called on is handed on as it is.
const PASSED_OVER = new Set(['filter', 'sort', 'toSorted', 'slice', 'reverse', 'toReversed'])
const EITHER = new Set([K.AmpersandAmpersandToken, K.BarBarToken, K.QuestionQuestionToken, K.BarToken, K.AmpersandToken])
const LONGEST = 160

export function mutantsOf(text: string): Mutant[] {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true)
  const source = (node: ts.Node): string => text.slice(node.getStart(file), node.end)
  const found: Mutant[] = []
  const named = new Map<string, number>()

  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    for (const change of changesOf(node, source)) add(change)
    ts.forEachChild(node, visit)
  }

  function add({ node, to, label = to === undefined ? `${source(node)} dropped` : `${source(node)} => ${to}` }: Change): void {
    const first = `${placeOf(node)}: ${oneLine(label)}`
    const count = (named.get(first) ?? 0) + 1
    named.set(first, count)
    const host = hostOf(node)
    const [start, end] = [host.getStart(file), host.end]
    const around = (inner: string): string => text.slice(start, node.getStart(file)) + inner + text.slice(node.end, end)
    found.push({
      name: count === 1 ? first : `${first} #${count}`,
      line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
      start,
      end,
      to: to === undefined ? undefined : around(to),
    })
  }

  visit(file)
  return found
}

function* changesOf(node: ts.Node, source: (node: ts.Node) => string): Generator<Change> {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) {
    yield { node: node.expression, to: 'false', label: `if ${source(node.expression)} => false` }
    if (ts.isIfStatement(node)) yield { node: node.expression, to: 'true', label: `if ${source(node.expression)} => true` }
  } else if (ts.isConditionalExpression(node)) {
    yield { node, to: `(${source(node.whenTrue)})` }
    yield { node, to: `(${source(node.whenFalse)})` }
  } else if (ts.isBinaryExpression(node)) {
    const [left, right, operator] = [source(node.left), source(node.right), node.operatorToken.kind]
    if (EITHER.has(operator)) yield* [left, right].map((side) => ({ node, to: `(${side})` }))
    const opposite = OPPOSITES[operator]
    if (opposite !== undefined) yield { node, to: `${left} ${opposite} ${right}` }
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === K.ExclamationToken) {
    yield { node, to: `(${source(node.operand)})` }
  } else if (ts.isCallExpression(node)) {
    yield* changesOfCall(node, source)
  } else if (ts.isExpressionStatement(node) || isEarlyReturn(node)) {
    yield { node, to: undefined }
  } else if (ts.isArrayLiteralExpression(node)) {
    yield* without(node, node.elements, source, (rest) => `[${rest}]`)
  } else if (ts.isObjectLiteralExpression(node)) {
    const parts = isAtTopLevel(node) ? node.properties : node.properties.filter((p) => ts.isSpreadAssignment(p))
    for (const part of parts) {
      const rest = node.properties.filter((p) => p !== part).map(source)
      yield { node, to: `{ ${rest.join(', ')} }`, label: `{ ${source(part)} } dropped` }
    }
  } else if (ts.isNumericLiteral(node) && !ts.isPropertyAssignment(node.parent)) {
    yield { node, to: node.text === '0' ? '1' : '0', label: `${source(node.parent)} with ${node.text === '0' ? 1 : 0}` }
  } else if (node.kind === K.TrueKeyword || node.kind === K.FalseKeyword) {
    yield { node, to: String(node.kind === K.FalseKeyword), label: `${source(node.parent)} with ${node.kind === K.FalseKeyword}` }
  } else if (ts.isRegularExpressionLiteral(node)) {
    for (const { 0: part, index } of node.text.matchAll(/\|[A-Za-z.\\]+(?=[|)])/g))
      yield { node, to: node.text.slice(0, index) + node.text.slice(index + part.length), label: `${node.text} without ${part}` }
  } else if (ts.isCaseClause(node)) {
    yield { node: node.expression, to: '({})', label: `case ${source(node.expression)} dropped` }
  }
}

function isEarlyReturn(node: ts.Node): boolean {
  return ts.isReturnStatement(node) && node.expression !== undefined && ts.isBlock(node.parent) && node.parent.statements.at(-1) !== node
}

function* changesOfCall(node: ts.CallExpression, source: (node: ts.Node) => string): Generator<Change> {
  const { expression: callee, arguments: given } = node
  const list = given.map(source)
  if (ts.isPropertyAccessExpression(callee)) {
    const other = Object.hasOwn(OTHER_METHODS, callee.name.text) ? OTHER_METHODS[callee.name.text] : undefined
    if (PASSED_OVER.has(callee.name.text)) yield { node, to: source(callee.expression) }
    if (other !== undefined) yield { node, to: `${source(callee.expression)}.${other}(${list.join(', ')})` }
  }
  if (list.length >= 2 && given.every(ts.isIdentifier))
    yield { node, to: `${source(callee)}(${[list[1], list[0], ...list.slice(2)].join(', ')})` }
  const spread = given.filter(ts.isSpreadElement)
  yield* without(node, spread, source, () => '', given)
}

function* without(
  node: ts.Node,
  parts: readonly ts.Expression[],
  source: (node: ts.Node) => string,
  write: (rest: string) => string,
  all: readonly ts.Expression[] = parts,
): Generator<Change> {
  for (const part of parts) {
    const rest = all.filter((p) => p !== part).map(source)
    const to = ts.isCallExpression(node) ? `${source(node.expression)}(${rest.join(', ')})` : write(rest.join(', '))
    yield { node, to, label: `${ts.isCallExpression(node) ? `${source(node.expression)}()` : '[]'} without ${source(part)}` }
  }
}

/** What can be put in parentheses: of `a?.b.c`, the whole chain, since parentheses within would end it. */
function hostOf(node: ts.Node): ts.Node {
  let host = node
  while (
    (ts.isPropertyAccessExpression(host.parent) ||
      ts.isElementAccessExpression(host.parent) ||
      ts.isCallExpression(host.parent) ||
      ts.isNonNullExpression(host.parent)) &&
    host.parent.expression === host
  )
    host = host.parent
  return host
}

/** The names of the functions around it, from the outside in; of what is outside of them all, the name that is declared. */
function placeOf(node: ts.Node): string {
  const names: string[] = []
  for (let n = node; n.parent; n = n.parent) {
    const name =
      ts.isFunctionDeclaration(n) || ts.isMethodDeclaration(n) ? n.name : ts.isVariableDeclaration(n) ? functionName(n) : undefined
    if (name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) names.unshift(name.text)
  }
  return names.join('.')
}

function functionName({ name, initializer, parent }: ts.VariableDeclaration): ts.BindingName | undefined {
  const isFunction = initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
  return isFunction || ts.isSourceFile(parent.parent.parent) ? name : undefined
}

function isAtTopLevel(node: ts.Node): boolean {
  for (let n = node; n.parent; n = n.parent) if (ts.isFunctionLike(n)) return false
  return true
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST / 2)} … ${line.slice(-LONGEST / 2)}`
}
