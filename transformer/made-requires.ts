// `const require = createRequire(import.meta.url)`: what Node makes so loads modules by name, as `require` itself does.

import type ts from 'typescript'
import { dotted, namesFrom } from './imports.js'
import { bare, type TS } from './pen.js'

/** Modules that give out `createRequire`. */
export const MAKERS = /^(?:node:)?module$/
const OWN_PLACES = new Set(['import.meta.url', 'import.meta.filename', '__filename'])

const known = new WeakMap<ts.SourceFile, (callee: ts.Expression) => boolean>()

/** Whether a callee loads modules, from where the file is, and was made so. By name: a parameter that is called like such a variable is taken for it. */
export function isMadeRequire(ts: TS, file: ts.SourceFile, callee: ts.Expression): boolean {
  let is = known.get(file)
  if (is === undefined) known.set(file, (is = file.text.includes('createRequire') ? openMade(ts, file) : () => false))
  return is(callee)
}

function openMade(ts: TS, file: ts.SourceFile): (callee: ts.Expression) => boolean {
  const makers = namesFrom(ts, file, MAKERS, ['createRequire'])
  const made = new Set<string | undefined>()

  function isMaking(node: ts.Expression): boolean {
    if (!ts.isCallExpression(node) || !makers.has(dotted(ts, bare(ts, node.expression)) ?? '')) return false
    const [place] = node.arguments
    return place !== undefined && OWN_PLACES.has(dotted(ts, bare(ts, place)) ?? '')
  }

  // Code may be nested deeper than calls can be.
  const waiting: ts.Node[] = makers.size === 0 ? [] : [file]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    // A variable, a parameter, a property: what is called so later is taken for it. A pattern has no such text.
    const { name, initializer } = node as Partial<ts.VariableDeclaration>
    if (initializer && isMaking(bare(ts, initializer))) made.add((name as ts.Identifier | undefined)?.text)
    ts.forEachChild(node, (child) => void waiting.push(child))
  }
  return (callee) => (ts.isIdentifier(callee) ? made.has(callee.text) : isMaking(callee))
}
