// Top-level statements that may write to what a step has reached, as far as its walk has come (C3, C4).

import type { Edge, Graph, Node } from './graph.js'
import type { Module } from './module.js'
import { BUILT, LIVE } from './summary.js'
import type { Touches } from './touches.js'
import { type Group, groupOf, type Item, itemOf, type Step, type Walk } from './walk.js'

export interface WriteSites {
  /** A function that the step reaches and does not only call. */
  note(node: Node): void
  /** The statements that nobody was told of yet, those of a module together. */
  fresh(): Group[]
}

// Members of every function, which belong to no object that somebody may have written to.
const OF_FUNCTIONS = new Set(['call', 'apply', 'bind', 'length', 'name', 'toString'])

export function openWriteSites({ graph, touches }: { graph: Graph; touches: Touches }, walk: Walk): WriteSites {
  const attached = new Set<Node>()
  const seenModules = new Set<Module>()
  const objects = new Set<Node>()
  /** Of these all writers have been told, among the same modules. */
  const targets = new Set<number | string>()
  let asked = 0
  let askedObjects = 0
  let known = 0

  function isNew(target: number | string): boolean {
    const before = targets.size
    return targets.add(target).size > before
  }

  function fresh(): Group[] {
    const top = touches.among(walk.modules)
    // A module that comes in late (by `import()`) may write to what was reached before it.
    if (top.modules.size > known) {
      asked = askedObjects = 0
      targets.clear()
    }
    const found = new Set<Node>(top.modules.size > known ? top.globalWriters() : [])
    known = top.modules.size
    for (; asked < walk.visits.length; asked++) {
      const { node, to } = walk.visits[asked]!
      if (isNew(node.id)) addAll(found, top.writersOf(node))
      // What writes to an object or a class may write to each member of it.
      const owner = node.declaration?.owner === undefined ? undefined : graph.node(node.module, node.declaration.owner)
      if (owner !== undefined && isNew(owner.id)) addAll(found, top.writersOf(owner))
      for (const leaf of to) {
        const target = typeof leaf === 'string' ? outside(leaf) : undefined
        if (target !== undefined && isNew(target)) addAll(found, top.writersOf(target))
      }
      if (!seenModules.has(node.module)) addAll(found, bareImports(node.module))
    }
    for (const node of [...objects].slice(askedObjects)) addAll(found, top.writersOf(node, true))
    askedObjects = objects.size
    const late = [...found].filter((n) => !attached.has(n) && !walk.has(n)).sort((a, b) => a.decl - b.decl)
    for (const n of late) attached.add(n)
    const byModule = new Map<Module, Step[]>()
    for (const n of late) byModule.set(n.module, [...(byModule.get(n.module) ?? []), writerItem(n)])
    return [...byModule.values()].map(groupOf)
  }

  /** A static block or field of a flow runs with the class as its `this`. */
  function writerItem(node: Node): Item {
    const of = node.declaration!.owner
    return of === undefined ? itemOf(node) : { node, slot: 0, context: graph.node(node.module, of) }
  }

  function bareImports(module: Module): Node[] {
    seenModules.add(module)
    return module.summary.imports.flatMap((i, index) => {
      const target = i.bare ? module.target(index) : undefined
      if (target?.kind === 'package') walk.run([`evaluates ${target.identity} ${target.subpath}`])
      if (target?.kind === 'asset') walk.run([`asset ${target.digest}${target.query}`])
      return target?.kind === 'module' ? touches.evaluationOf(target.module) : []
    })
  }

  return { note: (node) => void objects.add(node), fresh }
}

/** It leads to a function that is not only called: somebody may have put properties on it. */
export function isObject({ node, member, use }: Extract<Edge, { kind: 'node' }>): boolean {
  return node.declaration?.callable === true && (member === undefined ? (use & (LIVE | BUILT)) !== 0 : !OF_FUNCTIONS.has(member))
}

/** The package or module of Node that the text of a leaf names. */
function outside(leaf: string): string | undefined {
  return (/^package ((?:@[^/]+\/)?[^@ ]+)/.exec(leaf) ?? /^(builtin \S+)/.exec(leaf))?.[1]
}

function addAll(found: Set<Node>, nodes: readonly Node[]): void {
  for (let i = 0; i < nodes.length; i++) found.add(nodes[i]!)
}
