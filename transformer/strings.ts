// Normal form of strings, templates and sums of them. What a compiler joins is joined: `'a' + 'b'`, a constant of an enum beside a string.

import type ts from 'typescript'
import { foldOf } from './folding.js'
import { bare, type Pen, writeName } from './pen.js'
import { READ } from './summary.js'

export function writeString(pen: Pen, value: string): void {
  pen.writer.tag('string')
  pen.writer.text(value)
}

/** A constant as its literal would be written. */
export function writeConstant(pen: Pen, value: string | number | boolean): void {
  const { writer } = pen
  if (typeof value === 'boolean') return writer.tag(String(value))
  if (typeof value === 'string') return writeString(pen, value)
  if (Number.isNaN(value)) return writeName(pen, 'NaN', 0)
  if (value < 0 || Object.is(value, -0)) writer.tag('pre-')
  if (!Number.isFinite(value)) return writeName(pen, 'Infinity', 0)
  writer.tag('number')
  writer.text(String(Math.abs(value)))
}

/** A string, or a template: what is between its substitutions. */
interface Text {
  readonly pieces: string[]
  readonly values: ts.Expression[]
}

/** `x + 'a' + 'b'` is `x + 'ab'`, and `'a' + \`b${x}\`` is `\`ab${x}\``. */
export function writeSum(pen: Pen, node: ts.BinaryExpression): void {
  const { ts, writer } = pen
  const terms: ts.Expression[] = []
  let left: ts.Expression = node
  for (;;) {
    const n = bare(ts, left)
    if (!ts.isBinaryExpression(n) || n.operatorToken.kind !== ts.SyntaxKind.PlusToken) {
      terms.push(n)
      break
    }
    terms.push(bare(ts, n.right))
    left = n.left
  }
  const merged: (ts.Expression | Text)[] = []
  for (const term of terms.toReversed()) {
    const last = merged.at(-1)
    const before =
      last && 'pieces' in last ? last : merged.length === 1 && textOf(pen, term) ? literalText(pen, merged[0] as ts.Expression) : undefined
    const text = textOf(pen, term) ?? (before && literalText(pen, term))
    if (before && text) merged[merged.length - 1] = joined(before, text)
    else merged.push(text ?? term)
  }
  if (merged.length > 1) {
    writer.tag('sum')
    writer.count(merged.length)
  }
  for (const term of merged) {
    if ('pieces' in term) writeText(pen, term)
    else pen.expression(term, READ)
  }
}

function joined(a: Text, b: Text): Text {
  const [first, ...rest] = b.pieces
  return { pieces: [...a.pieces.slice(0, -1), a.pieces.at(-1)! + first, ...rest], values: [...a.values, ...b.values] }
}

function textOf(pen: Pen, node: ts.Expression): Text | undefined {
  const { ts } = pen
  const value = foldOf(pen, node)?.[0]
  if (typeof value === 'string') return { pieces: [value], values: [] }
  if (!ts.isTemplateExpression(node)) return undefined
  return {
    pieces: [node.head.text, ...node.templateSpans.map((s) => s.literal.text)],
    values: node.templateSpans.map((s) => s.expression),
  }
}

/** What a primitive becomes beside a string. */
function literalText(pen: Pen, node: ts.Expression): Text | undefined {
  const known = foldOf(pen, node)
  return known && { pieces: [String(known[0])], values: [] }
}

export function writeTemplate(pen: Pen, node: ts.TemplateExpression): void {
  writeText(pen, textOf(pen, node)!)
}

function writeText(pen: Pen, { pieces, values }: Text): void {
  if (values.length === 0) return writeString(pen, pieces[0]!)
  pen.writer.tag('template')
  pen.writer.text(pieces[0]!)
  pen.writer.count(values.length)
  values.forEach((value, i) => {
    pen.expression(value, READ)
    pen.writer.text(pieces[i + 1]!)
  })
}
