// The nodes of a graph: one for each declaration of each module, made when it is asked for, and who assigns to it.

import type { Node, Nodes } from './graph.js'
import type { Module } from './project.js'
import { ASSIGNED } from './summary.js'

interface ModuleNodes {
  readonly nodes: (Node | undefined)[]
  namespace?: Node
  assigners?: Map<number, Node[]>
  assigned?: Map<number, Node[]>
}

export function openNodes(): Nodes {
  const perModule = new Map<Module, ModuleNodes>()
  let count = 0

  function nodesOf(module: Module): ModuleNodes {
    let found = perModule.get(module)
    if (found === undefined) perModule.set(module, (found = { nodes: [] }))
    return found
  }

  function node(module: Module, decl: number): Node {
    const { nodes } = nodesOf(module)
    return (nodes[decl] ??= { id: count++, module, decl, declaration: module.summary.declarations[decl]! })
  }

  function namespace(module: Module): Node {
    const own = nodesOf(module)
    return (own.namespace ??= { id: count++, module, decl: -1, declaration: undefined })
  }

  function assigners(of: Node): readonly Node[] {
    const own = nodesOf(of.module)
    own.assigners ??= collectAssigners(of.module)
    return own.assigners.get(of.decl) ?? []
  }

  function assigned(of: Node): readonly Node[] {
    const own = nodesOf(of.module)
    own.assigned ??= collectAssigners(of.module, true)
    return own.assigned.get(of.decl) ?? []
  }

  function collectAssigners(module: Module, isNarrow = false): Map<number, Node[]> {
    const found = new Map<number, Node[]>()
    module.summary.declarations.forEach((declaration, index) => {
      for (const m of declaration.mentions) {
        const binding = m.kind === 'binding' && (m.use & ASSIGNED) !== 0 ? module.summary.bindings[m.name] : undefined
        if (binding?.kind !== 'declaration' || binding.decl === index) continue
        const list = found.get(binding.decl) ?? []
        if (list.length === 0) found.set(binding.decl, list)
        for (const decl of (isNarrow ? declaration.assigns?.[m.name] : undefined) ?? [index]) {
          const assigner = node(module, decl)
          if (!list.includes(assigner)) list.push(assigner)
        }
      }
    })
    for (const list of found.values()) list.sort((a, b) => (a.declaration!.own < b.declaration!.own ? -1 : 1))
    return found
  }

  return {
    node,
    namespace,
    root: (module, declaration) => ({ id: count++, module, decl: -2, declaration }),
    assigners,
    assigned,
  }
}
