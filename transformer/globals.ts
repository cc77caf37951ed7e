// What writes to a global object: `globalThis.x = 1`, `Array.prototype.first = ...`, `globalThis.registry.set(...)`, and whatever such an
// object is handed to.

import type ts from 'typescript'
import { keyText } from './folding.js'
import { isKnownGlobal } from './known-globals.js'
import { bare, isGlobal, type Pen, rootOf, textOf } from './pen.js'

const SELVES = new Set(['globalThis', 'global', 'window', 'self'])
// Objects of the host whose methods are called all over the place and change nothing that steps read.
const HOST = new Set(['process', 'Buffer', 'require', 'module', 'exports', 'setImmediate', 'clearImmediate', 'crypto', 'fetch', 'React'])

/** A target whose root is no name of this module, or that is a prototype which nothing here has made. */
export function writesGlobal(pen: Pen, target: ts.Expression): boolean {
  const { root, path } = pathOf(pen, target)
  if (pen.ts.isIdentifier(root)) {
    // `exports.x` and `module.exports` give out, `process.exitCode` is for the shell: nobody reads them as globals.
    if (root.text === 'exports' || root.text === 'module' || `${root.text}.${path[0]}` === 'process.exitCode') return false
    return isGlobal(pen, root)
  }
  const isMade = pen.ts.isCallExpression(root) && pathOf(pen, root.expression).path.at(-1) === 'getPrototypeOf'
  return isMade || path.includes('prototype') || path.includes('__proto__')
}

/** `globalThis.registry.set(...)`, `registry.push(...)` of a global that is the project's own. */
export function callWritesGlobal(pen: Pen, callee: ts.Expression): boolean {
  if (!isGlobal(pen, rootOf(pen.ts, callee))) return false
  const { root, path } = pathOf(pen, callee) as { root: ts.Identifier; path: string[] }
  if (path.length === 0) return false
  if (path.at(-1) === '__defineGetter__' || path.at(-1) === '__defineSetter__') return true
  const name = SELVES.has(root.text) ? (path.length > 1 ? path[0] : undefined) : root.text
  return name !== undefined && !isKnownGlobal(name) && !HOST.has(name)
}

/** A global that is the project's own, and no constant by its spelling: what it is handed to may write to it. */
export function isOwnGlobal(pen: Pen, node: ts.Expression): boolean {
  return isGlobal(pen, node) && !isKnownGlobal(node.text) && !HOST.has(node.text) && !/^[A-Z\d_$]+$|^__\w+__$/.test(node.text)
}

/** `globalThis`, `Array.prototype`. */
export function isGlobalObject(pen: Pen, node: ts.Expression): boolean {
  const { ts } = pen
  if (ts.isIdentifier(node)) return SELVES.has(textOf(node)) && isGlobal(pen, node)
  return ts.isPropertyAccessExpression(node) && node.name.text === 'prototype' && isGlobal(pen, bare(ts, node.expression))
}

/** `a.b['c']` -> `a` and `['b', 'c']`; a name that is computed is empty. */
function pathOf(pen: Pen, node: ts.Expression): { root: ts.Expression; path: string[] } {
  const { ts } = pen
  const path: string[] = []
  let root = bare(ts, node)
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) {
    path.unshift(ts.isPropertyAccessExpression(root) ? root.name.text : (keyText(pen, root.argumentExpression) ?? ''))
    root = bare(ts, root.expression)
  }
  return { root, path }
}
