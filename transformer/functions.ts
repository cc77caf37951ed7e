// Normal form of functions: kind, parameters, body. `x => y` is `x => { return y }`; a `this` parameter is a type.

import type ts from 'typescript'
import { writeOwnName } from './expressions.js'
import { writeBinding, writeDefault, writePropertyName } from './patterns.js'
import { type Pen, writeList } from './pen.js'
import { bindHolder, bindLexical, bindOwn, bindVars, hasModifier, openScope } from './scope.js'
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
  const outer = pen.scope
  const scope = openScope(outer)
  pen.scope = scope
  if (node.kind !== ts.SyntaxKind.ArrowFunction) bindOwn(scope)
  writeParameters(pen, node.parameters)
  if (node.body === undefined) writer.tag('none')
  else {
    pen.scope = openScope(scope)
    writeBody(pen, node.body, body)
  }
  pen.scope = outer
}

/** Binds them first: a default may mention one that follows. */
function writeParameters(pen: Pen, list: readonly ts.ParameterDeclaration[]): void {
  const { ts, writer, scope } = pen
  const first = list[0]?.name
  const from = first !== undefined && ts.isIdentifier(first) && first.text === 'this' ? 1 : 0
  for (let i = from; i < list.length; i++) bindHolder(ts, scope, list[i]!)
  writer.count(list.length - from)
  for (let i = from; i < list.length; i++) writeParameter(pen, list[i]!)
}

function writeParameter(pen: Pen, parameter: ts.ParameterDeclaration): void {
  writeDecorators(pen, parameter)
  pen.writer.tag(parameter.dotDotDotToken ? 'rest' : 'parameter')
  writeBinding(pen, parameter.name)
  writeDefault(pen, parameter.initializer)
}

/** In a scope of its own, inside of that of the parameters. */
function writeBody(pen: Pen, body: ts.ConciseBody, write?: (statements: readonly ts.Statement[]) => void): void {
  const { ts, writer, scope } = pen
  if (!ts.isBlock(body)) {
    writer.count(1)
    writer.tag('return')
    return pen.expression(body)
  }
  if (mayHoldVars(pen.file, body)) bindVars(ts, scope, body, scope.parent)
  bindLexical(ts, scope, body.statements)
  if (write) write(body.statements)
  else pen.statements(body.statements)
}

/** The text of most files says no `var`. */
function mayHoldVars({ text }: ts.SourceFile, { pos, end }: ts.Node): boolean {
  return text.slice(pos, end).includes('var')
}

export function writeDecorators(pen: Pen, node: ts.Node, kept: (decorator: ts.Decorator) => boolean = () => true): boolean {
  const { ts, writer } = pen
  if ((node as ts.HasModifiers).modifiers === undefined) return false
  const decorators = (ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : []).filter(kept)
  if (decorators.length === 0) return false
  writer.tag('decorators')
  writer.trait(FEELS_DECORATORS)
  writer.inDecorator(() => writeList(pen, decorators, (d) => pen.expression(d.expression, READ)))
  return true
}
