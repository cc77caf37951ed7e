// What keeps something that no name of a module leads to: a function or class that a call made, or that knows itself by a name of its own;
// and the class of `this`. What calls one may change it, without a mention of what it changes.

import type { Edge, Graph, Node } from './graph.js'
import type { Marks } from './marks.js'
import { baseOf, chainOf } from './members.js'
import { ASSIGNED, CALLED, LIVE, READ, WRITTEN } from './summary.js'

export interface Keeping {
  /** By this mention what it leads to may be changed. */
  changes(edge: Extract<Edge, { kind: 'node' }>, from: Node, isForEffect: boolean): boolean
  /** The classes that one extends and shares static values with: what is written to in one of those is written to in all. */
  basesOf(node: Node): readonly Node[]
  /** The classes among these whose constructors or methods may write to them by `this.constructor`. */
  ownClasses(seen: ReadonlySet<Node>): readonly Node[]
}

export function readKeeping(graph: Graph, marks: Marks): Keeping {
  const writing = new Map<Node, boolean>()
  const bases = new Map<Node, readonly Node[]>()

  function isBase(node: Node, of: Node): boolean {
    const base = of.declaration?.kind === 'class' ? baseOf(graph, of) : undefined
    return base?.kind === 'node' && base.node === node
  }

  /** No code of the project has made the value: it is a package's, or Node's. */
  function isForeign(node: Node): boolean {
    const called = graph.edges(node).filter((e) => (e.use & CALLED) !== 0)
    return called.length > 0 && called.every((e) => e.kind === 'leaf')
  }

  function writesOwnClass(node: Node): boolean {
    let found = writing.get(node)
    if (found === undefined) {
      const isWrite = (e: Edge): boolean => e.kind === 'this' && e.name === 'constructor' && (e.use & (ASSIGNED | WRITTEN | LIVE)) !== 0
      writing.set(node, (found = graph.edges(node).some(isWrite)))
    }
    return found
  }

  /** What the class in a variable may extend: classes that its code mentions and does no more with. */
  function extendedBy(node: Node): Node[] {
    return graph.edges(node).flatMap((e) => (e.kind === 'node' && e.member === undefined && e.use === READ ? chainOf(graph, e.node) : []))
  }

  function hasStaticValues({ declaration }: Node): boolean {
    return (declaration!.members ?? []).some((m) => m.isStatic && (m.kind === 'set' || m.kind === 'field'))
  }

  return {
    basesOf(node) {
      const kind = node.declaration?.kind
      if (kind !== 'class' && kind !== 'variable') return []
      let found = bases.get(node)
      if (found === undefined) {
        const all = kind === 'class' ? chainOf(graph, node).slice(1) : extendedBy(node)
        bases.set(node, (found = all.filter(hasStaticValues)))
      }
      return found
    },
    changes({ node, use }, from, isForEffect) {
      // Of functions that are memoized Mintmark keeps what they answer.
      if (node.declaration?.made !== true || marks.isHandover(node)) return false
      const isCalled = (use & CALLED) !== 0 || isBase(node, from)
      // As with a package's own function: what is called for a result which others use is taken to be called for that only.
      return isCalled && (isForEffect || !isForeign(node))
    },
    ownClasses(seen) {
      const all = [...seen]
      const owners = new Set(
        all.flatMap((n) => (n.declaration?.owner !== undefined && writesOwnClass(n) ? [graph.node(n.module, n.declaration.owner)] : [])),
      )
      return all.filter((n) => chainOf(graph, n).some((c) => owners.has(c)))
    },
  }
}
