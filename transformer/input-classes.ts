// The classes whose instances a step may be given, by what its inputs are annotated with: their methods can be called through the input, so
// they belong to what the step can run. At run time an instance is told by a mark on its class, which is baked into the class's own module.

import { type ClassMark, digest } from '../runtime/contract.js'
import type { Graph, Node } from './graph.js'
import type { Marks } from './marks.js'
import { baseOf, chainOf } from './members.js'
import type { Module, Target } from './module.js'
import { declarationAt, typesOf } from './outlines.js'
import type { TypeName } from './summary.js'

/** The class and all that it extends are classes of the project: it is no flow. */
export function isPlain(graph: Graph, owner: Node): boolean {
  if (owner.declaration?.kind !== 'class') return false
  const edge = baseOf(graph, owner)
  return edge === undefined || (edge.kind === 'node' && isPlain(graph, edge.node))
}

/** It extends FlowSpec, however far. */
export function isFlow(graph: Graph, owner: Node): boolean {
  const last = baseOf(graph, chainOf(graph, owner).at(-1)!)
  return last?.kind === 'leaf' && last.package === 'mintmark'
}

/** The classes that types lead to, and those that the fields of these lead to in turn, in order of mention. Flows are none. */
export function classesOf(graph: Graph, from: Module, names: readonly TypeName[]): Node[] {
  const found = new Set<Node>()
  const asked = new Set<string>()

  function isNew(kind: string, module: Module, { name, member, from }: TypeName): boolean {
    const key = JSON.stringify([kind, module.path, name, member, from])
    return !asked.has(key) && asked.add(key) !== undefined
  }

  function named(module: Module, type: TypeName): void {
    if (!isNew('name', module, type)) return
    const { bindings } = module.summary
    const types = typesOf(module.summary)
    const { name, member, from } = type
    if (from !== undefined) return exported(module.resolve(from), name, member)
    const imported = types?.imported[name]
    if (imported !== undefined) exported(module.resolve(imported.from!), imported.name, member)
    for (const inner of types?.declared[name] ?? []) named(module, inner)
    const binding = bindings[name]
    if (binding?.kind === 'import') exported(module.target(binding.from), binding.name, member)
    if (binding?.kind === 'declaration' && member === undefined) add(graph.resolveName(module, name))
  }

  /** `name` is `*` for a namespace, of which only a member means something. */
  function exported(target: Target, name: string, member: string | undefined): void {
    if (target.kind !== 'module') return
    const { module } = target
    const { exports, stars } = module.summary
    const types = typesOf(module.summary)
    const [first, ...others] = member?.split('.') ?? []
    const wanted = name === '*' ? first : name
    // Of a namespace that is exported by its name, a member is still to come.
    const rest = name === '*' ? others.join('.') : (member ?? '')
    const inner = rest === '' ? {} : { member: rest }
    if (wanted === undefined || !isNew('export', module, { name: wanted, ...inner })) return
    const type = types?.exported[wanted]
    if (type !== undefined) named(module, { ...type, ...inner })
    const value = exports[wanted]
    if (value?.kind === 'local') named(module, { name: value.name, ...inner })
    if (value?.kind === 'from') exported(module.target(value.from), value.name, inner.member)
    if (type !== undefined || value !== undefined || wanted === 'default') return
    for (const star of stars) exported(module.target(star), wanted, inner.member)
    for (const star of types?.stars ?? []) exported(module.resolve(star), wanted, inner.member)
  }

  function add(edge: ReturnType<Graph['resolveName']>): void {
    if (edge.kind !== 'node' || edge.node.declaration?.kind !== 'class' || found.has(edge.node)) return
    if (isFlow(graph, edge.node)) return
    found.add(edge.node)
    for (const { module, declaration } of chainOf(graph, edge.node))
      for (const types of Object.values(declaration!.fieldTypes ?? {})) for (const t of types) named(module, t)
  }

  for (const name of names) named(from, name)
  return [...found]
}

/** What the fields of a flow, or of a class with memoized methods, are annotated with; `reads` are those that count, absent for all. */
export function fieldClasses(graph: Graph, owner: Node, reads: readonly string[] | undefined): Node[] {
  const found = new Set<Node>()
  const hidden = new Set<string>()
  for (const { module, declaration } of chainOf(graph, owner)) {
    const fields = Object.entries(declaration!.fieldTypes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [name, types] of fields) {
      if (hidden.has(name) || reads?.includes(name) === false) continue
      hidden.add(name)
      for (const node of classesOf(graph, module, types)) found.add(node)
    }
  }
  return [...found]
}

/** What an instance is told by. The text of the class is in the name, so that two classes of one name in two projects differ. */
export function classMark(graph: Graph, marks: Marks, node: Node): ClassMark {
  const { module, declaration } = node
  const { name, own, members = [] } = declaration!
  const text = digest([own, ...members.map((m) => declarationAt(module.summary, m.decl).own)].join(' ')).slice(0, 16)
  const hidden = hiddenState(graph, marks, node)
  return { id: `${graph.project.show(module.path)}#${name} ${text}`, ...(hidden !== undefined && { hidden }) }
}

/** Where an instance keeps what cannot be seen from outside; `undefined` when all of it is in its own fields. */
function hiddenState(graph: Graph, marks: Marks, node: Node): string | undefined {
  const chain = chainOf(graph, node)
  for (const c of chain) {
    const secret = c.declaration!.members?.find((m) => m.isHidden)
    if (secret !== undefined) return `it keeps state in \`${secret.name}\``
    if (marks.isDecorated(c)) return `decorators on \`${c.declaration!.name}\` may keep state elsewhere`
  }
  const base = baseOf(graph, chain.at(-1)!)
  if (base === undefined || (base.kind === 'leaf' && base.text === 'global Object')) return undefined
  return 'it extends a class that is not of this project'
}
