// What is written into the text of a module, and where. What bake.ts does to a syntax tree, on text:
//
//   class Flow extends FlowSpec { ... }    class Flow extends FlowSpec { static [Symbol.for("mintmark.stamp")] = {...}; ... }
//   memoize(async (x) => ..., options)     memoize(Object.defineProperty(async (x) => ..., Symbol.for("mintmark.stamp"), {...}), options)
//   memoize(f, options)                    memoize(Object.defineProperty((f).bind(undefined), ...), options)
//   class Document { ... }                 class Document { static [Symbol.for("mintmark.class")] = {...}; ... }, if it is some step's input
//
// TypeScript stays TypeScript, and no line moves. A property that is defined, and not assigned under a computed name, is what bundlers see
// through when nobody uses the function.

import type ts from 'typescript'
import type { Insertion } from './bake-source.js'
import type { TS } from './pen.js'
import type { ModuleSteps, StampedFunction } from './stamped.js'

const SYMBOL = 'Symbol.for("mintmark.stamp")'
const CLASS_SYMBOL = 'Symbol.for("mintmark.class")'
// Nothing can be felt of it unless the result is used. A function that nobody uses is dropped where `memoize` is marked so, too.
const PURE = '/* @__PURE__ */ '

export function readInsertions(ts: TS, file: ts.SourceFile, { classes, functions, marked }: ModuleSteps): Insertion[] {
  const statics = [
    ...classes.map(({ at, stamp }) => ({ at, symbol: SYMBOL, value: stamp })),
    ...marked.map(({ at, mark }) => ({ at, symbol: CLASS_SYMBOL, value: mark })),
  ]
  const inside = statics.map(({ at, symbol, value }): Insertion => {
    const node = file.statements.find((s): s is ts.ClassDeclaration => ts.isClassDeclaration(s) && s.getStart(file) === at)!
    return { at: node.members.pos, side: 'after', text: ` static [${symbol}] = ${JSON.stringify(value)};` }
  })
  const around = functions.flatMap((each): Insertion[] => {
    const own = each.isLiteral ? '' : ').bind(undefined)'
    const record = `{ value: ${recordOf(each)}, enumerable: true, configurable: true, writable: true }`
    return [
      { at: each.start, side: 'before', text: `${PURE}Object.defineProperty(${each.isLiteral ? '' : `${PURE}(`}` },
      { at: each.end, side: 'after', text: `${own}, ${PURE}${SYMBOL}, ${record})` },
    ]
  })
  return [...inside, ...around]
}

/** The values of captured variables come from a thunk, so they are read when they are asked for. */
function recordOf({ stamp, captures }: StampedFunction): string {
  const record = JSON.stringify(stamp)
  if (captures.length === 0) return record
  const values = captures.map((name) => `${JSON.stringify(name)}: ${name === 'arguments' ? '[...arguments]' : name}`)
  return `${record.slice(0, -1)},"captures":() => ({ ${values.join(', ')} })}`
}
