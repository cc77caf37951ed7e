// Everything that a root can run: the declarations reachable from it, in an order that depends on nothing but the code.
// The walk is breadth-first from the root along the order of mention, so that every declaration gets a number without any name.

import { createHash } from 'node:crypto'
import type { Digest } from '../runtime/contract.js'
import { type Edge, type Graph, NAMESPACE, type Node } from './link.js'
import type { Module } from './project.js'
import { FEELS_DECORATORS, FEELS_FIELDS, FEELS_JSX } from './summary.js'

export interface Visit {
  readonly node: Node
  readonly own: Digest
  /** Numbers of visits, or the text of a leaf. */
  readonly to: readonly (readonly [visit: number, slot: number] | string)[]
}

export interface Closure {
  readonly visits: readonly Visit[]
  /** What the reached code feels of the compiler options (C11). */
  readonly options: readonly string[]
}

/**
 * `open`: an export, whose callers are unknown. They may use every member of what it hands out, and they evaluate its modules: classes and
 * objects count whole, and so does every top-level statement of the evaluated modules that can be felt.
 */
export function closureOfExport(graph: Graph, roots: readonly Edge[]): Closure {
  const walk = openWalk(graph)
  const evaluated = new Set<Module>()
  walk.run(roots)
  for (let next = 0; next < walk.modules.length; ) {
    const groups: { key: string; edges: Edge[] }[] = []
    for (; next < walk.modules.length; next++) evaluate(walk.modules[next]!, groups)
    groups.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    for (const group of groups) walk.run(group.edges)
  }

  /** What evaluating a module runs, and what it runs of the modules that it imports. */
  function evaluate(module: Module, groups: { key: string; edges: Edge[] }[]): void {
    if (evaluated.has(module)) return
    evaluated.add(module)
    const edges: Edge[] = []
    module.summary.declarations.forEach((declaration, i) => {
      if (declaration.impure) edges.push({ kind: 'node', node: graph.node(module, i), slot: 0, use: 0 })
    })
    if (edges.length > 0) groups.push({ key: groupKey(edges), edges })
    module.summary.imports.forEach((i, index) => {
      if (!i.evaluated) return
      const target = module.target(index)
      if (target.kind === 'module') {
        if (!target.module.sideEffectFree) evaluate(target.module, groups)
      } else if (target.kind === 'package') {
        const edge: Edge = { kind: 'leaf', text: `evaluates ${target.identity} ${target.subpath}`, use: 0 }
        groups.push({ key: edge.text, edges: [edge] })
      }
    })
  }

  return walk.closure()
}

/** Statements keep their order inside a module; modules are ordered by what they hold, not by where they lie. */
function groupKey(edges: readonly Edge[]): string {
  return edges.map((e) => (e.kind === 'node' ? e.node.declaration!.own : '')).join()
}

interface Walk {
  /** Modules of the visited declarations, in order of the first visit. */
  readonly modules: Module[]
  run(roots: readonly Edge[]): void
  closure(): Closure
}

function openWalk(graph: Graph): Walk {
  const numbers = new Map<number, number>()
  const queue: Node[] = []
  const visits: Visit[] = []
  const modules: Module[] = []
  const seenModules = new Set<Module>()
  const options = new Set<string>()
  const leaves: string[] = []

  function number(node: Node): number {
    let n = numbers.get(node.id)
    if (n === undefined) {
      numbers.set(node.id, (n = queue.push(node) - 1))
      if (!seenModules.has(node.module)) {
        seenModules.add(node.module)
        modules.push(node.module)
      }
    }
    return n
  }

  function place(edge: Edge): readonly [number, number] | string {
    if (edge.kind === 'node') return [number(edge.node), edge.slot]
    return edge.kind === 'leaf' ? edge.text : edge.kind
  }

  function visit(node: Node): Visit {
    const { declaration, module } = node
    const to = graph.edges(node).map(place)
    if (declaration === undefined) return { node, own: NAMESPACE, to }
    if (declaration.kind === 'class') for (const m of declaration.members ?? []) to.push([number(graph.node(module, m.decl)), 0])
    for (const assigner of graph.assigners(node)) to.push([number(assigner), 0])
    const { traits, own, ownAssign } = declaration
    const { fieldsDefine, jsx, decorators } = module.options
    if ((traits & FEELS_JSX) !== 0) options.add(`jsx ${jsx}`)
    if ((traits & FEELS_DECORATORS) !== 0) options.add(`decorators ${decorators}`)
    return { node, own: (traits & FEELS_FIELDS) !== 0 && !fieldsDefine ? ownAssign! : own, to }
  }

  return {
    modules,
    run(roots) {
      for (const root of roots) {
        const to = place(root)
        if (typeof to === 'string') leaves.push(to)
      }
      while (visits.length < queue.length) visits.push(visit(queue[visits.length]!))
    },
    closure: () => ({ visits, options: [...[...options].sort(), ...[...new Set(leaves)].sort()] }),
  }
}

export function digestClosure(closure: Closure, format: number): Digest {
  const hash = createHash('sha256')
  let text = `mintmark ${format}\n${closure.options.join('\n')}\n`
  for (const { own, to } of closure.visits) {
    text += own
    for (const t of to) text += typeof t === 'string' ? ` ${t.length}:${t}` : ` ${t[0]}.${t[1]}`
    text += '\n'
    if (text.length > 65536) {
      hash.update(text)
      text = ''
    }
  }
  return hash.update(text).digest('hex') as Digest
}
