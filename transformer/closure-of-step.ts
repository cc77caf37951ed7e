// What a step can run. Its results leave it as data, so nobody outside can call what it builds: of a class that it builds only the methods
// count whose names are mentioned, of a class that it only reaches into the members that it names, of the top level only what may write
// to something that it reaches. Whatever escapes widens: a bare `this`, a computed member, an object that is handed on.

import { itemOf } from './closure-of-export.js'
import type { Edge, Graph, Node } from './link.js'
import type { Marks } from './marks.js'
import type { Module } from './project.js'
import {
  ASSIGNED,
  COMPUTED_MEMBER,
  type Declaration,
  FEELS_DECORATORS,
  type Member,
  type Name,
  READ,
  USES_THIS,
  WRITTEN,
} from './summary.js'
import type { Touches } from './touches.js'
import { type Closure, type Group, groupOf, type Item, inOrder, openWalk, type Step } from './walk.js'

export interface StepClosure {
  readonly closure: Closure
  /** Names read through `this` that are no methods, in code-unit order; absent when `this` escapes. */
  readonly reads: readonly string[] | undefined
  /** Private fields read whose value is not told by their initialiser, because something assigns them. */
  readonly hidden: readonly string[]
}

export interface Analysis {
  readonly graph: Graph
  readonly marks: Marks
  readonly touches: Touches
}

// What these call of a subclass is among the well-known names.
const INERT_BASES = /^global (?:Error|AggregateError|EvalError|RangeError|ReferenceError|SyntaxError|TypeError|URIError|Object)$/

/** A class that is extended and lies outside of the project. */
function isForeign(base: Edge): boolean {
  return base.kind === 'leaf' && base.package !== 'mintmark' && !INERT_BASES.test(base.text)
}

// Called by the language or the standard library without being mentioned.
const WELL_KNOWN = new Set(['toString', 'toJSON', 'valueOf', 'then', 'next', 'return', 'throw', 'constructor'])

