// What a name may mean on a class: members of it and of what it extends, as far as that is in the project.

import type { Edge, Graph, Node } from './graph.js'
import type { Module } from './module.js'
import { declarationAt } from './outlines.js'
import { ASSIGNED, COMPUTED, type Declaration, type Member, READ, USES_THIS, WRITTEN } from './summary.js'
import type { Item } from './walk.js'

export interface Found {
  readonly of: Node
  readonly member: Member
}

/** What a class extends, if anything. */
export function baseOf(graph: Graph, { module, declaration }: Node): Edge | undefined {
  const { base } = declaration!
  return base && graph.resolveName(module, base.name, base.member)
}

// What these call of a subclass is among the well-known names.
const INERT_BASES = /^global (?:Error|AggregateError|EvalError|RangeError|ReferenceError|SyntaxError|TypeError|URIError|Object)$/

/** A class that is extended and lies outside of the project. */
export function isForeign(base: Edge): boolean {
  return base.kind === 'leaf' && base.package !== 'mintmark' && !INERT_BASES.test(base.text)
}

/** The class and what it extends. */
export function chainOf(graph: Graph, start: Node): Node[] {
  const chain: Node[] = []
  for (let c: Node | undefined = start; c?.declaration?.kind === 'class' && !chain.includes(c); ) {
    chain.push(c)
    const edge = baseOf(graph, c)
    c = edge?.kind === 'node' ? edge.node : undefined
  }
  return chain
}

/** The class that a chain ends with extends what is made at run time, such as a mixin, or what lies outside of the project. */
export function isOpenEnded(graph: Graph, last: Node): boolean {
  const edge = baseOf(graph, last)
  return edge?.kind === 'node' || (edge?.kind === 'leaf' && edge.package !== 'mintmark')
}

/** All that `name` may mean: a getter and its setter are two, and a field hides the methods of subclasses. */
export function membersNamed(chain: readonly Node[], name: string, isStatic: boolean): Found[] {
  const found: Found[] = []
  let isHidden = false
  for (const of of chain) {
    const own = (of.declaration!.members ?? []).filter(
      (m) =>
        m.isStatic === isStatic &&
        m.kind !== 'constructor' &&
        m.kind !== 'block' &&
        (m.name === name ? !isHidden || m.kind === 'field' : m.name === COMPUTED),
    )
    found.push(...own.map((member) => ({ of, member })))
    isHidden ||= own.some((m) => m.name === name)
    if (own.some((m) => m.name === name && m.kind === 'field')) break
  }
  return found
}

/** The setter of a getter and the other way round. */
export function twinsOf(graph: Graph, { module, decl, declaration }: Node): Node[] {
  const members = declaration?.owner === undefined ? [] : (module.summary.declarations[declaration.owner]!.members ?? [])
  const own = members.find((m) => m.decl === decl)
  if (own === undefined || (own.kind !== 'get' && own.kind !== 'set')) return []
  return members.filter((m) => m !== own && m.name === own.name && m.isStatic === own.isStatic).map((m) => graph.node(module, m.decl))
}

export function isStaticMember({ module, declaration }: Node): boolean {
  if (declaration?.owner === undefined) return false
  const { declarations } = module.summary
  // By its place and not by its index: the root of a step stands where its method does.
  return declarations[declaration.owner]!.members?.some((m) => m.isStatic && declarations[m.decl]!.at === declaration.at) ?? false
}

/** It mentions functions that use their own `this`, which is what they are called on; with `use`, only in that way. */
export function takesThis(graph: Graph, node: Node, use = 0, depth = 2): boolean {
  return graph.edges(node).some((edge) => {
    if ((edge.use & use) !== use) return false
    const declaration: Declaration | undefined = edge.kind === 'node' ? edge.node.declaration : undefined
    if (edge.kind !== 'node' || declaration === undefined || !['function', 'variable', 'expression'].includes(declaration.kind))
      return false
    return (declaration.traits & USES_THIS) !== 0 || (depth > 1 && takesThis(graph, edge.node, 0, depth - 1))
  })
}

/** The member, where `this` is an instance of `context`. */
export function memberItem(graph: Graph, of: Node, member: Member, context: Node): Item {
  return { node: graph.node(of.module, member.decl), slot: 0, context }
}

/** Private fields that the declaration reads and that something assigns: their initialiser does not tell their value. */
export function assignedPrivates({ summary }: Module, { name: own, owner: of, mentions }: Declaration): string[] {
  if (!mentions.some((m) => m.kind === 'private')) return []
  const fields = of === undefined ? [] : (summary.declarations[of]!.members ?? []).filter((m) => m.kind === 'field' && !m.isStatic)
  const read = mentions.filter(
    (m) => m.kind === 'private' && m.name !== own && (m.use & READ) !== 0 && fields.some((f) => f.name === m.name),
  )
  const isAssigned = (name: string): boolean =>
    summary.declarations.some(
      (d, i) =>
        d.owner === of &&
        declarationAt(summary, i).mentions.some((m) => m.kind === 'private' && m.name === name && (m.use & (ASSIGNED | WRITTEN)) !== 0),
    )
  return read.map((m) => m.name).filter(isAssigned)
}
