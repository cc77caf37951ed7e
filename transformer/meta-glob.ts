// `import.meta.glob(patterns, options)`, in code for Vite: an object of the modules that the patterns name, by their paths.
// https://vite.dev/guide/features#glob-import

import type ts from 'typescript'
import { bare, type TS } from './pen.js'
import type { Glob } from './summary.js'

/** Nothing for another call, and for patterns that cannot be told: those that are no literals or lead away from the module. */
export function globOf(ts: TS, node: ts.CallExpression): Glob | undefined {
  if (!isGlobCall(ts, node)) return undefined
  const [first, second] = node.arguments
  const list = first && bare(ts, first)
  if (list === undefined) return undefined
  const given = ts.isArrayLiteralExpression(list) ? list.elements : [list]
  const patterns = given.flatMap((each) => literalOf(ts, each) ?? [])
  if (patterns.length < given.length || !patterns.every((each) => /^(?:!?\.{1,2}|!\*\*)\//.test(each))) return undefined
  const query = second === undefined ? '' : queryOf(ts, second)
  return query === undefined ? undefined : { patterns, query }
}

/** `import.meta.glob(...)`, whatever is in it. */
export function isGlobCall(ts: TS, node: ts.CallExpression): boolean {
  const callee = bare(ts, node.expression)
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'glob' && ts.isMetaProperty(bare(ts, callee.expression))
}

/** With `query` each file counts by its content. */
function queryOf(ts: TS, given: ts.Expression): string | undefined {
  const options = bare(ts, given)
  if (!ts.isObjectLiteralExpression(options)) return undefined
  let query = ''
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name)) return undefined
    const { text } = property.name as ts.Identifier
    if (text === 'base' || text === 'exhaustive') return undefined
    if (text === 'query' || text === 'as') query = '?query'
  }
  return query
}

function literalOf(ts: TS, given: ts.Expression): string | undefined {
  const node = bare(ts, given)
  return ts.isStringLiteralLike(node) ? node.text : undefined
}
