// What an export can run when its callers are unknown. They may use every member of what it hands out, and they evaluate its modules:
// classes and objects count whole, and so does every top-level statement of the evaluated modules that can be felt.

import { type Edge, type Graph, isFelt, type Node } from './graph.js'
import { openLateModules } from './late-modules.js'
import type { Module, Target } from './module.js'
import { complete } from './outlines.js'
import { ASSIGNED, FEELS_JSX, type Summary, WRITTEN } from './summary.js'
import { type Closure, type Group, groupOf, type Item, inOrder, itemOf, openWalk, type Step } from './walk.js'

/** What is the same for every export of a graph. */
interface Memo {
  readonly whole: Map<Node, readonly Step[]>
  readonly open: Map<Node, readonly Step[]>
  readonly evaluation: Map<Module, Evaluation>
}

/** What evaluating a module runs of its own, and what it evaluates in turn. */
interface Evaluation {
  readonly groups: readonly Group[]
  readonly next: readonly Module[]
  /** What it takes from outside of the project, and by which names. */
  readonly outside: readonly (readonly [text: string, names: readonly string[]])[]
}

const memos = new WeakMap<Graph, Memo>()

function memoOf(graph: Graph): Memo {
  let memo = memos.get(graph)
  if (memo === undefined) memos.set(graph, (memo = { whole: new Map(), open: new Map(), evaluation: new Map() }))
  return memo
}

/** `root` is what an export of `module` leads to, which may be another module's. */
export function closureOfExport(graph: Graph, module: Module, root: Edge): Closure {
  const needed = new Set<Module>([module, ...(root.through ?? [])])
  const late = openLateModules()
  const walk = openWalk(({ node }) => {
    if (!isInlined(node)) needed.add(node.module)
    late.note(node)
    for (const { through } of graph.edges(node)) for (const module of through ?? []) needed.add(module)
    return expandOpen(graph, node)
  })
  const evaluated = new Map<Module, Evaluation>()
  walk.run([stepOf(root), ...objectsReadBy(graph, [root])])
  for (let known = 0; known < needed.size; ) {
    known = needed.size
    const fresh: Evaluation[] = []
    for (const module of needed) evaluate(graph, module, evaluated, fresh)
    for (const group of inOrder(fresh.flatMap((e) => e.groups))) walk.run(group.steps)
    for (const module of late.besides(
      evaluated.keys(),
      walk.visits.map(({ node }) => node),
    ))
      needed.add(module)
  }
  walk.run(outsideOf(evaluated, new Set(walk.visits.flatMap(({ node }) => (isInlined(node) ? [] : [node.module])))))
  return walk.closure()
}

/** What the evaluated modules take from outside of the project; by which names, only where one has code that counts. */
function outsideOf(evaluated: ReadonlyMap<Module, Evaluation>, withCode: ReadonlySet<Module>): string[] {
  const found = new Map<string, Set<string>>()
  for (const [module, { outside }] of evaluated)
    for (const [text, names] of outside) found.set(text, new Set([...(found.get(text) ?? []), ...(withCode.has(module) ? names : [])]))
  return [...found].map(([text, names]) => `evaluates ${text} ${[...names].sort().join()}`)
}

/** A constant of an enum, which compilers put in place: its module is not evaluated for it. */
function isInlined({ module, declaration }: Node): boolean {
  return declaration?.owner !== undefined && module.summary.declarations[declaration.owner]!.kind === 'enum'
}

/** Everything that a declaration leads to, classes and objects whole. */
export function expandWhole(graph: Graph, node: Node): readonly Step[] {
  const { whole } = memoOf(graph)
  const known = whole.get(node)
  if (known !== undefined) return known
  const steps = [...stepsOf(graph, node), ...graph.assigners(node).map(itemOf)]
  whole.set(node, steps)
  return steps
}

function stepsOf(graph: Graph, node: Node): Step[] {
  const members = node.declaration?.kind === 'class' ? (node.declaration.members ?? []) : []
  return [
    ...graph.edges(node).map((edge) => constantOf(graph, edge) ?? stepOf(edge)),
    ...members.map((m) => itemOf(graph.node(node.module, m.decl))),
  ]
}

/** A namespace that is handed from module to module is an object like any other: whole. When what is assigned is assigned, callers say. */
function expandOpen(graph: Graph, node: Node): readonly Step[] {
  const { open } = memoOf(graph)
  let steps = open.get(node)
  if (steps === undefined) {
    const handed = new Set(graph.edges(node).flatMap((edge) => edge.handed ?? []))
    const assigned = [...assignedTo(graph, node), ...objectsReadBy(graph, graph.edges(node))]
    open.set(node, (steps = [...stepsOf(graph, node), ...assigned, ...[...handed].map(itemOf)]))
  }
  return steps
}

/** Objects count where they are read: where only the presence or identity of a variable is asked for, one object is as good as another. */
function objectsReadBy(graph: Graph, edges: readonly Edge[]): Step[] {
  const read = new Set(edges.flatMap((edge) => (edge.kind === 'node' && !edge.asked ? [edge.node] : [])))
  return [...read].flatMap((node) =>
    graph
      .assigned(node)
      .filter((value) => isObject(graph, value))
      .map(itemOf),
  )
}

