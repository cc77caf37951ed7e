// Every build message: what a step reaches that its fingerprint cannot speak for, where, by which calls, and the way out.

import type { Node } from './graph.js'
import type { Module } from './module.js'
import { declarationAt, maySay, namesOf } from './outlines.js'
import { type Problem, type ProblemCode, WAYS_OUT } from './problems.js'
import type { Project } from './project.js'
import { definedFor } from './replacements.js'
import type { ModuleSteps, StampedStep } from './stamped.js'
import { ASSIGNED, LIVE, type Mention, WRITTEN } from './summary.js'
import type { Visit } from './walk.js'

export interface Diagnostic {
  readonly code: ProblemCode
  /** `file#Class.step`. */
  readonly step: string
  /** Relative to the project, with forward slashes. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  /** Declarations from the step to the place, as `file#name`. */
  readonly path: readonly string[]
  readonly message: string
}

const MUTATORS = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
])

interface NodeProblems {
  readonly problems: readonly Problem[]
  readonly writes: readonly Problem[]
}

const NONE: readonly Problem[] = []
const MISSING = /^(?:missing|absent) |^package \S+@\? /

export interface Inspector {
  /** The diagnostics of every step of a module, in the order of the steps and of the text. */
  inspect(steps: ModuleSteps): Diagnostic[]
}

