// What a step can run. Its results leave it as data, so nobody outside can call what it builds: of a class that it builds only the methods
// count whose names are mentioned, of a class that it only reaches into the members that it names, of the top level only what may write
// to something that it reaches. Whatever escapes widens: a bare `this`, a computed member, an object that is handed on.

import { itemOf } from './closure-of-export.js'
import type { Edge, Graph, Node } from './link.js'
import type { Marks } from './marks.js'
import { baseOf, chainOf, isOpenEnded, isStaticMember, membersNamed, takesThis, twinsOf } from './members.js'
import { namesCalled } from './methods-by-name.js'
import type { Module } from './project.js'
import {
  ASSIGNED,
  BUILT,
  CALLED,
  COMPUTED,
  DECORATES,
  type Declaration,
  FEELS_DECORATORS,
  LIVE,
  type Member,
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
  /** Methods or accessors of the flow run on branches, so what is read through `this` is read of branches. */
  readonly runsOnBranches: boolean
}

/** What a step is given beside its artifacts. */
export interface Given {
  /** Classes whose instances it may be given, in the order by which keys tell them apart. */
  readonly inputs?: readonly Node[]
  /** Of a join: the members of branches that it names, or `any` when a branch is handed on. Steps are no such members. */
  readonly branches?: readonly string[] | 'any' | undefined
  readonly steps?: ReadonlySet<string>
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

// Members of every function, which belong to no object that somebody may have written to.
const OF_FUNCTIONS = new Set(['call', 'apply', 'bind', 'length', 'name', 'toString'])

/** `owner` is the class whose instance runs the step, which need not be the class that declares it. */
export function closureOfStep(
  { graph, marks, touches }: Analysis,
  root: Node,
  owner: Node | undefined,
  { inputs = [], branches, steps: names = new Set() }: Given = {},
): StepClosure {
  const reads = new Set<string>()
  const hidden = new Set<string>()
  let escapes = false
  const attached = new Set<Node>()
  const seenModules = new Set<Module>()
  const objects = new Set<Node>()
  let asked = 0
  let askedObjects = 0
  let known = 0
  const walk = openWalk((item) => expand(item))

  function expand({ node, context }: Item): Step[] {
    const { declaration } = node
    // Who starts a flow does not run its steps for this one.
    const starts = node !== root && context === undefined && marks.runsFlows(node)
    const steps = graph
      .edges(node)
      .flatMap((edge) => (starts && edge.kind === 'node' && marks.isStepClass(edge.node) ? ['flow'] : follow(edge, node, context)))
    if (node === root && owner !== undefined && (declaration!.traits & FEELS_DECORATORS) !== 0 && takesThis(graph, root, DECORATES))
      steps.push(...everything(owner))
    if (context === owner && declaration !== undefined) for (const name of assignedPrivates(node.module, declaration)) hidden.add(name)
    if (declaration?.kind === 'class') {
      for (const m of declaration.members ?? []) if (m.kind !== 'method') steps.push(itemOf(graph.node(node.module, m.decl)))
    }
    // A method that is called by its name is joined to no mention: without its class, methods of two classes could change places.
    const of = context === undefined && declaration?.owner !== undefined ? graph.node(node.module, declaration.owner) : undefined
    if (of?.declaration?.kind === 'class') steps.push(itemOf(of))
    if (node === root) steps.push(...branchMembers())
    if (node === root && inputs.length > 0) steps.push(`inputs ${inputs.length}`, ...inputs.map(itemOf))
    for (const twin of twinsOf(graph, node)) steps.push({ node: twin, slot: 0, context })
    for (const assigner of graph.assigners(node)) steps.push(itemOf(assigner))
    return steps
  }

  /** A branch is an instance of the flow: its methods and accessors run when they are named. */
  function branchMembers(): Step[] {
    if (owner === undefined || branches === undefined || branches === 'any') return []
    const named = branches.filter((name) => !names.has(name))
    const found = named.flatMap((name) => membersNamed(chainOf(graph, owner), name, false)).filter(({ member }) => member.kind !== 'field')
    return found.length === 0 ? [] : [`branches ${found.length}`, ...found.map(({ of, member }) => memberItem(of, member, owner))]
  }

  /** The same for a branch that is handed on: by name, as with any other instance. */
  function membersOfBranches(isCalled: ((name: string) => boolean) | undefined): Group[] {
    if (owner === undefined || branches !== 'any') return []
    const all = chainOf(graph, owner).flatMap((of) => (of.declaration!.members ?? []).map((member) => ({ of, member })))
    const called = all.filter(
      ({ member }) =>
        !member.isStatic &&
        !names.has(member.name) &&
        (member.kind === 'computed' ||
          (['method', 'get', 'set'].includes(member.kind) && (isCalled === undefined || isCalled(member.name)))),
    )
    const fresh = called.map(({ of, member }) => memberItem(of, member, owner)).filter(({ node }) => !walk.has(node))
    for (const { node } of fresh) attached.add(node)
    return fresh.map((item) => groupOf([item]))
  }

  function assignedPrivates({ summary }: Module, { name: own, owner: of, mentions }: Declaration): string[] {
    if (!mentions.some((m) => m.kind === 'private')) return []
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
    if (edge.name === '') return everything(context)
    const chain = chainOf(graph, context)
    if (edge.name === 'constructor') return chain.flatMap((c) => staticsOf(c).map((m) => memberItem(c, m, context)))
    const start = edge.kind === 'super' ? chain.findIndex((c) => c.module === from.module && c.decl === from.declaration?.owner) + 1 : 0
    const found = membersNamed(chain.slice(start), edge.name, isStaticMember(from))
    if (found.some(({ of, member }) => mayTakeThis(graph.node(of.module, member.decl), member, edge.use))) return everything(context)
    if (edge.kind === 'this' && !found.some(({ member }) => member.kind !== 'field') && context === owner && (edge.use & READ) !== 0)
      reads.add(edge.name)
    const last = chain.at(-1)!
    // What is not here may be a member of what the class extends.
    const rest = found.length === 0 && isOpenEnded(graph, last) ? [itemOf(last)] : []
    return [`${edge.kind} ${found.length}`, ...found.map(({ of, member }) => memberItem(of, member, context)), ...rest]
  }

  /** Every member of the class: `this` is handed on. */
  function everything(context: Node): Step[] {
    if (context === owner) escapes = true
    return chainOf(graph, context).flatMap((c) => [itemOf(c), ...(c.declaration!.members ?? []).map((m) => memberItem(c, m, context))])
  }

  function staticsOf({ declaration }: Node): readonly Member[] {
    return (declaration!.members ?? []).filter((m) => m.isStatic)
  }

  /** Its value may be a function from elsewhere that uses its own `this`, and so what it is called on. */
  function mayTakeThis(node: Node, { kind, isOwn }: Member, use: number): boolean {
    if ((node.declaration!.traits & FEELS_DECORATORS) !== 0 && takesThis(graph, node, DECORATES)) return true
    return kind === 'field' && !isOwn && (use & (CALLED | LIVE)) !== 0 && takesThis(graph, node)
  }

  function memberItem(of: Node, member: Member, context: Node): Item {
    return { node: graph.node(of.module, member.decl), slot: 0, context }
  }

  /** Only a member, where only that is named and the rest cannot be reached through it. */
  function narrow(edge: Extract<Edge, { kind: 'node' }>, context: Node | undefined): Item {
    const { node, slot, member, use } = edge
    const { declaration } = node
    noteObject(edge)
    if (declaration?.owner !== undefined) return { node, slot, context }
    if (member === undefined || (use & WRITTEN) !== 0 || isWritten(node)) return { node, slot }
    const own = declaration?.members?.find((m) => m.name === member && m.isStatic)
    if (own === undefined) return { node, slot }
    const found = graph.node(node.module, own.decl)
    if (mayTakeThis(found, own, use)) return { node, slot }
    if (declaration!.kind !== 'class') return (found.declaration!.traits & USES_THIS) !== 0 ? { node, slot } : itemOf(found)
    const isWhole =
      marks.isDecorated(node) ||
      declaration!.members!.some((m) => m.kind === 'block' || (m.isStatic && m.kind === 'computed' && m.name === COMPUTED))
    return isWhole ? { node, slot } : { node: found, slot: 0, context: node }
  }

  /** A function that is not only called: somebody may have put properties on it. */
  function noteObject({ node, member, use }: Extract<Edge, { kind: 'node' }>): void {
    const isObject = member === undefined ? (use & (LIVE | BUILT)) !== 0 : !OF_FUNCTIONS.has(member)
    if (node.declaration?.callable && isObject) objects.add(node)
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

  /** Explicit constructors run for every task; what a class extends outside of the project comes in with its frame. */
  function frames(): Step[] {
    if (owner === undefined) return []
    return chainOf(graph, owner).flatMap((c) => {
      const { members = [], traits } = c.declaration!
      const edge = baseOf(graph, c)
      const isServed = edge !== undefined && isForeign(edge)
      // A base outside of the project may call whatever its subclass has.
      const steps = members.filter((m) => isServed || m.kind === 'constructor').map((m) => memberItem(c, m, owner))
      // One that is made at run time calls what it mentions, and a decorator may replace what it wants.
      const isMade = edge?.kind === 'node' && edge.node.declaration?.kind !== 'class'
      return isServed || isMade || (traits & FEELS_DECORATORS) !== 0 ? [itemOf(c), ...steps] : steps
    })
  }

  /** Code outside of the project may call its methods by names that nothing here mentions: it extends, implements or is decorated by a package's. */
  function isServed(node: Node): boolean {
    const { module, declaration } = node
    const { contracts = [], members = [], traits } = declaration!
    const all = [traits, ...members.map((m) => module.summary.declarations[m.decl]!.traits)]
    if (all.some((t) => (t & FEELS_DECORATORS) !== 0)) return true
    if (contracts.some((specifier) => !['module', 'missing'].includes(module.resolve(specifier).kind))) return true
    const edge = baseOf(graph, node)
    return edge !== undefined && isForeign(edge)
  }

  /** Methods of the classes that are built, extended or handed on, as far as something mentions their names. */
  function methodsByName(): Group[] {
    const frames = walk.visits.filter((v) => v.node.declaration?.kind === 'class' && v.context === undefined)
    if (frames.length === 0 && branches !== 'any') return []
    const isCalled = namesCalled(walk.visits)
    const onBranches = membersOfBranches(isCalled)
    const onInstances = frames.flatMap(({ node }) => {
      const whole = isCalled === undefined || isServed(node)
      const methods = node.declaration!.members!.filter((m) => m.kind === 'method' && (whole || isCalled(m.name)))
      const fresh = methods.map((m) => graph.node(node.module, m.decl)).filter((m) => !attached.has(m))
      for (const m of fresh) attached.add(m)
      return fresh.length > 0 ? [groupOf(fresh.map(itemOf))] : []
    })
    return [...onInstances, ...onBranches]
  }

  /** Top-level statements that may write to what has been reached, module by module (C3, C4). */
  function writers(): Group[] {
    const top = touches.among([root.module, ...walk.modules])
    // A module that comes in late (by `import()`) may write to what was reached before it.
    if (top.modules.size > known) asked = askedObjects = 0
    const found = new Set<Node>(top.modules.size > known ? top.globalWriters() : [])
    known = top.modules.size
    for (; asked < walk.visits.length; asked++) {
      const { node, to } = walk.visits[asked]!
      // What writes to an object or a class may write to each member of it.
      const owners = node.declaration?.owner === undefined ? [] : [graph.node(node.module, node.declaration.owner)]
      for (const target of [node, ...owners, ...to.flatMap(outside)]) for (const writer of top.writersOf(target)) found.add(writer)
      for (const writer of bareImports(node)) found.add(writer)
    }
    for (const node of [...objects].slice(askedObjects)) for (const writer of top.writersOf(node, true)) found.add(writer)
    askedObjects = objects.size
    const fresh = [...found].filter((n) => !attached.has(n) && !walk.has(n)).sort((a, b) => a.decl - b.decl)
    for (const n of fresh) attached.add(n)
    const byModule = new Map<Module, Step[]>()
    for (const n of fresh) byModule.set(n.module, [...(byModule.get(n.module) ?? []), writerItem(n)])
    return [...byModule.values()].map(groupOf)
  }

  /** A static block or field of a flow runs with the class as its `this`. */
  function writerItem(node: Node): Item {
    const of = node.declaration!.owner
    return of === undefined ? itemOf(node) : { node, slot: 0, context: graph.node(node.module, of) }
  }

  function bareImports({ module }: Node): Node[] {
    if (seenModules.has(module)) return []
    seenModules.add(module)
    return module.summary.imports.flatMap((i, index) => {
      const target = i.bare ? module.target(index) : undefined
      if (target?.kind === 'package') walk.run([`evaluates ${target.identity} ${target.subpath}`])
      if (target?.kind === 'asset') walk.run([`asset ${target.digest}${target.query}`])
      return target?.kind === 'module' ? touches.evaluationOf(target.module) : []
    })
  }

  walk.run([{ node: root, slot: 0, context: owner }, ...frames()])
  for (;;) {
    const groups = [...methodsByName(), ...writers()]
    if (groups.length === 0) break
    for (const group of inOrder(groups)) walk.run(group.steps)
  }
  return {
    closure: walk.closure(),
    reads: escapes ? undefined : [...reads].sort(),
    hidden: [...hidden].sort(),
    runsOnBranches: branchMembers().length > 0,
  }
}

/** The package or module of Node that the text of a leaf names. */
function outside(leaf: unknown): string[] {
  if (typeof leaf !== 'string') return []
  const [, name] = /^package ((?:@[^/]+\/)?[^@ ]+)/.exec(leaf) ?? /^(builtin \S+)/.exec(leaf) ?? []
  return name === undefined ? [] : [name]
}
