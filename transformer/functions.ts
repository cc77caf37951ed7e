// Normal form of functions: kind, parameters, body. `x => y` is `x => { return y }`; a `this` parameter is a type.

import type ts from 'typescript'
import { writeOwnName } from './expressions.js'
import { writeBinding, writeDefault, writePropertyName } from './patterns.js'
import { inScope, type Pen, writeList } from './pen.js'
import { bindHolder, bindLexical, bindOwn, bindVars, hasModifier, type Scope } from './scope.js'
import { FEELS_DECORATORS, HIDDEN_CALL, READ } from './summary.js'

export function writeFunctionLike(pen: Pen, node: ts.FunctionLikeDeclaration): void {
  const { ts, writer } = pen
  const K = ts.SyntaxKind
  switch (node.kind) {
    case K.ArrowFunction:
      writer.tag('arrow')
      return writeSignatureAndBody(pen, node)
    case K.FunctionExpression:
    case K.FunctionDeclaration: {
      // The name of a declaration is bound around it.
      const name = ts.isFunctionExpression(node) ? node.name : undefined
      writer.tag('function')
      return writeOwnName(pen, name, () => withOwnThis(pen, () => writeSignatureAndBody(pen, node)))
    }
    default:
      writer.tag(ts.isMethodDeclaration(node) ? 'method' : ts.isGetAccessor(node) ? 'get' : 'set')
      if (ts.isAccessor(node)) writer.trait(HIDDEN_CALL)
      writePropertyName(pen, node.name as ts.PropertyName, false)
      return withOwnThis(pen, () => writeSignatureAndBody(pen, node))
  }
}

function withOwnThis(pen: Pen, run: () => void): void {
  const outer = pen.thisIs
  pen.thisIs = 'other'
  run()
  pen.thisIs = outer
}

/** Modifiers, parameters and body, with the names that they bind. `first` writes what comes first in a constructor's body. */
export function writeSignatureAndBody(
  pen: Pen,
  node: ts.FunctionLikeDeclaration,
  body?: (statements: readonly ts.Statement[]) => void,
): void {
  const { ts, writer } = pen
  if (hasModifier(ts, node, ts.SyntaxKind.AsyncKeyword)) writer.tag('async')
  if ('asteriskToken' in node && node.asteriskToken) writer.tag('generator')
  inScope(pen, (scope) => {
    const isArrow = node.kind === ts.SyntaxKind.ArrowFunction
    if (!isArrow) bindOwn(scope)
    const parameters = node.parameters.filter((p) => !(ts.isIdentifier(p.name) && p.name.text === 'this'))
    for (const p of parameters) bindHolder(ts, scope, p)
    writeList(pen, parameters, (p) => writeParameter(pen, p))
    if (node.body === undefined) return writer.tag('none')
    const block = node.body
    inScope(pen, (inner) => writeBody(pen, inner, scope, block, body))
  })
}

function writeParameter(pen: Pen, parameter: ts.ParameterDeclaration): void {
  writeDecorators(pen, parameter)
  pen.writer.tag(parameter.dotDotDotToken ? 'rest' : 'parameter')
  writeBinding(pen, parameter.name)
  writeDefault(pen, parameter.initializer)
}

function writeBody(
  pen: Pen,
  scope: Scope,
  parameters: Scope,
  body: ts.ConciseBody,
  write?: (statements: readonly ts.Statement[]) => void,
): void {
  const { ts, writer } = pen
  if (!ts.isBlock(body)) {
    writer.count(1)
    writer.tag('return')
    return pen.expression(body)
  }
  bindVars(ts, scope, body, parameters)
  bindLexical(ts, scope, body.statements)
  if (write) write(body.statements)
  else pen.statements(body.statements)
}

export function writeDecorators(pen: Pen, node: ts.Node, kept: (decorator: ts.Decorator) => boolean = () => true): boolean {
  const { ts, writer } = pen
  const all = ts.canHaveDecorators(node) && node.modifiers !== undefined ? ts.getDecorators(node) : undefined
  const decorators = all?.filter(kept) ?? []
  if (decorators.length === 0) return false
  writer.tag('decorators')
  writer.trait(FEELS_DECORATORS)
  writer.inDecorator(() => writeList(pen, decorators, (d) => pen.expression(d.expression, READ)))
  return true
}
