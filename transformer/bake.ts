// Puts the stamps into the code; computes nothing.
//
//   class Flow extends FlowSpec { ... }    class Flow extends FlowSpec { static [Symbol.for('mintmark.stamp')] = {...}; ... }
//   memoize(async (x) => ..., options)     memoize(Object.assign(async (x) => ..., { [Symbol.for('mintmark.stamp')]: {...} }), options)
//   memoize(f, options)                    memoize(Object.assign(f.bind(undefined), { ... }), options)
//   class Document { ... }                 class Document { static [Symbol.for('mintmark.class')] = {...}; ... }, if it is some step's input
//
// Literals and globals only: an import made up here would be left unbound in CommonJS output.

import type ts from 'typescript'
import type { TS } from './pen.js'
import type { StampedFunction, Stamps } from './stamped.js'

const SYMBOL = 'mintmark.stamp'
const CLASS_SYMBOL = 'mintmark.class'

export function bake(
  ts: TS,
  context: ts.TransformationContext,
  file: ts.SourceFile,
  { classes, functions, marked }: Stamps,
): ts.SourceFile {
  const { factory } = context
  const classAt = new Map(classes.map((c) => [c.at, c]))
  const markAt = new Map(marked.map((m) => [m.at, m.mark]))
  const functionAt = new Map(functions.map((f) => [f.start, f]))
  const places = [...classAt.keys(), ...markAt.keys(), ...functionAt.keys()]

  function visit(node: ts.Node): ts.Node {
    // What another transformer has made may hold nodes from anywhere.
    if (ts.isParseTreeNode(node) && !places.some((at) => node.pos <= at && at < node.end)) return node
    const visited = ts.visitEachChild(node, visit, context)
    const original = ts.getOriginalNode(node)
    if (original.pos < 0) return visited
    const start = original.getStart(file)
    if (ts.isClassLike(visited) && (classAt.has(start) || markAt.has(start))) return withStatics(visited, start)
    const stamped = ts.isExpression(visited) ? functionAt.get(start) : undefined
    return stamped?.end === original.end ? assigned(visited as ts.Expression, stamped) : visited
  }

  function withStatics(node: ts.ClassLikeDeclaration, at: number): ts.Node {
    const stamp = classAt.get(at)?.stamp
    const mark = markAt.get(at)
    const members = [...(stamp ? [fixed(SYMBOL, stamp)] : []), ...(mark ? [fixed(CLASS_SYMBOL, mark)] : []), ...node.members]
    if (ts.isClassDeclaration(node))
      return factory.updateClassDeclaration(node, node.modifiers, node.name, node.typeParameters, node.heritageClauses, members)
    return factory.updateClassExpression(node, node.modifiers, node.name, node.typeParameters, node.heritageClauses, members)
  }

  /** `static [Symbol.for(name)] = value` */
  function fixed(name: string, value: unknown): ts.ClassElement {
    const modifiers = [factory.createModifier(ts.SyntaxKind.StaticKeyword)]
    return factory.createPropertyDeclaration(
      modifiers,
      factory.createComputedPropertyName(symbol(name)),
      undefined,
      undefined,
      literal(value),
    )
  }

  function assigned(node: ts.Expression, { stamp, captures, isLiteral }: StampedFunction): ts.Expression {
    const fields = Object.entries(stamp).map(([key, value]) => factory.createPropertyAssignment(key, literal(value)))
    const record = factory.createObjectLiteralExpression(captures.length > 0 ? [...fields, thunk(captures)] : fields)
    const property = factory.createPropertyAssignment(factory.createComputedPropertyName(symbol(SYMBOL)), record)
    const assign = factory.createPropertyAccessExpression(factory.createIdentifier('Object'), 'assign')
    return factory.createCallExpression(assign, undefined, [
      isLiteral ? node : own(node),
      factory.createObjectLiteralExpression([property]),
    ])
  }

  /** `f.bind(undefined)`: a function that is only named may be memoized twice, and each time it has another stamp. */
  function own(node: ts.Expression): ts.Expression {
    return factory.createCallExpression(factory.createPropertyAccessExpression(node, 'bind'), undefined, [
      factory.createIdentifier('undefined'),
    ])
  }

  /** `captures: () => ({ a, b })` */
  function thunk(names: readonly string[]): ts.PropertyAssignment {
    const values = names.map((name) => {
      return factory.createPropertyAssignment(factory.createStringLiteral(name), captured(name))
    })
    const body = factory.createParenthesizedExpression(factory.createObjectLiteralExpression(values))
    return factory.createPropertyAssignment('captures', factory.createArrowFunction(undefined, undefined, [], undefined, undefined, body))
  }

  function captured(name: string): ts.Expression {
    if (name === 'this') return factory.createThis()
    if (name === 'new.target') return factory.createMetaProperty(ts.SyntaxKind.NewKeyword, factory.createIdentifier('target'))
    const value = factory.createIdentifier(name)
    return name === 'arguments' ? factory.createArrayLiteralExpression([factory.createSpreadElement(value)]) : value
  }

  function symbol(name: string): ts.Expression {
    const access = factory.createPropertyAccessExpression(factory.createIdentifier('Symbol'), 'for')
    return factory.createCallExpression(access, undefined, [factory.createStringLiteral(name)])
  }

  function literal(value: unknown): ts.Expression {
    if (typeof value === 'string') return factory.createStringLiteral(value)
    if (typeof value === 'number') return factory.createNumericLiteral(value)
    if (typeof value === 'boolean') return value ? factory.createTrue() : factory.createFalse()
    if (Array.isArray(value)) return factory.createArrayLiteralExpression(value.map(literal))
    const entries = Object.entries(value as Record<string, unknown>)
    return factory.createObjectLiteralExpression(
      entries.map(([k, v]) => factory.createPropertyAssignment(factory.createStringLiteral(k), literal(v))),
    )
  }

  return ts.visitNode(file, visit, ts.isSourceFile) as ts.SourceFile
}
