// Paths that are told by the text alone: literals, where the module or the process lies, and what is joined of those.

import type ts from 'typescript'
import { dotted, namesFrom } from './imports.js'
import { bare, type TS } from './pen.js'

const PLACES = new Set(['__dirname', '__filename', 'import.meta.dirname', 'import.meta.filename', 'import.meta.url'])
/** Calls that make a path of paths, and who gives them out. */
const JOINERS = /^(?:node:)?(?:path(?:\/(?:posix|win32))?|url)$/
const JOINS = ['join', 'resolve', 'normalize', 'dirname', 'fileURLToPath', 'pathToFileURL']

/** Tells such paths of a file. Its top-level `const` are known by what they hold. */
export function openFixedPaths(ts: TS, file: ts.SourceFile): (node: ts.Expression | undefined) => boolean {
  const joins = namesFrom(ts, file, JOINERS, JOINS).add('process.cwd')
  let constants: Map<string, ts.Expression> | undefined

  function isFixed(given: ts.Expression | undefined, depth: number): boolean {
    if (given === undefined || depth > 20) return false
    const node = bare(ts, given)
    const deeper = (part: ts.Expression): boolean => isFixed(part, depth + 1)
    if (ts.isStringLiteralLike(node)) return true
    if (ts.isTemplateExpression(node)) return node.templateSpans.every((span) => deeper(span.expression))
    if (ts.isBinaryExpression(node)) return node.operatorToken.kind === ts.SyntaxKind.PlusToken && deeper(node.left) && deeper(node.right)
    const name = dotted(ts, ts.isCallExpression(node) ? bare(ts, node.expression) : node)
    if (ts.isCallExpression(node)) return name !== undefined && joins.has(name) && node.arguments.every(deeper)
    if (name === undefined) return false
    if (constants === undefined) constants = constantsOf(ts, file)
    return PLACES.has(name) || isFixed(constants.get(name), depth + 1)
  }

  return (node) => isFixed(node, 0)
}

function constantsOf(ts: TS, file: ts.SourceFile): Map<string, ts.Expression> {
  const found = new Map<string, ts.Expression>()
  for (const s of file.statements)
    if (ts.isVariableStatement(s) && (s.declarationList.flags & ts.NodeFlags.Const) !== 0)
      for (const { name, initializer } of s.declarationList.declarations)
        if (ts.isIdentifier(name) && initializer) found.set(name.text, initializer)
  return found
}
