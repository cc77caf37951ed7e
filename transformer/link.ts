// Summaries -> one graph: what each mention of a declaration leads to, across modules, through re-exports and namespaces.

import { digest } from '../runtime/contract.js'
import type { Module, Project, Target } from './project.js'
import { definedFor } from './replacements.js'
import { ASSIGNED, CALLED, type Declaration, FEELS_JSX, type Glob, LIVE, type Mention, READ } from './summary.js'

/** A declaration of the graph, or the namespace object of a module. */
export interface Node {
  readonly id: number
  readonly module: Module
  /** Index in the module's declarations; -1 for the namespace object. */
  readonly decl: number
  readonly declaration: Declaration | undefined
}

/**
 * Where one mention leads. `slot` tells which name of the declaration is meant. A leaf ends outside of the project. `handed` is the namespace
 * object of which it is a member, where that is itself an export (`export * as ns`); `through` are modules free of effects that hand it on by name;
 * `key` is the property of JSON that is imported by its name.
 */
export type Edge = { readonly use: number; readonly handed?: Node; readonly through?: readonly Module[] } & (
  | { readonly kind: 'node'; readonly node: Node; readonly slot: number; readonly member?: string; readonly key?: string }
  | { readonly kind: 'leaf'; readonly text: string; readonly package?: string; readonly export?: string }
  /** A member of the class around: which one depends on the class of the step. */
  | { readonly kind: 'this' | 'super'; readonly name: string }
)

export interface Graph {
  readonly project: Project
  node(module: Module, decl: number): Node
  namespace(module: Module): Node
  /** One edge for each mention, in order; then those that no mention stands for. */
  edges(node: Node): readonly Edge[]
  /** Declarations of the same module that assign a name of this one (C3), in an order that layout does not change. */
  assigners(node: Node): readonly Node[]
  /** What an export of a module is, or nothing when there is none (a type, say). */
  resolveExport(module: Module, name: string): Edge | undefined
  /** What a top-level name of a module is. */
  resolveName(module: Module, name: string, member?: string, use?: number): Edge
  /** The member of a class, object literal or enum. */
  member(owner: Node, name: string): Node | undefined
  /** A declaration that only the analysis of steps knows: the part of the code that a stamp speaks for. */
  root(module: Module, declaration: Declaration): Node
}

interface ModuleNodes {
  readonly nodes: (Node | undefined)[]
  namespace?: Node
  assigners?: Map<number, Node[]>
}

