// Puts the stamps into the text of a module, for hosts whose own compiler reads it afterwards. What bake.ts does to a syntax tree, on text:
//
//   class Flow extends FlowSpec { ... }    class Flow extends FlowSpec { static [Symbol.for("mintmark.stamp")] = {...}; ... }
//   memoize(async (x) => ..., options)     memoize(Object.defineProperty(async (x) => ..., Symbol.for("mintmark.stamp"), {...}), options)
//   memoize(f, options)                    memoize(Object.defineProperty((f).bind(undefined), ...), options)
//   class Document { ... }                 class Document { static [Symbol.for("mintmark.class")] = {...}; ... }, if it is some step's input
//
// TypeScript stays TypeScript, and no line moves. A property that is defined, and not assigned under a computed name, is what bundlers see
// through when nobody uses the function.

import MagicString, { type SourceMap } from 'magic-string'
import type ts from 'typescript'
import type { TS } from './pen.js'
import type { ModuleSteps, StampedFunction } from './stamped.js'

export interface Baked {
  readonly code: string
  /** From `code` to the text that was given; names the file by its path and holds the text. Made when it is asked for. */
  readonly map: SourceMap
}

const SYMBOL = 'Symbol.for("mintmark.stamp")'
const CLASS_SYMBOL = 'Symbol.for("mintmark.class")'
// Nothing can be felt of it unless the result is used. A function that nobody uses is dropped where `memoize` is marked so, too.
const PURE = '/* @__PURE__ */ '

export function bakeSource(ts: TS, file: ts.SourceFile, { classes, functions, marked }: ModuleSteps): Baked {
  const text = new MagicString(file.text)
  const statics = [
    ...classes.map(({ at, stamp }) => ({ at, symbol: SYMBOL, value: stamp })),
    ...marked.map(({ at, mark }) => ({ at, symbol: CLASS_SYMBOL, value: mark })),
  ]
  for (const { at, symbol, value } of statics) {
    const node = file.statements.find((s): s is ts.ClassDeclaration => ts.isClassDeclaration(s) && s.getStart(file) === at)!
    text.appendLeft(node.members.pos, ` static [${symbol}] = ${JSON.stringify(value)};`)
  }
  for (const each of functions) {
    text.prependRight(each.start, `${PURE}Object.defineProperty(${each.isLiteral ? '' : `${PURE}(`}`)
    const own = each.isLiteral ? '' : ').bind(undefined)'
    text.appendLeft(
      each.end,
      `${own}, ${PURE}${SYMBOL}, { value: ${recordOf(each)}, enumerable: true, configurable: true, writable: true })`,
    )
  }
  let map: SourceMap | undefined
  return {
    code: text.toString(),
    get map() {
      return (map ??= text.generateMap({ source: file.fileName, includeContent: true, hires: true }))
    },
  }
}

/** The values of captured variables come from a thunk, so they are read when they are asked for. */
function recordOf({ stamp, captures }: StampedFunction): string {
  const record = JSON.stringify(stamp)
  if (captures.length === 0) return record
  const values = captures.map((name) => `${JSON.stringify(name)}: ${name}`)
  return `${record.slice(0, -1)},"captures":() => ({ ${values.join(', ')} })}`
}
