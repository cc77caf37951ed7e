// What a step can run. Its results leave it as data, so nobody outside can call what it builds: of a class that it builds only the methods
// count whose names are mentioned, of a class that it only reaches into the members that it names, of the top level only what may write
// to something that it reaches. Whatever escapes widens: a bare `this`, a computed member, an object that is handed on.

import { type Branches, membersOnBranches } from './branch-members.js'
import type { Edge, Graph, Node } from './graph.js'
import type { Marks } from './marks.js'
import {
  assignedPrivates,
  baseOf,
  chainOf,
  isForeign,
  isOpenEnded,
  isStaticMember,
  memberItem,
  membersNamed,
  takesThis,
  twinsOf,
} from './members.js'
import { openMethodsByName } from './methods-by-name.js'
import { CALLED, COMPUTED, DECORATES, FEELS_DECORATORS, LIVE, type Member, READ, USES_THIS, WRITTEN } from './summary.js'
import type { Touches } from './touches.js'
import { type Closure, type Item, inOrder, itemOf, openWalk, type Step } from './walk.js'
import { isObject, openWriteSites } from './write-sites.js'

export interface StepClosure {
  readonly closure: Closure
  /** Names read through `this` that are no methods, in code-unit order; absent when `this` escapes. */
  readonly reads: readonly string[] | undefined
  /** Private fields read whose value is not told by their initialiser, because something assigns them. */
  readonly hidden: readonly string[]
  /** Methods or accessors of the flow run on branches, so what is read through `this` is read of branches. */
  readonly runsOnBranches: boolean
}

/** What a step is given beside its artifacts; `branches` where it is a join. */
export interface Given {
  /** Classes whose instances it may be given, in the order by which keys tell them apart. */
  readonly inputs?: readonly Node[]
  readonly branches?: Branches['names'] | undefined
  readonly steps?: ReadonlySet<string>
}

export interface Analysis {
  readonly graph: Graph
  readonly marks: Marks
  readonly touches: Touches
  /** Of nodes without a context: the same for every step that reaches them. Filled on the way. */
  readonly expansions: Map<Node, Expansion>
}

interface Expansion {
  readonly steps: readonly Step[]
  /** Functions that are not only called. */
  readonly objects: readonly Node[]
}

