// The functions of a module that are given to `memoize`, and what people call them.

import type ts from 'typescript'
import { calleeName, type Draft, openDraft } from './draft.js'
import { type FunctionRoot, functionRoot } from './roots.js'
import { summarizeStatements } from './summarize.js'

/**
 * Writes the statements that hold these calls once more and listens for the calls, so that each is met with its scope around it. `calls`: where
 * those begin that memoize.
 */
export function functionRoots(ts: Draft['ts'], file: ts.SourceFile, calls: readonly number[], runtime?: string): readonly FunctionRoot[] {
  const key = `${runtime} ${calls.join()}`
  const before = rootsBefore.get(file)
  if (before?.key === key) return before.roots
  const found = new Map<number, FunctionRoot>()
  const draft: Draft = {
    ...openDraft(ts, file, runtime),
    onCall: (pen, call, callee) => {
      // `memoize(f).then(g)` begins where `memoize(f)` does.
      if (calleeName(draft, callee) === undefined || !calls.includes(call.getStart(file))) return
      const root = functionRoot(draft, pen, call)
      if (root !== undefined) found.set(root.start, root)
    },
  }
  const around = file.statements.filter((s) => calls.some((at) => s.pos <= at && at < s.end))
  summarizeStatements(draft, around)
  const roots = [...found.values()].sort((a, b) => a.start - b.start)
  rootsBefore.set(file, { key, roots })
  return roots
}

interface RootsBefore {
  readonly key: string
  readonly roots: readonly FunctionRoot[]
}

// Who watches keeps the trees of files that nobody edits: the same calls in the same tree hold the same functions.
const rootsBefore = new WeakMap<ts.SourceFile, RootsBefore>()

/** `name` for `const name = memoize(...)`, else `name:line` of the statement around, and `name:line:column` where that is not one alone. */
export function namesOf(file: ts.SourceFile, ts: Draft['ts'], roots: readonly FunctionRoot[]): string[] {
  const names = roots.map(({ start }) => {
    const line = file.getLineAndCharacterOfPosition(start).line + 1
    const statement = file.statements.find((s) => s.pos <= start && start < s.end)
    if (statement && ts.isVariableStatement(statement)) {
      const declaration = statement.declarationList.declarations.find((d) => d.pos <= start && start < d.end)
      const isDirect =
        declaration?.initializer &&
        ts.isCallExpression(declaration.initializer) &&
        declaration.initializer.arguments.some((a) => a.getStart(file) === start)
      if (declaration && ts.isIdentifier(declaration.name)) return isDirect ? declaration.name.text : `${declaration.name.text}:${line}`
    }
    const name = statement && ts.isFunctionDeclaration(statement) ? statement.name?.text : undefined
    return `${name ?? 'memoized'}:${line}`
  })
  return names.map((name, i) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name
    const { line, character } = file.getLineAndCharacterOfPosition(roots[i]!.start)
    return `${name.endsWith(`:${line + 1}`) ? name : `${name}:${line + 1}`}:${character + 1}`
  })
}
