// The transitions of a step, as its body holds them: `this.next(this.b, { foreach: 'list' })`.

import type ts from 'typescript'
import type { Transition } from '../runtime/contract.js'
import { isTransition } from './calls.js'
import type { Draft } from './draft.js'
import { literalName } from './patterns.js'
import { bare, type Pen } from './pen.js'

export function findTransitions({ ts }: Draft, body: ts.Block): ts.CallExpression[] {
  return within(ts, body, () => true).filter((node) => isTransition(ts, node))
}

/** The node and what is in it, as far as `opens` allows: a list, since code may be nested deeper than the stack is. */
function within(ts: Draft['ts'], node: ts.Node, opens: (node: ts.Node) => boolean): ts.Node[] {
  const found = [node]
  for (const each of found) if (opens(each)) ts.forEachChild(each, (child) => void found.push(child))
  return found
}

export function targetsOf({ ts }: Draft, call: ts.CallExpression): string[] {
  return call.arguments.flatMap((given) => {
    const argument = bare(ts, given)
    return ts.isPropertyAccessExpression(argument) && argument.expression.kind === ts.SyntaxKind.ThisKeyword ? [argument.name.text] : []
  })
}

/** A transition that is a statement of the method's own body, with nothing to compute in it. */
export function plainTransition(
  draft: Draft,
  body: ts.Block,
  call: ts.CallExpression,
): { statement: ts.Statement; transition: Transition } | undefined {
  const { ts } = draft
  const statement = body.statements.find((s) => ts.isExpressionStatement(s) && bare(ts, s.expression) === call)
  const targets = targetsOf(draft, call)
  const rest = call.arguments.slice(targets.length)
  if (statement === undefined || rest.length > 1 || hasEarlyReturn(ts, body)) return undefined
  const options = rest[0] && bare(ts, rest[0])
  if (options === undefined) return { statement, transition: { targets } }
  if (!ts.isObjectLiteralExpression(options) || options.properties.length !== 1) return undefined
  const [property] = options.properties
  if (!property || !ts.isPropertyAssignment(property) || literalName({ ts } as Pen, property.name) !== 'foreach') return undefined
  const value = bare(ts, property.initializer)
  return ts.isStringLiteralLike(value) ? { statement, transition: { targets, foreach: value.text } } : undefined
}

function hasEarlyReturn(ts: Draft['ts'], body: ts.Block): boolean {
  return within(ts, body, (node) => !ts.isFunctionLike(node)).some(ts.isReturnStatement)
}
