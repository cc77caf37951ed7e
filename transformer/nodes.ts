// The nodes of a graph: one for each declaration of each module, made when it is asked for, and who assigns to it.

import type { Node, Nodes } from './graph.js'
import type { Module } from './module.js'
import { declarationAt, maySay } from './outlines.js'
import { ASSIGNED, type Fragment } from './summary.js'

interface ModuleNodes {
  readonly nodes: (Node | undefined)[]
  namespace?: Node
  assigned?: Assigned
}

interface Assigned {
  /** Names by the declaration that they stand for. */
  readonly names: ReadonlyMap<number, readonly string[]>
  /** Declarations that nobody has looked at yet. */
  unread: readonly number[]
  /** Who assigns to what, as far as that has been read. */
  readonly by: Map<number, Found>
  readonly answers: Map<number, Assigners>
}

interface Assigners {
  readonly whole: readonly Node[]
  /** Of functions only what they assign, where that can be told. */
  readonly narrow: readonly Node[]
}

const NOBODY: Assigners = { whole: [], narrow: [] }

interface Found {
  readonly whole: Node[]
  readonly narrow: Node[]
  /** Names that a declaration has been asked for. */
  readonly seen: Set<string>
}

/** More outlines than this are not searched for each name: their code is read once. */
const SEARCHED = 200

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
    return (nodes[decl] ??= { id: count++, module, decl, declaration: declarationAt(module.summary, decl) })
  }

  function namespace(module: Module): Node {
    const own = nodesOf(module)
    return (own.namespace ??= { id: count++, module, decl: -1, declaration: undefined })
  }

  function assigners(of: Node): readonly Node[] {
    return readFor(of)?.whole ?? []
  }

  function assigned(of: Node): readonly Node[] {
    return readFor(of)?.narrow ?? []
  }

  function readFor({ module, decl }: Node): Assigners | undefined {
    const own = nodesOf(module)
    own.assigned ??= assignedIn(module)
    const { names, by, answers } = own.assigned
    const named = names.get(decl)
    if (named === undefined) return undefined
    let found = answers.get(decl)
    if (found === undefined) {
      read(module, own.assigned, named)
      const all = by.get(decl)
      answers.set(decl, (found = all === undefined ? NOBODY : { whole: inOrder(all.whole), narrow: inOrder(all.narrow) }))
    }
    return found
  }

  /** Whatever may say one of these names. */
  function read(module: Module, assigned: Assigned, names: readonly string[]): void {
    const { bindings, declarations } = module.summary
    const { unread, by } = assigned
    if (unread.length === 0) return
    const isMany = unread.length > SEARCHED
    assigned.unread = unread.filter((index) => {
      if (!isMany && !maySay(declarations[index]!, names)) return true
      const declaration = declarationAt(module.summary, index)
      for (const m of declaration.mentions) {
        const binding = m.kind === 'binding' && (m.use & ASSIGNED) !== 0 ? bindings[m.name] : undefined
        if (binding?.kind !== 'declaration' || binding.decl === index) continue
        let found = by.get(binding.decl)
        if (found === undefined) by.set(binding.decl, (found = { whole: [], narrow: [], seen: new Set() }))
        const assigner = node(module, index)
        if (!found.whole.includes(assigner)) found.whole.push(assigner)
        if (found.seen.has(`${index} ${m.name}`)) continue
        found.seen.add(`${index} ${m.name}`)
        const values = declaration.assigns?.[m.name]
        if (values === undefined) found.narrow.push(...(found.narrow.includes(assigner) ? [] : [assigner]))
        else for (const value of values) found.narrow.push(valueNode(module, declaration.at, m.name, value))
      }
      return false
    })
  }

  function valueNode(module: Module, at: number, name: string, value: Fragment): Node {
    return { id: count++, module, decl: -3, declaration: { kind: 'expression', name: `${name} =`, at, impure: false, ...value } }
  }

  function assignedIn({ summary }: Module): Assigned {
    const names = new Map<number, string[]>()
    for (const name in summary.bindings) {
      const binding = summary.bindings[name]!
      if (binding.kind !== 'declaration') continue
      const list = names.get(binding.decl)
      if (list === undefined) names.set(binding.decl, [name])
      else list.push(name)
    }
    return { names, unread: summary.declarations.map((_, index) => index), by: new Map(), answers: new Map() }
  }

  return {
    node,
    namespace,
    root: (module, declaration) => ({ id: count++, module, decl: -2, declaration }),
    assigners,
    assigned,
  }
}

/** The same whatever the layout. */
function inOrder(nodes: readonly Node[]): Node[] {
  return [...nodes].sort((a, b) => (a.declaration!.own < b.declaration!.own ? -1 : 1))
}