function assignedTo(graph: Graph, node: Node): Step[] {
  const values = graph.assigned(node)
  const others = values.filter((value) => !isObject(graph, value)).map(itemOf)
  return others.length < values.length ? [...others, 'assigned object'] : others
}

function isObject(graph: Graph, { module, declaration }: Node): boolean {
  const { object } = declaration!
  if (typeof object !== 'string') return object === true
  const by = graph.resolveName(module, object)
  return by.kind === 'node' && by.node.declaration?.givesObject === true && graph.assigners(by.node).length === 0
}

/** Reading a constant of an enum is reading that constant: compilers put it in place. Of JSON, a property that is imported by name is all that counts. */
function constantOf(graph: Graph, edge: Edge): Item | undefined {
  if (edge.kind === 'node' && edge.key !== undefined) {
    const at = edge.node.module.summary.declarations.findIndex((d, i) => i > 0 && d.name === edge.key)
    return at < 0 ? undefined : itemOf(graph.node(edge.node.module, at))
  }
  if (edge.kind !== 'node' || edge.member === undefined || edge.node.declaration?.kind !== 'enum') return undefined
  if ((edge.use & (ASSIGNED | WRITTEN)) !== 0 || graph.assigners(edge.node).length > 0) return undefined
  const found = graph.member(edge.node, edge.member)
  return found && itemOf(found)
}

function stepOf(edge: Edge): Step {
  if (edge.kind === 'node') return edge
  return edge.kind === 'leaf' ? edge.text : edge.kind
}

function evaluate(graph: Graph, module: Module, evaluated: Map<Module, Evaluation>, fresh: Evaluation[]): void {
  const { evaluation } = memoOf(graph)
  const pending = [module]
  for (let m = pending.pop(); m !== undefined; m = pending.pop()) {
    if (evaluated.has(m)) continue
    let known = evaluation.get(m)
    if (known === undefined) evaluation.set(m, (known = evaluationOf(graph, m)))
    evaluated.set(m, known)
    fresh.push(known)
    pending.push(...known.next)
  }
}

function evaluationOf(graph: Graph, module: Module): Evaluation {
  const felt = module.summary.declarations.flatMap((d, i) => (isFelt(module, d) ? [itemOf(graph.node(module, i))] : []))
  // Bundlers fill the namespace object of such a module when they evaluate it, so that all its exports are there.
  const steps = graph.hasUnknownNames(module) ? [...felt, itemOf(graph.namespace(module))] : felt
  const groups = steps.length > 0 ? [groupOf(steps)] : []
  const next: Module[] = []
  const outside: [string, readonly string[]][] = []
  const used = namesUsed(module.summary)
  const take = (target: Target, names: readonly string[]): void => {
    if (target.kind === 'module' && !target.module.sideEffectFree) next.push(target.module)
    const text = outsideText(target)
    if (text !== undefined) outside.push([text, names])
  }
  module.summary.imports.forEach((i, index) => {
    if (i.evaluated) take(module.target(index), used.get(index) ?? [])
  })
  for (const runtime of runtimesOf(module)) take(module.resolve(runtime), [])
  return { groups, next, outside }
}

/** The automatic JSX runtimes that compilers import for JSX anywhere in the module: one that cannot be loaded, and nothing of it is evaluated. */
function runtimesOf(module: Module): Iterable<string> {
  const withJsx = complete(module.summary).declarations.filter(({ traits }) => (traits & FEELS_JSX) !== 0)
  const jsxRuntime = withJsx.length > 0 ? module.options.jsxRuntime : undefined
  const named = withJsx.flatMap(({ mentions }) =>
    mentions.flatMap((m) => (m.kind === 'module' && m.name.endsWith('/jsx-runtime') ? [m.name] : [])),
  )
  return new Set(jsxRuntime === undefined ? named : [jsxRuntime, ...named])
}

function outsideText(target: Target): string | undefined {
  if (target.kind === 'package') return `${target.identity} ${target.subpath}`
  if (target.kind === 'builtin') return `builtin ${target.name}`
  return target.kind === 'missing' ? `missing ${target.specifier}` : undefined
}

/**
 * What the code of a module takes from each import by name, whatever for: one name that is not there, and nothing of the module is evaluated.
 * What it only hands on may be a type, which compilers leave out; a value counts where it is reached.
 */
function namesUsed(summary: Summary): Map<number, string[]> {
  const { bindings } = summary
  const found = new Map<number, string[]>()
  const locals = new Set(complete(summary).declarations.flatMap((d) => d.mentions.flatMap((m) => (m.kind === 'binding' ? [m.name] : []))))
  for (const local of locals) {
    const binding = bindings[local]
    if (binding?.kind === 'import') found.set(binding.from, [...(found.get(binding.from) ?? []), binding.name])
  }
  return found
}
