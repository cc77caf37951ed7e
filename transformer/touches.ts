// What the top level of a module may write to (C3). A statement counts for a step when it may write to something that the step reaches.

import { expandWhole } from './closure-of-export.js'
import { type Edge, type Graph, isFelt, type Node } from './link.js'
import type { Marks } from './marks.js'
import type { Module } from './project.js'
import { ASSIGNED, CALLED, HIDDEN_CALL, LIVE, READ, WRITES_GLOBAL, WRITTEN } from './summary.js'

export interface Touches {
  /** The modules and all that they import, however far. */
  modulesOf(from: Iterable<Module>): ReadonlySet<Module>
  /** Top-level statements of the modules that may write to the declaration, package or module of Node; `asObject`: to properties of a function. */
  writersOf(modules: ReadonlySet<Module>, target: Node | string, asObject?: boolean): readonly Node[]
  /** Those that write to a global object, which every step may read. */
  globalWriters(modules: ReadonlySet<Module>): readonly Node[]
  /** Everything that evaluating a module may do, for an import that has no names (C4). */
  evaluationOf(module: Module): readonly Node[]
}

interface Index {
  readonly byTarget: Map<number | string, Node[]>
  readonly global: Node[]
}

export function readTouches(graph: Graph, marks: Marks): Touches {
  const imported = new Map<Module, readonly Module[]>()
  const indexes = new Map<Module, Index>()
  const writing = new WeakMap<ReadonlySet<Module>, readonly Index[]>()

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

  function indexOf(module: Module): Index {
    let index = indexes.get(module)
    if (index === undefined) {
      index = { byTarget: new Map(), global: [] }
      indexes.set(module, index)
      for (const statement of statementsOf(module)) addTouches(statement, index)
    }
    return index
  }

  /** Of those modules that write to anything; most do not. */
  function indexesOf(modules: ReadonlySet<Module>): readonly Index[] {
    let found = writing.get(modules)
    if (found === undefined) {
      found = [...modules].map(indexOf).filter(({ byTarget, global }) => byTarget.size + global.length > 0)
      writing.set(modules, found)
    }
    return found
  }

  function addTouches(statement: Node, { byTarget, global }: Index): void {
    const seen = runBy(statement)
    const targets = new Set<number | string>()
    const hasHiddenCalls = [...seen].some((n) => ((n.declaration?.traits ?? 0) & HIDDEN_CALL) !== 0)
    const isForEffect = !isUsedElsewhere(statement)
    let writesGlobal = false
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
          const use =
            node.declaration === undefined ? edge.use | LIVE : hasHiddenCalls && (edge.use & READ) !== 0 ? edge.use | LIVE : edge.use
          const target = isHandedFlow ? undefined : targetOf({ ...edge, use })
          if (target !== undefined) targets.add(target)
        } else if (isOwnStatic(statement, node) && (edge.name === '' || (edge.use & (ASSIGNED | WRITTEN | LIVE | CALLED)) !== 0))
          targets.add(graph.node(node.module, node.declaration!.owner!).id)
      }
    }
    if (statement.declaration!.kind === 'class' && marks.isDecorated(statement)) targets.add(statement.id)
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
    const names = Object.entries(module.summary.bindings).flatMap(([name, b]) =>
      b.kind === 'declaration' && b.decl === decl ? [name] : [],
    )
    const isExported = Object.values(module.summary.exports).some((e) => e.kind === 'local' && names.includes(e.name))
    return (
      isExported ||
      module.summary.declarations.some((d, i) => i !== decl && d.mentions.some((m) => m.kind === 'binding' && names.includes(m.name)))
    )
  }

  return {
    modulesOf,
    writersOf: (modules, target, asObject = false) => {
      const key = typeof target === 'string' ? target : asObject ? objectKey(target) : target.id
      return indexesOf(modules).flatMap(({ byTarget }) => byTarget.get(key) ?? [])
    },
    globalWriters: (modules) => indexesOf(modules).flatMap(({ global }) => global),
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
