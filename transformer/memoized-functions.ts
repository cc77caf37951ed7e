// The functions of a module that are given to `memoize`, and what people call them.

import type ts from 'typescript'
import { calleeName, type Draft, openDraft } from './draft.js'
import { type FunctionRoot, functionRoot } from './roots.js'
import { summarizeStatements } from './summarize.js'
import type { Name } from './summary.js'

/** Writes the module once more and listens for the calls that memoize, so that each is met with its scope around it. */
export function functionRoots(ts: Draft['ts'], file: ts.SourceFile, memoizes: (name: Name) => boolean): readonly FunctionRoot[] {
  const before = rootsBefore.get(file)
  if (before?.asked.every(([name, answer]) => memoizes(name) === answer)) return before.roots
  const asked = new Map<string, readonly [Name, boolean]>()
  const found = new Map<number, FunctionRoot>()
  const draft: Draft = {
    ...openDraft(ts, file),
    onCall: (pen, call, callee) => {
      const name = calleeName(draft, callee)
      if (name === undefined) return
      const answer = memoizes(name)
      asked.set(`${name.name}.${name.member}`, [name, answer])
      const root = answer ? functionRoot(draft, pen, call) : undefined
      if (root !== undefined) found.set(root.start, root)
    },
  }
  summarizeStatements(draft)
  const roots = [...found.values()].sort((a, b) => a.start - b.start)
  rootsBefore.set(file, { asked: [...asked.values()], roots })
  return roots
}

interface RootsBefore {
  readonly asked: readonly (readonly [Name, boolean])[]
  readonly roots: readonly FunctionRoot[]
}

// Who watches keeps the trees of files that nobody edits: the same tree holds the same functions, as long as the same names memoize.
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
