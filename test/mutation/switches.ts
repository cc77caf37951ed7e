// A source text with all its mutants in it. To try them each is behind a switch: `(__mutant(7) ? (changed) : as it was)`.
// To find out beforehand where a mutant makes a difference at all, both are evaluated:
// `(__reach(7), __probe(7, as it was, () => (changed)))`.

import ts from 'typescript'
import type { Mutant } from './mutants.js'

/** `first` is the number of the first mutant. Within what a mutant puts in place there are no further switches. */
export function switched(text: string, mutants: readonly Mutant[], first: number, how: 'switches' | 'probes'): string {
  // Of those that start at the same place the longer ones are outside, and of a statement that is an expression the statement is.
  const order = mutants.map((mutant, i) => ({ ...mutant, id: first + i })).sort((a, b) => a.start - b.start || b.end - a.end)
  let next = 0

  function write(from: number, to: number): string {
    let out = ''
    let at = from
    while (next < order.length && order[next]!.start < to) {
      const { start, end } = order[next]!
      out += text.slice(at, start)
      const here: typeof order = []
      while (next < order.length && order[next]!.start === start && order[next]!.end === end) here.push(order[next++]!)
      const inner = write(start, end)
      out += here
        .sort((a, b) => Number(a.to === undefined) - Number(b.to === undefined))
        .reduce(how === 'switches' ? behind : probed, inner)
      at = end
    }
    return out + text.slice(at, to)
  }

  function probed(inner: string, { id, start, end, to }: (typeof order)[number]): string {
    if (to === undefined) return `{ __reach(${id}); ${inner} }`
    const was = text.slice(start, end)
    return isHarmless(to) && isHarmless(was)
      ? `(__reach(${id}), __probe(${id}, ${inner}, () => (${to}), ${/\(/.test(was)}))`
      : `(__reach(${id}), ${inner})`
  }

  return write(0, text.length)
}

function behind(inner: string, { id, to }: { readonly id: number; readonly to: string | undefined }): string {
  return to === undefined ? `{ if (!__mutant(${id})) ${inner} }` : `(__mutant(${id}) ? (${to}) : ${inner})`
}

// Calls that change what they are called on, as far as the engine has them.
const CHANGING =
  /^(?:add|push|set|delete|pop|shift|unshift|splice|sort|tag|text|number|write|next|save|clear|fill|[a-z]*note|open)[A-Za-z]*$/i

/** Can be evaluated once more without anybody noticing: as far as can be seen, it changes nothing, and it is no function. */
function isHarmless(text: string): boolean {
  const file = ts.createSourceFile('x.ts', `(${text})`, ts.ScriptTarget.Latest)
  const isChanging = (node: ts.Node): boolean =>
    ts.isFunctionLike(node) ||
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    (ts.isPrefixUnaryExpression(node) && node.operator >= ts.SyntaxKind.PlusPlusToken && node.operator <= ts.SyntaxKind.MinusMinusToken) ||
    (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) ||
    (ts.isCallExpression(node) && CHANGING.test(calledName(node.expression))) ||
    (ts.forEachChild(node, (child) => isChanging(child) || undefined) ?? false)
  return !isChanging(file)
}

function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment
}

function calledName(callee: ts.Expression): string {
  return ts.isIdentifier(callee) ? callee.text : ts.isPropertyAccessExpression(callee) ? callee.name.text : ''
}
