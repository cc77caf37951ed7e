// What the top level of a module may write to (C3). A statement counts for a step when it may write to something that the step reaches.

import { expandWhole } from './closure-of-export.js'
import { type Edge, type Graph, isFelt, type Node } from './graph.js'
import { readKeeping } from './keeping.js'
import type { Marks } from './marks.js'
import type { Module } from './module.js'
import { declarationAt, maySay, namesOf } from './outlines.js'
import { ASSIGNED, CALLED, HIDDEN_CALL, LIVE, type Mention, READ, WRITES_GLOBAL, WRITTEN } from './summary.js'

export interface Touches {
  /** The top level of the modules and of all that they import, however far. */
  among(from: Iterable<Module>): TopLevel
  /** Everything that evaluating a module may do, for an import that has no names (C4). */
  evaluationOf(module: Module): readonly Node[]
}

/** Statements are in the order of the modules. */
export interface TopLevel {
  readonly modules: ReadonlySet<Module>
  /** Statements that may write to the declaration, package or module of Node; `asObject`: to properties of a function. */
  writersOf(target: Node | string, asObject?: boolean): readonly Node[]
  /** Those that write to a global object, which every step may read. */
  globalWriters(): readonly Node[]
}

export function readTouches(graph: Graph, marks: Marks): Touches {
  const keeping = readKeeping(graph, marks)
  const imported = new Map<Module, readonly Module[]>()
  // Of all modules together: a step of a large project asks of each thing that it reaches, and few are written to anywhere.
  const indexed = new Set<Module>()
  const byTarget = new Map<number | string, Node[]>()
  const global: Node[] = []

  function modulesOf(from: Iterable<Module>): Set<Module> {
    const found = new Set(from)
    for (const module of found) for (const other of importsOf(module)) found.add(other)
    return found
  }

  function importsOf(module: Module): readonly Module[] {
    let found = imported.get(module)
    if (found === undefined) {
      found = module.summary.imports.flatMap((i, index) => {
        const target = i.evaluated ? module.target(index) : undefined
        return target?.kind === 'module' ? [target.module] : []
      })
      imported.set(module, found)
    }
    return found
  }

  function statementsOf(module: Module): Node[] {
    return module.summary.declarations.flatMap((d, i) => {
      if (!isFelt(module, d)) return []
      const node = graph.node(module, i)
      return marks.isStepClass(node) ? staticsOf(node).filter(isEvaluated) : marks.isHandover(node) ? [] : [node]
    })
  }

  function staticsOf({ module, declaration }: Node): Node[] {
    return (declaration!.members ?? []).filter((m) => m.isStatic).map((m) => graph.node(module, m.decl))
  }

  function index(module: Module): void {
    if (indexed.has(module)) return
    indexed.add(module)
    for (const statement of statementsOf(module)) addTouches(statement)
  }

  function addTouches(statement: Node): void {
    const seen = runBy(statement)
    const targets = new Set<number | string>()
    const hasHiddenCalls = [...seen].some((n) => ((n.declaration?.traits ?? 0) & HIDDEN_CALL) !== 0)
    const isForEffect = !isUsedElsewhere(statement)
    let writesGlobal = false
    const addTarget = (node: Node, target: number | string = node.id): void => {
      targets.add(target)
      for (const base of keeping.basesOf(node)) targets.add(base.id)
    }
    for (const written of keeping.ownClasses(seen)) targets.add(written.id)
    for (const node of seen) {
      if ((node.declaration?.traits ?? 0) & WRITES_GLOBAL) writesGlobal = true
      for (const edge of graph.edges(node)) {
        if (edge.kind === 'leaf') {
          if (edge.package !== undefined && isForEffect) targets.add(edge.package)
          const builtin = writtenBuiltin(edge)
          if (builtin === 'builtin process') writesGlobal = true
          else if (builtin !== undefined) targets.add(builtin)
        } else if (edge.kind === 'node') {
          const isHandedFlow = edge.member === undefined && (edge.use & (ASSIGNED | WRITTEN)) === 0 && marks.isStepClass(edge.node)
          // A namespace object that is handed on hands on all that it holds.
          const isLive =
            node.declaration === undefined || (hasHiddenCalls && (edge.use & READ) !== 0) || keeping.changes(edge, node, isForEffect)
          const target = isHandedFlow ? undefined : targetOf({ ...edge, use: isLive ? edge.use | LIVE : edge.use })
          if (target !== undefined) addTarget(edge.node, target)
        } else if (isOwnStatic(statement, node) && (edge.name === '' || (edge.use & (ASSIGNED | WRITTEN | LIVE | CALLED)) !== 0))
          addTarget(graph.node(node.module, node.declaration!.owner!))
      }
    }
    if (statement.declaration!.kind === 'class' && marks.isDecorated(statement)) addTarget(statement)
    if (writesGlobal) global.push(statement)
    for (const target of targets) {
      const list = byTarget.get(target)
      if (list === undefined) byTarget.set(target, [statement])
      else list.push(statement)
    }
  }

  /** All that evaluating a statement may run. Of a flow only what is named: Mintmark runs its steps. */
  function runBy(statement: Node): ReadonlySet<Node> {
    const seen = new Set<Node>([statement])
    for (const node of seen) {
      for (const step of expandWhole(graph, node)) if (typeof step !== 'string' && !marks.isHandover(step.node)) seen.add(step.node)
      for (const edge of graph.edges(node)) {
        if (edge.kind !== 'node' || !marks.isStepClass(edge.node)) continue
        if (edge.member !== undefined) for (const member of staticsOf(edge.node)) seen.add(member)
      }
    }
    return seen
  }

  /** A static member of the class that is evaluated: its `this` is that class. */
  function isOwnStatic(statement: Node, { module, decl, declaration }: Node): boolean {
    if (declaration?.owner === undefined || module !== statement.module) return false
    const isInside = declaration.owner === statement.decl || declaration.owner === statement.declaration!.owner
    return isInside && (module.summary.declarations[declaration.owner]!.members?.some((m) => m.decl === decl && m.isStatic) ?? false)
  }

  /** A static member that runs when its class is evaluated. */
  function isEvaluated({ module, decl, declaration }: Node): boolean {
    const { kind } = module.summary.declarations[declaration!.owner!]!.members!.find((m) => m.decl === decl)!
    return kind === 'block' || kind === 'field'
  }

  /** A package's function that is called for a result which others use is taken to be called for that result only. */
  function isUsedElsewhere({ module, decl, declaration }: Node): boolean {
    if (declaration?.kind !== 'variable') return false
    const { summary } = module
    const names = namesOf(summary, decl)
    const isMention = (m: Mention): boolean => m.kind === 'binding' && names.includes(m.name)
    return (
      Object.values(summary.exports).some((e) => e.kind === 'local' && names.includes(e.name)) ||
      summary.declarations.some((d, i) => i !== decl && maySay(d, names) && declarationAt(summary, i).mentions.some(isMention))
    )
  }

  function among(from: Iterable<Module>): TopLevel {
    const modules = modulesOf(from)
    for (const module of modules) index(module)
    let places: Map<Module, number> | undefined

    function inOrder(statements: readonly Node[] | undefined): readonly Node[] {
      if (statements === undefined || statements.length === 0) return []
      const found = statements.filter((s) => modules.has(s.module))
      if (found.length < 2) return found
      places ??= new Map([...modules].map((module, place) => [module, place]))
      return found.sort((a, b) => places!.get(a.module)! - places!.get(b.module)!)
    }

    return {
      modules,
      writersOf: (target, asObject = false) =>
        inOrder(byTarget.get(typeof target === 'string' ? target : asObject ? objectKey(target) : target.id)),
      globalWriters: () => inOrder(global),
    }
  }

  return {
    among,
    evaluationOf: (module) => [...modulesOf([module])].flatMap(statementsOf),
  }
}

/** What the mention may write to: a declaration, or the properties of one that is a function. */
function targetOf({ node, use }: Extract<Edge, { kind: 'node' }>): number | string | undefined {
  if ((use & (ASSIGNED | WRITTEN)) !== 0) return node.id
  if ((use & LIVE) === 0) return undefined
  if (node.declaration?.callable) return objectKey(node)
  return node.declaration?.constant ? undefined : node.id
}

function objectKey({ id }: Node): string {
  return `object ${id}`
}

// Functions of Node that are there to change how Node behaves from then on.
const SETTERS = /^(builtin \S+) (?:default\.)?(?:set[A-Z]|register|sync[A-Z]|enable|disable)/

/** A module of Node that is written to. */
function writtenBuiltin({ text, use }: Extract<Edge, { kind: 'leaf' }>): string | undefined {
  if ((use & (ASSIGNED | WRITTEN)) !== 0) return /^builtin \S+/.exec(text)?.[0]
  return SETTERS.exec(text)?.[1]
}
