// Random edits of one statement: a literal, an operator, an order, a name, something dropped. Most keep the program running.

import ts from 'typescript'
import type { Tape } from './step-programs.js'

interface Change {
  readonly start: number
  readonly end: number
  readonly text: string
}

const OPERATORS: Record<string, string> = { '+': '-', '<': '<=', '>': '<', '===': '!==', '&&': '||', '++': '--', '!==': '===' }

/** The text with one edit, or nothing when there is none to make. */
export function editText(text: string, tape: Tape): string | undefined {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true)
  const changes: Change[][] = []
  const replace = (node: ts.Node, by: string): void => void changes.push([{ start: node.getStart(), end: node.end, text: by }])
  const swap = (a: ts.Node, b: ts.Node): void =>
    void changes.push([
      { start: a.getStart(), end: a.end, text: b.getText() },
      { start: b.getStart(), end: b.end, text: a.getText() },
    ])
  const neighbours = (list: readonly ts.Node[]): void => {
    for (let i = 1; i < list.length; i++) swap(list[i - 1]!, list[i]!)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return
    if (ts.isNumericLiteral(node)) replace(node, String(Number(node.text) + 1))
    else if (ts.isStringLiteral(node) && !ts.isCallExpression(node.parent)) replace(node, `'${node.text}~'`)
    else if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, 'false')
    else if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, 'true')
    else if (ts.isBinaryExpression(node)) {
      const other = OPERATORS[node.operatorToken.getText()]
      if (other) replace(node.operatorToken, other)
    } else if (ts.isExpressionStatement(node)) changes.push([{ start: node.getStart(), end: node.end, text: ';' }])
    else if (ts.isClassLike(node)) neighbours(node.members)
    else if (ts.isObjectLiteralExpression(node)) neighbours(node.properties)
    else if (ts.isArrayLiteralExpression(node)) neighbours(node.elements)
    else if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.name)) replace(node.name, node.name.text === 'x' ? 'y' : 'x')
    else if ((ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node)) && ts.isIdentifier(node.name))
      replace(node.name, `${node.name.text}9`)
    else if (node.kind === ts.SyntaxKind.StaticKeyword) changes.push([{ start: node.getStart(), end: node.end, text: '' }])
    ts.forEachChild(node, visit)
  }
  visit(file)
  if (changes.length === 0) return undefined
  const chosen = [...changes[tape.below(changes.length)]!].sort((a, b) => b.start - a.start)
  return chosen.reduce((t, c) => t.slice(0, c.start) + c.text + t.slice(c.end), text)
}
