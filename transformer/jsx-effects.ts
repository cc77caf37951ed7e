// Can evaluating JSX at the top level be felt?

import type ts from 'typescript'
import type { TS } from './pen.js'

/** An element is made by a call that bundlers drop: what is felt is its tag, its attributes and its children. */
export function isPureJsx(
  ts: TS,
  node: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment,
  isPure: (node: ts.Expression) => boolean,
): boolean {
  const opening = ts.isJsxElement(node) ? node.openingElement : node
  if (!ts.isJsxFragment(opening)) {
    const { tagName } = opening
    const isIntrinsic = ts.isJsxNamespacedName(tagName) || (ts.isIdentifier(tagName) && /^[a-z]|-/.test(tagName.text))
    if (!isIntrinsic && !isPure(tagName as ts.Expression)) return false
    for (const a of opening.attributes.properties) {
      if (ts.isJsxSpreadAttribute(a)) return false
      const value = a.initializer && ts.isJsxExpression(a.initializer) ? a.initializer.expression : a.initializer
      if (value !== undefined && !isPure(value as ts.Expression)) return false
    }
  }
  const children = ts.isJsxSelfClosingElement(node) ? [] : node.children
  return children.every((c) => {
    if (ts.isJsxText(c)) return true
    if (!ts.isJsxExpression(c)) return isPureJsx(ts, c, isPure)
    return c.dotDotDotToken === undefined && (c.expression === undefined || isPure(c.expression))
  })
}
