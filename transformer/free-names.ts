// Names that nothing in the module binds, with the members that are read of them at once: `FLAG`, `process.env.MODE`, `import.meta.env`. The
// normal form has their text. A bundler may put something else there, so they are noted for whoever knows what it puts.

import type ts from 'typescript'
import { keyText } from './folding.js'
import { isKnownGlobal } from './known-globals.js'
import { bare, isFree, isGlobal, type Pen, rootOf, textOf } from './pen.js'

/** Other names of the language are so frequent, and so rarely replaced, that they are left out. */
const REPLACEABLE = new Set(['globalThis', 'self', 'window'])

/** Notes the longest chain of plain members at the root of a name or an access. */
export function noteFreeName(pen: Pen, node: ts.Expression): void {
  const chain = isBound(pen, node) ? undefined : chainOf(pen, node)
  if (chain !== undefined) pen.writer.free(chain.names.join('.'))
}

/** As most are: what comes first is a name that something in the module binds. */
function isBound(pen: Pen, node: ts.Expression): boolean {
  const root = rootOf(pen.ts, node)
  return root.kind === pen.ts.SyntaxKind.Identifier && !isFree(pen, textOf(root as ts.Identifier))
}

interface Chain {
  readonly names: string[]
  /** Nothing that is computed has come up so far. */
  isPlain: boolean
}

function chainOf(pen: Pen, given: ts.Expression): Chain | undefined {
  const { ts } = pen
  const node = bare(ts, given)
  if (ts.isIdentifier(node)) return isReplaceable(pen, node) ? { names: [node.text], isPlain: true } : undefined
  if (ts.isMetaProperty(node)) return node.name.text === 'meta' ? { names: ['import', 'meta'], isPlain: true } : undefined
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return undefined
  const chain = chainOf(pen, node.expression)
  if (chain === undefined) return undefined
  const key = ts.isPropertyAccessExpression(node) ? node.name.text : keyText(pen, node.argumentExpression)
  chain.isPlain &&= key !== undefined
  if (chain.isPlain) chain.names.push(key!)
  return chain
}

function isReplaceable(pen: Pen, node: ts.Identifier): boolean {
  return (REPLACEABLE.has(node.text) || !isKnownGlobal(node.text)) && isGlobal(pen, node)
}

/** What may be one in code that nobody has parsed. */
export function noteFreeWords(pen: Pick<Pen, 'writer'>, text: string): void {
  for (const [chain] of text.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*/gu))
    pen.writer.free(chain)
}