/** `owner` is the class whose instance runs the step, which need not be the class that declares it. */
export function closureOfStep({ graph, touches }: Analysis, root: Node, owner: Node | undefined): StepClosure {
  const reads = new Set<string>()
  const hidden = new Set<string>()
  let escapes = false
  const attached = new Set<Node>()
  const seenModules = new Set<Module>()
  let asked = 0
  let known = 0
  const walk = openWalk((item) => expand(item))

  function expand({ node, context }: Item): Step[] {
    const steps = graph.edges(node).flatMap((edge) => follow(edge, node, context))
    const { declaration } = node
    if (context === owner && declaration !== undefined) for (const name of assignedPrivates(node.module, declaration)) hidden.add(name)
    if (declaration?.kind === 'class') {
      for (const m of declaration.members ?? []) if (m.kind !== 'method') steps.push(itemOf(graph.node(node.module, m.decl)))
    }
    for (const assigner of graph.assigners(node)) steps.push(itemOf(assigner))
    return steps
  }

  function assignedPrivates({ summary }: Module, { name: own, owner: of, mentions }: Declaration): string[] {
    const fields = of === undefined ? [] : (summary.declarations[of]!.members ?? []).filter((m) => m.kind === 'field' && !m.isStatic)
    const read = mentions.filter(
      (m) => m.kind === 'private' && m.name !== own && (m.use & READ) !== 0 && fields.some((f) => f.name === m.name),
    )
    const isAssigned = (name: string): boolean =>
      summary.declarations.some(
        (d) => d.owner === of && d.mentions.some((m) => m.kind === 'private' && m.name === name && (m.use & (ASSIGNED | WRITTEN)) !== 0),
      )
    return read.map((m) => m.name).filter(isAssigned)
  }

  function follow(edge: Edge, from: Node, context: Node | undefined): Step[] {
    if (edge.kind === 'leaf') return [edge.text]
    if (edge.kind === 'node') return [narrow(edge, context)]
    if (context === undefined) return [edge.kind]
    const chain = chainOf(context)
    if (edge.name === '') {
      escapes = true
      return chain.flatMap((c) => [itemOf(c), ...(c.declaration!.members ?? []).map((m) => memberItem(c, m, context))])
    }
    const start = edge.kind === 'super' ? chain.findIndex((c) => c.module === from.module && c.decl === from.declaration?.owner) + 1 : 0
    const found = membersNamed(chain.slice(start), edge.name, isStaticMember(from))
    if (edge.kind === 'this' && !found.some(({ member }) => member.kind !== 'field') && context === owner && (edge.use & READ) !== 0)
      reads.add(edge.name)
    return [`${edge.kind} ${found.length}`, ...found.map(({ of, member }) => memberItem(of, member, context))]
  }

  function memberItem(of: Node, member: Member, context: Node): Item {
    return { node: graph.node(of.module, member.decl), slot: 0, context }
  }

  /** Only a member, where only that is named and the rest cannot be reached through it. */
  function narrow(edge: Extract<Edge, { kind: 'node' }>, context: Node | undefined): Item {
    const { node, slot, member, use } = edge
    const owned = node.declaration?.owner
    if (owned !== undefined && context !== undefined) return { node, slot, context }
    if (member === undefined || (use & WRITTEN) !== 0 || isWritten(node)) return { node, slot }
    const found = graph.member(node, member)
    if (found === undefined || (found.declaration!.traits & FEELS_DECORATORS) !== 0) return { node, slot }
    if (node.declaration!.kind !== 'class') return (found.declaration!.traits & USES_THIS) !== 0 ? { node, slot } : itemOf(found)
    return node.declaration!.members!.some((m) => m.kind === 'block') ? { node, slot } : { node: found, slot: 0, context: node }
  }

  /** Something in its module assigns a member of it. */
  function isWritten({ module, decl }: Node): boolean {
    return module.summary.declarations.some((d) =>
      d.mentions.some((m) => {
        const binding = m.kind === 'binding' && (m.use & WRITTEN) !== 0 ? module.summary.bindings[m.name] : undefined
        return binding?.kind === 'declaration' && binding.decl === decl
      }),
    )
  }

  /** The class and what it extends, as far as that is in the project. */
  function chainOf(start: Node): Node[] {
    const chain: Node[] = []
    for (let c: Node | undefined = start; c?.declaration?.kind === 'class' && !chain.includes(c); ) {
      chain.push(c)
      const { base }: { readonly base?: Name } = c.declaration
      const edge: Edge | undefined = base && graph.resolveName(c.module, base.name, base.member)
      c = edge?.kind === 'node' ? edge.node : undefined
    }
    return chain
  }

  /** All that `name` may mean on the first class that has it: a getter and its setter are two. */
  function membersNamed(chain: readonly Node[], name: string, isStatic: boolean): { of: Node; member: Member }[] {
    for (const of of chain) {
      const found = (of.declaration!.members ?? []).filter(
        (m) => m.name === name && m.isStatic === isStatic && m.kind !== 'constructor' && m.kind !== 'block',
      )
      if (found.length > 0) return found.map((member) => ({ of, member }))
    }
    return []
  }

  function isStaticMember({ module, decl, declaration }: Node): boolean {
    if (declaration?.owner === undefined || decl < 0) return false
    return module.summary.declarations[declaration.owner]!.members?.some((m) => m.decl === decl && m.isStatic) ?? false
  }

  /** Explicit constructors run for every task; what a class extends outside of the project comes in with its frame. */
  function frames(): Step[] {
    if (owner === undefined) return []
    return chainOf(owner).flatMap((c) => {
      const { base, members = [] } = c.declaration!
      const edge = base && graph.resolveName(c.module, base.name, base.member)
      // A base outside of the project may call whatever its subclass has.
      const kept = edge !== undefined && isForeign(edge) ? members : members.filter((m) => m.kind === 'constructor')
      const steps = kept.map((m) => memberItem(c, m, owner))
      return kept === members ? [itemOf(c), ...steps] : steps
    })
  }

  /** Code outside of the project may call its methods by names that nothing here mentions: it extends, implements or is decorated by a package's. */
  function isServed({ module, declaration }: Node): boolean {
    const { base, contracts = [], members = [], traits } = declaration!
    const all = [traits, ...members.map((m) => module.summary.declarations[m.decl]!.traits)]
    if (all.some((t) => (t & FEELS_DECORATORS) !== 0)) return true
    if (contracts.some((specifier) => !['module', 'missing'].includes(module.resolve(specifier).kind))) return true
    return base !== undefined && isForeign(graph.resolveName(module, base.name, base.member))
  }

  /** Methods of the classes that are built, extended or handed on, as far as something mentions their names. */
  function methodsByName(): Group[] {
    const frames = walk.visits.filter((v) => v.node.declaration?.kind === 'class' && v.context === undefined)
    if (frames.length === 0) return []
    const mentioned = new Set(walk.visits.flatMap((v) => v.node.declaration?.properties ?? []))
    const isOpen = walk.visits.some((v) => ((v.node.declaration?.traits ?? 0) & COMPUTED_MEMBER) !== 0)
    return frames.flatMap(({ node }) => {
      const whole = isOpen || isServed(node)
      const methods = node.declaration!.members!.filter(
        (m) => m.kind === 'method' && (whole || mentioned.has(m.name) || WELL_KNOWN.has(m.name)),
      )
      const fresh = methods.map((m) => graph.node(node.module, m.decl)).filter((m) => !attached.has(m))
      for (const m of fresh) attached.add(m)
      return fresh.length > 0 ? [groupOf(fresh.map(itemOf))] : []
    })
  }

  /** Top-level statements that may write to what has been reached, module by module (C3, C4). */
  function writers(): Group[] {
    const evaluated = touches.modulesOf([root.module, ...walk.modules])
    // A module that comes in late (by `import()`) may write to what was reached before it.
    if (evaluated.size > known) asked = 0
    const found = new Set<Node>(evaluated.size > known ? touches.globalWriters(evaluated) : [])
    known = evaluated.size
    for (; asked < walk.visits.length; asked++) {
      const { node, to } = walk.visits[asked]!
      // What writes to an object or a class may write to each member of it.
      const owners = node.declaration?.owner === undefined ? [] : [graph.node(node.module, node.declaration.owner)]
      const packages = to.flatMap((t) => (typeof t === 'string' ? (/^package ((?:@[^/]+\/)?[^@ ]+)/.exec(t)?.[1] ?? []) : []))
      for (const target of [node, ...owners, ...packages]) for (const writer of touches.writersOf(evaluated, target)) found.add(writer)
      for (const writer of bareImports(node)) found.add(writer)
    }
    const fresh = [...found].filter((n) => !attached.has(n) && !walk.has(n)).sort((a, b) => a.decl - b.decl)
    for (const n of fresh) attached.add(n)
    const byModule = new Map<Module, Step[]>()
    for (const n of fresh) byModule.set(n.module, [...(byModule.get(n.module) ?? []), itemOf(n)])
    return [...byModule.values()].map(groupOf)
  }

  function bareImports({ module }: Node): Node[] {
    if (seenModules.has(module)) return []
    seenModules.add(module)
    return module.summary.imports.flatMap((i, index) => {
      const target = i.bare ? module.target(index) : undefined
      if (target?.kind === 'package') walk.run([`evaluates ${target.identity} ${target.subpath}`])
      if (target?.kind === 'asset') walk.run([`asset ${target.digest}`])
      return target?.kind === 'module' ? touches.evaluationOf(target.module) : []
    })
  }

  walk.run([{ node: root, slot: 0, context: owner }, ...frames()])
  for (;;) {
    const groups = [...methodsByName(), ...writers()]
    if (groups.length === 0) break
    for (const group of inOrder(groups)) walk.run(group.steps)
  }
  return { closure: walk.closure(), reads: escapes ? undefined : [...reads].sort(), hidden: [...hidden].sort() }
}