export function link(project: Project): Graph {
  const perModule = new Map<Module, ModuleNodes>()
  const edgesOf: (readonly Edge[] | undefined)[] = []
  const aliasing = new Set<Node>()
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

  function edges(from: Node): readonly Edge[] {
    return (edgesOf[from.id] ??= (from.declaration ? declarationEdges(from, from.declaration) : namespaceEdges(from.module)).map(ignored))
  }

  function declarationEdges(from: Node, declaration: Declaration): Edge[] {
    const { module } = from
    const types = module.options.decorators.includes('metadata') ? (declaration.types ?? []) : []
    const included = (declaration.includes ?? []).flatMap((pattern) => module.include(pattern))
    const { replacements } = project
    const defined = (declaration.free ?? []).flatMap((chain) => definedFor(replacements, chain) ?? [])
    const texts = [
      ...[...new Set(defined)].map((text) => `define ${text}`),
      ...included.map((d) => `asset ${d}`).sort(),
      ...(declaration.version === undefined ? [] : [`version ${declaration.version}`]),
    ]
    return [
      ...declaration.mentions.map((m) => edgeOf(from, m)),
      ...jsxEdges(module, declaration),
      ...types.map((m) => edgeOf(from, m)),
      ...(declaration.globs ?? []).flatMap((glob) => globEdges(module, glob)),
      ...texts.map((text): Edge => ({ kind: 'leaf', text, use: 0 })),
    ]
  }

  /** The modules by their paths, which are the keys of the object. */
  function globEdges(module: Module, glob: Glob): Edge[] {
    return module
      .globbed(glob)
      .flatMap((specifier): Edge[] => [
        { kind: 'leaf', text: `glob ${specifier}`, use: 0 },
        targetEdge(module.resolve(specifier), '*', undefined, READ | LIVE),
      ])
  }

  /** What the project has asked to count by its name only. */
  function ignored(edge: Edge): Edge {
    const declaration = edge.kind === 'node' ? edge.node.declaration : undefined
    if (edge.kind !== 'node' || declaration === undefined) return edge
    const isIgnored = declaration.ignored || edge.node.module.ignores(declaration.name)
    return isIgnored ? { kind: 'leaf', text: `ignored ${declaration.name}`, use: edge.use } : edge
  }

  function jsxEdges(module: Module, { traits }: Declaration): Edge[] {
    if ((traits & FEELS_JSX) === 0) return []
    const { jsxNames, jsxRuntime } = module.options
    const runtime = jsxRuntime === undefined ? undefined : module.resolve(jsxRuntime)
    return [
      ...jsxNames.filter((name) => module.summary.bindings[name]).map((name) => resolveName(module, name, undefined, READ | CALLED)),
      ...(runtime?.kind === 'module' ? [moduleEdge(runtime.module, '*', undefined, READ | CALLED)] : []),
    ]
  }

  function edgeOf(from: Node, { kind, name, member, use }: Mention): Edge {
    switch (kind) {
      case 'binding':
        return resolveName(from.module, name, member, use)
      case 'this':
      case 'super':
        return { kind, name, use }
      case 'private':
        return privateEdge(from, name, use)
      default:
        return targetEdge(from.module.resolve(name), '*', undefined, use)
    }
  }

  function resolveName(module: Module, name: string, member?: string, use = 0): Edge {
    const binding = module.summary.bindings[name]
    if (binding === undefined) return { kind: 'leaf', text: `global ${name}`, use }
    if (binding.kind === 'import') return targetEdge(module.target(binding.from), binding.name, member, use)
    const target = node(module, binding.decl)
    const alias = assigners(target).length === 0 && !aliasing.has(target) ? target.declaration!.alias : undefined
    if (alias !== undefined) {
      aliasing.add(target)
      const other = resolveName(module, alias, member, use)
      aliasing.delete(target)
      if (other.kind !== 'node' || assigners(other.node).length === 0) return passing(module, other)
    }
    return { kind: 'node', node: target, slot: binding.slot, use, ...(member !== undefined && { member }) }
  }

  /** The export `name` of what an import leads to, and its `member` if only that is mentioned. */
  function targetEdge(target: Target, name: string, member: string | undefined, use: number): Edge {
    const path = member === undefined ? name : name === '*' ? member : `${name}.${member}`
    switch (target.kind) {
      case 'module':
        return moduleEdge(target.module, name, member, use)
      case 'package':
        // Only what is named after the import is told apart; `ns.x` is `x`.
        return packageLeaf(target, name === '*' ? (member ?? '*') : name, use)
      case 'builtin':
        return { kind: 'leaf', text: `builtin ${target.name} ${path}`, use }
      case 'asset':
        return { kind: 'leaf', text: `asset ${target.digest}${target.query}`, use }
      case 'missing':
        return { kind: 'leaf', text: `missing ${target.specifier} ${path}`, use }
    }
  }

  function packageLeaf({ identity, name, subpath }: Extract<Target, { kind: 'package' }>, exported: string, use: number): Edge {
    return { kind: 'leaf', text: `package ${identity} ${subpath} ${exported}`, package: name, export: exported, use }
  }

  function moduleEdge(module: Module, name: string, member: string | undefined, use: number): Edge {
    if (name === '*') {
      if (member === undefined) return { kind: 'node', node: namespace(module), slot: 0, use }
      return withUse(resolveExport(module, member), use) ?? { kind: 'leaf', text: `absent ${member}`, use }
    }
    const found = resolveExport(module, name)
    if (found === undefined) return { kind: 'leaf', text: `absent ${name}`, use }
    if (member === undefined || found.kind !== 'node') return withUse(found, use)!
    // A member of `export * as ns` is an export of that module.
    if (found.node.declaration === undefined) {
      const edge = moduleEdge(found.node.module, '*', member, use)
      return { ...edge, handed: found.node, through: [...(found.through ?? []), ...(edge.through ?? [])] }
    }
    return { ...found, use, member }
  }

  function withUse(edge: Edge | undefined, use: number): Edge | undefined {
    return edge && { ...edge, use }
  }

  /** What hands something on by name is evaluated for it, also where nothing else would evaluate it. */
  function passing<E extends Edge | undefined>(module: Module, edge: E): E {
    if (edge === undefined || !module.sideEffectFree) return edge
    return { ...edge, through: [...(edge.through ?? []), module] }
  }

  function resolveExport(module: Module, name: string, seen = new Set<string>()): Edge | undefined {
    const key = `${module.path}\0${name}`
    if (seen.has(key)) return undefined
    seen.add(key)
    const { exports, stars, declarations, bindings } = module.summary
    if (isCommonJs(module)) return { kind: 'node', node: namespace(module), slot: 0, use: 0 }
    const found = exports[name] ?? (name === 'default' || name === '*' ? exports['export='] : undefined)
    if (found?.kind === 'local') {
      const edge = resolveName(module, found.name)
      return bindings[found.name]?.kind === 'import' ? passing(module, edge) : edge
    }
    if (found?.kind === 'from') return passing(module, exportOf(module.target(found.from), found.name, seen))
    if (name === 'export=') return { kind: 'node', node: namespace(module), slot: 0, use: 0 }
    if (module.path.endsWith('.json') && declarations.length > 0) return { kind: 'node', node: node(module, 0), slot: 0, use: 0, key: name }
    if (name === 'default') return undefined
    // What a package gives out is not known: a name that no module gives out may come from any of them.
    let guess: Edge | undefined
    for (const star of stars) {
      const edge = exportOf(module.target(star), name, seen)
      if (edge?.kind === 'node') return edge
      if (edge?.kind === 'leaf') guess = guess?.kind === 'leaf' ? { ...guess, text: `${guess.text} or ${edge.text}` } : edge
    }
    return guess
  }

  function exportOf(target: Target, name: string, seen: Set<string>): Edge | undefined {
    if (target.kind !== 'module') return targetEdge(target, name, undefined, 0)
    if (name === '*') return { kind: 'node', node: namespace(target.module), slot: 0, use: 0 }
    return resolveExport(target.module, name, seen)
  }

  /** Every export by name, and what evaluating the module does: a namespace object that is handed on holds the whole module. */
  function namespaceEdges(module: Module): Edge[] {
    const all = isCommonJs(module)
    const run = module.summary.declarations.flatMap((d, i): Edge[] =>
      all || isFelt(module, d) ? [{ kind: 'node', node: node(module, i), slot: 0, use: 0 }] : [],
    )
    if (all) return run
    const named = [...exportNames(module)].sort().flatMap((name): Edge[] => {
      const edge = resolveExport(module, name)
      return edge ? [{ kind: 'leaf', text: `export ${name}`, use: 0 }, edge] : []
    })
    return [...named, ...run]
  }

  function exportNames(module: Module, seen = new Set<Module>()): Set<string> {
    const names = new Set(Object.keys(module.summary.exports))
    if (seen.has(module)) return names
    seen.add(module)
    for (const star of module.summary.stars) {
      const target = module.target(star)
      if (target.kind === 'module') for (const name of exportNames(target.module, seen)) if (name !== 'default') names.add(name)
    }
    return names
  }

  function privateEdge(from: Node, name: string, use: number): Edge {
    const owner = from.declaration?.owner === undefined ? from : node(from.module, from.declaration.owner)
    const members = owner.declaration?.members ?? []
    const slot = members.findIndex((m) => m.name === name)
    return { kind: 'node', node: slot < 0 ? owner : node(from.module, members[slot]!.decl), slot: 0, use }
  }

  function assigners(of: Node): readonly Node[] {
    const own = nodesOf(of.module)
    own.assigners ??= collectAssigners(of.module)
    return own.assigners.get(of.decl) ?? []
  }

  function collectAssigners(module: Module): Map<number, Node[]> {
    const found = new Map<number, Node[]>()
    module.summary.declarations.forEach((declaration, index) => {
      for (const m of declaration.mentions) {
        const binding = m.kind === 'binding' && (m.use & ASSIGNED) !== 0 ? module.summary.bindings[m.name] : undefined
        if (binding?.kind !== 'declaration' || binding.decl === index) continue
        const list = found.get(binding.decl) ?? []
        if (list.length === 0) found.set(binding.decl, list)
        const assigner = node(module, index)
        if (!list.includes(assigner)) list.push(assigner)
      }
    })
    for (const list of found.values()) list.sort((a, b) => (a.declaration!.own < b.declaration!.own ? -1 : 1))
    return found
  }

  return {
    project,
    node,
    namespace,
    edges,
    assigners,
    resolveExport: (module, name) => resolveExport(module, name),
    resolveName,
    member(owner, name) {
      const found = owner.declaration?.members?.find((m) => m.name === name && m.isStatic)
      return found && node(owner.module, found.decl)
    },
    root: (module, declaration) => ({ id: count++, module, decl: -2, declaration }),
  }
}

/** A module that exports nothing by `export`: what it gives out cannot be told by name, so all of it counts. */
function isCommonJs({ path, summary }: Module): boolean {
  return /\.(?:c?js|jsx|cts)$/.test(path) && Object.keys(summary.exports).length === 0 && summary.stars.length === 0
}

/** Evaluating the declaration can be felt outside of it. */
export function isFelt({ options }: Module, { impure, impureAssign }: Declaration): boolean {
  return options.fieldsDefine ? impure : (impureAssign ?? impure)
}

/** Stands in a closure for the namespace object of a module. */
export const NAMESPACE = digest('namespace')
