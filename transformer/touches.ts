// What the top level of a module may write to (C3). A statement counts for a step when it may write to something that the step reaches.

import { expandWhole } from './closure-of-export.js'
import { type Edge, type Graph, isFelt, type Node } from './link.js'
import type { Marks } from './marks.js'
import type { Module } from './project.js'
import { ASSIGNED, LIVE, WRITES_GLOBAL, WRITTEN } from './summary.js'

export interface Touches {
  /** The modules and all that they import, however far. */
  modulesOf(from: Iterable<Module>): ReadonlySet<Module>
  /** Top-level statements of the modules that may write to the declaration or package. */
  writersOf(modules: Iterable<Module>, target: Node | string): readonly Node[]
  /** Those that write to a global object, which every step may read. */
  globalWriters(modules: Iterable<Module>): readonly Node[]
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
      const node = isFelt(module, d) ? graph.node(module, i) : undefined
      return node !== undefined && !marks.isHandover(node) ? [node] : []
    })
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

  function addTouches(statement: Node, { byTarget, global }: Index): void {
    const seen = new Set<Node>([statement])
    const targets = new Set<number | string>()
    let writesGlobal = false
    const isForEffect = !isUsedElsewhere(statement)
    for (const node of seen) {
      if ((node.declaration?.traits ?? 0) & WRITES_GLOBAL) writesGlobal = true
      for (const edge of graph.edges(node)) {
        if (edge.kind === 'leaf' && edge.package !== undefined && isForEffect) targets.add(edge.package)
        if (edge.kind === 'node' && mayWrite(edge, node === statement)) targets.add(edge.node.id)
      }
      for (const step of expandWhole(graph, node)) if (typeof step !== 'string' && !marks.isHandover(step.node)) seen.add(step.node)
    }
    if (writesGlobal) global.push(statement)
    for (const target of targets) {
      const list = byTarget.get(target)
      if (list === undefined) byTarget.set(target, [statement])
      else list.push(statement)
    }
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
    writersOf: (modules, target) =>
      [...modules].flatMap((m) => indexOf(m).byTarget.get(typeof target === 'string' ? target : target.id) ?? []),
    globalWriters: (modules) => [...modules].flatMap((m) => indexOf(m).global),
    evaluationOf: (module) => [...modulesOf([module])].flatMap(statementsOf),
  }
}

/** Handing on a function or a class hands on nothing that is written to, except by a statement that names it itself. */
function mayWrite({ node, use }: Extract<Edge, { kind: 'node' }>, isOwnMention: boolean): boolean {
  if ((use & (ASSIGNED | WRITTEN)) !== 0) return true
  if ((use & LIVE) === 0 || node.declaration?.constant) return false
  return node.declaration?.kind !== 'class' || isOwnMention
}