/** `owner` is the class whose instance runs the step, which need not be the class that declares it. */
export function closureOfStep(
  { graph, marks, touches, expansions }: Analysis,
  root: Node,
  owner: Node | undefined,
  { inputs = [], branches: names, steps: own = new Set() }: Given = {},
): StepClosure {
  const reads = new Set<string>()
  const hidden = new Set<string>()
  let escapes = false
  const branches: Branches | undefined = owner && names && { owner, names, steps: own }
  const named = branches ? membersOnBranches(graph, branches) : []
  const walk = openWalk((item) => (item.node === root || item.context !== undefined ? expand(item) : expandPlain(item.node)))
  const methods = openMethodsByName(graph, walk, branches)
  const writeSites = openWriteSites({ graph, touches }, walk)

  function expandPlain(node: Node): readonly Step[] {
    let found = expansions.get(node)
    if (found === undefined) {
      const steps = expand(itemOf(node))
      const objects = graph.edges(node).flatMap((edge) => (edge.kind === 'node' && isObject(edge) ? [edge.node] : []))
      expansions.set(node, (found = { steps, objects }))
    }
    for (const object of found.objects) writeSites.note(object)
    return found.steps
  }

  function expand({ node, context }: Item): Step[] {
    const { declaration } = node
    // Who starts a flow does not run its steps for this one.
    const starts = node !== root && context === undefined && marks.runsFlows(node)
    const steps = graph
      .edges(node)
      .flatMap((edge) => (starts && edge.kind === 'node' && marks.isStepClass(edge.node) ? ['flow'] : follow(edge, node, context)))
    if (node === root && owner !== undefined && (declaration!.traits & FEELS_DECORATORS) !== 0 && takesThis(graph, root, DECORATES))
      steps.push(...everything(owner))
    if (owner !== undefined && context === owner && declaration !== undefined)
      for (const name of assignedPrivates(node.module, declaration)) hidden.add(name)
    if (declaration?.kind === 'class') {
      for (const m of declaration.members ?? []) if (m.kind !== 'method') steps.push(itemOf(graph.node(node.module, m.decl)))
    }
    // A method that is called by its name is joined to no mention: without its class, methods of two classes could change places.
    const of = context === undefined && declaration?.owner !== undefined ? graph.node(node.module, declaration.owner) : undefined
    if (of?.declaration?.kind === 'class') steps.push(itemOf(of))
    if (node === root && named.length > 0) steps.push(`branches ${named.length}`, ...named)
    if (node === root && inputs.length > 0) steps.push(`inputs ${inputs.length}`, ...inputs.map(itemOf))
    for (const twin of twinsOf(graph, node)) steps.push({ node: twin, slot: 0, context })
    for (const assigner of graph.assigners(node)) steps.push(itemOf(assigner))
    return steps
  }

  function follow(edge: Edge, from: Node, context: Node | undefined): Step[] {
    if (edge.kind === 'leaf') return [edge.text]
    if (edge.kind === 'node') return [narrow(edge, context)]
    if (context === undefined) return [edge.kind]
    if (edge.name === '') return everything(context)
    const chain = chainOf(graph, context)
    if (edge.name === 'constructor') return chain.flatMap((c) => staticsOf(c).map((m) => memberItem(graph, c, m, context)))
    const start = edge.kind === 'super' ? chain.findIndex((c) => c.module === from.module && c.decl === from.declaration?.owner) + 1 : 0
    const found = membersNamed(chain.slice(start), edge.name, isStaticMember(from))
    if (found.some(({ of, member }) => mayTakeThis(graph.node(of.module, member.decl), member, edge.use))) return everything(context)
    if (edge.kind === 'this' && !found.some(({ member }) => member.kind !== 'field') && context === owner && (edge.use & READ) !== 0)
      reads.add(edge.name)
    const last = chain.at(-1)!
    // What is not here may be a member of what the class extends.
    const rest = found.length === 0 && isOpenEnded(graph, last) ? [itemOf(last)] : []
    return [`${edge.kind} ${found.length}`, ...found.map(({ of, member }) => memberItem(graph, of, member, context)), ...rest]
  }

  /** Every member of the class: `this` is handed on. */
  function everything(context: Node): Step[] {
    if (context === owner) escapes = true
    return chainOf(graph, context).flatMap((c) => [
      itemOf(c),
      ...(c.declaration!.members ?? []).map((m) => memberItem(graph, c, m, context)),
    ])
  }

  function staticsOf({ declaration }: Node): readonly Member[] {
    return (declaration!.members ?? []).filter((m) => m.isStatic)
  }

  /** Its value may be a function from elsewhere that uses its own `this`, and so what it is called on. */
  function mayTakeThis(node: Node, { kind, isOwn }: Member, use: number): boolean {
    if ((node.declaration!.traits & FEELS_DECORATORS) !== 0 && takesThis(graph, node, DECORATES)) return true
    return kind === 'field' && !isOwn && (use & (CALLED | LIVE)) !== 0 && takesThis(graph, node)
  }

  /** Only a member, where only that is named and the rest cannot be reached through it. */
  function narrow(edge: Extract<Edge, { kind: 'node' }>, context: Node | undefined): Item {
    const { node, slot, member, use } = edge
    const { declaration } = node
    if (isObject(edge)) writeSites.note(node)
    if (declaration?.owner !== undefined) return { node, slot, context }
    if (member === undefined || (use & WRITTEN) !== 0) return { node, slot }
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

  /** Explicit constructors run for every task; what a class extends outside of the project comes in with its frame. */
  function frames(): Step[] {
    if (owner === undefined) return []
    return chainOf(graph, owner).flatMap((c) => {
      const { members = [], traits } = c.declaration!
      const edge = baseOf(graph, c)
      const isServed = edge !== undefined && isForeign(edge)
      // A base outside of the project may call whatever its subclass has.
      const steps = members.filter((m) => isServed || m.kind === 'constructor').map((m) => memberItem(graph, c, m, owner))
      // One that is made at run time calls what it mentions, and a decorator may replace what it wants.
      const isMade = edge?.kind === 'node' && edge.node.declaration?.kind !== 'class'
      return isServed || isMade || (traits & FEELS_DECORATORS) !== 0 ? [itemOf(c), ...steps] : steps
    })
  }

  walk.run([{ node: root, slot: 0, context: owner }, ...frames()])
  for (;;) {
    const groups = [...methods.fresh(), ...writeSites.fresh()]
    if (groups.length === 0) break
    for (const group of inOrder(groups)) walk.run(group.steps)
  }
  return {
    closure: walk.closure(),
    reads: escapes ? undefined : [...reads].sort(),
    hidden: [...hidden].sort(),
    runsOnBranches: named.length > 0,
  }
}