export function openInspector(project: Project): Inspector {
  const problems = new Map<Module, readonly (readonly Problem[])[]>()
  const atNodes = new Map<Node, NodeProblems>()

  /** Problems by declaration: each belongs to the last declaration that starts before it. */
  function problemsOf(module: Module): readonly (readonly Problem[])[] {
    let found = problems.get(module)
    if (found === undefined) problems.set(module, (found = sortIn(module)))
    return found
  }

  function sortIn(module: Module): Problem[][] {
    const { declarations } = module.summary
    const lists: Problem[][] = declarations.map(() => [])
    if (module.path.endsWith('.json')) return lists
    const starts = declarations.map((d, i) => [d.at, i] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1])
    for (const problem of project.problems(module)) {
      let last = -1
      for (const [at, index] of starts) {
        if (at > problem.at) break
        last = index
      }
      lists[last]?.push(problem)
    }
    return lists
  }

  function inspectStep(step: StampedStep): Diagnostic[] {
    const { visits } = step.closure
    const parents = parentsOf(visits)
    const found: Diagnostic[] = []
    const seen = new Set<string>()
    visits.forEach((visit, index) => {
      const { module } = visit.node
      for (const problem of ownProblems(visit, step)) {
        if (problem.code === 'MM1006' && step.hasTtl) continue
        if (problem.code === 'MM1004' && problem.name !== undefined && step.env.includes(problem.name)) continue
        if (problem.chain !== undefined && definedFor(project.replacements, problem.chain) !== undefined) continue
        const key = `${module.path} ${problem.at} ${problem.code}`
        if (seen.has(key)) continue
        seen.add(key)
        found.push(locate(step.id, module, problem, pathTo(index)))
      }
    })

    function pathTo(index: number): string[] {
      const names: string[] = []
      for (let i: number | undefined = index; i !== undefined; i = parents[i]) names.unshift(i === 0 ? step.id : nameOf(visits[i]!))
      return names
    }

    if (step.hidesReads) found.push(locate(step.id, step.module, { code: 'MM1010', at: step.at, text: 'this' }, [step.id]))
    return found
  }

  function ownProblems({ node, to }: Visit, step: StampedStep): readonly Problem[] {
    const { decl, declaration } = node
    if (declaration === undefined) return NONE
    const missing = to.flatMap((t): Problem[] =>
      typeof t === 'string' && MISSING.test(t) ? [{ code: 'MM1009', at: declaration.at, text: t.replace(/^\w+ /, '') }] : [],
    )
    if (decl < 0) return [...rootProblems(step), ...missing]
    const { problems, writes } = problemsAt(node)
    return problems.length + missing.length + writes.length === 0 ? NONE : [...problems, ...missing, ...writes]
  }

  /** The same for every step. */
  function problemsAt(node: Node): NodeProblems {
    let found = atNodes.get(node)
    if (found === undefined) {
      const { module, decl } = node
      atNodes.set(node, (found = { problems: problemsOf(module)[decl] ?? NONE, writes: writesOf(module, decl) }))
    }
    return found
  }

  function rootProblems({ module, at, end }: StampedStep): Problem[] {
    return problemsOf(module)
      .flat()
      .filter((p) => p.at >= at && p.at < end)
  }

  /** A variable of the module that one of its functions writes to. */
  function writesOf(module: Module, decl: number): Problem[] {
    const { summary } = module
    const target = summary.declarations[decl]!
    if (target.kind !== 'variable') return []
    const names = namesOf(summary, decl)
    const isFunction = (kind: string): boolean => kind === 'function' || kind === 'member'
    const writers = summary.declarations.flatMap((d, i) => {
      const isWriter = (isFunction(d.kind) || (d.kind === 'variable' && d.constant)) && d.owner !== decl
      return isWriter && maySay(d, names) ? [declarationAt(summary, i)] : []
    })
    const isOwn = (name: string | undefined): boolean => target.members?.some((m) => m.name === name) ?? false
    const writes = writers.flatMap((d) =>
      d.mentions.filter((m) => m.kind === 'binding' && names.includes(m.name) && isWrite(m, isOwn(m.member))),
    )
    return writes.slice(0, 1).map((m) => ({ code: 'MM1003', at: m.at, text: m.name }))
  }

  function locate(id: string, module: Module, { code, at, text }: Problem, path: readonly string[]): Diagnostic {
    const source = project.source(module)
    const { line, character } = source.getLineAndCharacterOfPosition(at)
    const { what, wayOut } = WAYS_OUT[code]
    const via = path.length > 1 ? ` (${path.map((p) => p.slice(p.indexOf('#') + 1)).join(' -> ')})` : ''
    const message = `step \`${id.slice(id.indexOf('#') + 1)}\`: \`${text}\` ${what}${via}. ${wayOut}`
    return { code, step: id, file: project.show(module.path), line: line + 1, column: character + 1, path, message }
  }

  function nameOf({ node }: Visit): string {
    const { module, declaration } = node
    const owner = declaration?.owner === undefined ? '' : `${module.summary.declarations[declaration.owner]!.name}.`
    return `${project.show(module.path)}#${owner}${declaration?.name ?? '*'}`
  }

  return {
    inspect: ({ steps, unstamped }) => [
      ...steps.filter((s) => s.isMemoized).flatMap(inspectStep),
      ...unstamped.map(({ module, at, name, variable }) => {
        const id = `${project.show(module.path)}#${name}`
        return locate(id, module, { code: 'MM1005', at, text: variable }, [id])
      }),
    ],
  }
}

/** `isOwn`: the member is a property that an object literal has, and so no method of a container. */
function isWrite({ use, member }: Mention, isOwn: boolean): boolean {
  return (use & (ASSIGNED | WRITTEN)) !== 0 || ((use & LIVE) !== 0 && member !== undefined && !isOwn && MUTATORS.has(member))
}

/** The visit that led to each one first. */
function parentsOf(visits: readonly Visit[]): (number | undefined)[] {
  const parents: (number | undefined)[] = []
  visits.forEach(({ to }, index) => {
    for (const t of to) if (typeof t !== 'string' && t[0] > index && parents[t[0]] === undefined) parents[t[0]] = index
  })
  return parents
}

/** `file:line:column - warning MM1006: ...`, as compilers write it. */
export function formatDiagnostic({ file, line, column, code, message }: Diagnostic, category: 'warning' | 'error' = 'warning'): string {
  return `${file}:${line}:${column} - ${category} ${code}: ${message}`
}
