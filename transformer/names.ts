// What a name of a module leads to: through imports, re-exports, `export *`, namespaces, `default` and what only passes a name on.

import type { Edge, Names, Node, Nodes } from './graph.js'
import type { Module, Target } from './module.js'
import type { Export } from './summary.js'

/** For those who draw edges, too. */
export interface Linkage extends Names {
  /** The export `name` of what an import leads to, and its `member` if only that is mentioned. */
  targetEdge(target: Target, name: string, member: string | undefined, use: number): Edge
  /** All that a namespace object of the module has. */
  exportNames(module: Module): ReadonlySet<string>
}

export function openNames({ node, namespace, assigners }: Nodes): Linkage {
  const aliasing = new Set<Node>()
  const unknown = new Map<Module, boolean>()

  function resolveName(module: Module, name: string, member?: string, use = 0, inner?: string): Edge {
    const binding = module.summary.bindings[name]
    if (binding === undefined) return { kind: 'leaf', text: `global ${name}`, use }
    // `ns.x.y` is `x.y` with `x` imported by its name.
    if (binding.kind === 'import' && binding.name === '*' && inner !== undefined)
      return targetEdge(module.target(binding.from), member!, inner, use)
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

  function resolveExport(module: Module, name: string): Edge | undefined {
    const found = exportIn(module, name)
    // Nothing is met twice on the way to what the module has itself.
    return found?.kind === 'local' ? resolveLocal(module, found.name) : resolveOnce(module, name, new Set())
  }

  function exportIn({ summary: { exports } }: Module, name: string): Export | undefined {
    return exports[name] ?? (name === 'default' || name === '*' ? exports['export='] : undefined)
  }

  function resolveLocal(module: Module, name: string): Edge {
    const edge = resolveName(module, name)
    return module.summary.bindings[name]?.kind === 'import' ? passing(module, edge) : edge
  }

  /** `seen`: exports that have been asked for on the way. */
  function resolveOnce(module: Module, name: string, seen: Set<string>): Edge | undefined {
    const key = `${module.path}\0${name}`
    if (seen.has(key)) return undefined
    seen.add(key)
    const found = exportIn(module, name)
    if (found?.kind === 'local') return resolveLocal(module, found.name)
    if (isCommonJs(module)) return { kind: 'node', node: namespace(module), slot: 0, use: 0 }
    if (found?.kind === 'from') return passing(module, exportOf(module.target(found.from), found.name, seen))
    if (name === 'export=') return { kind: 'node', node: namespace(module), slot: 0, use: 0 }
    if (module.path.endsWith('.json')) return { kind: 'node', node: node(module, 0), slot: 0, use: 0, key: name }
    if (name === 'default') return undefined
    // What a package gives out is not known: a name that no module gives out may come from any of them.
    let guess: Edge | undefined
    for (const star of module.summary.stars) {
      const edge = exportOf(module.target(star), name, seen)
      if (edge?.kind === 'node') return module.sideEffectFree && hasUnknownNames(module) ? passing(module, edge) : edge
      if (edge?.kind === 'leaf') guess = guess?.kind === 'leaf' ? { ...guess, text: `${guess.text} or ${edge.text}` } : edge
    }
    return passing(module, guess)
  }

  function hasUnknownNames(module: Module): boolean {
    let known = unknown.get(module)
    if (known === undefined) unknown.set(module, (known = handsOnUnknown(module)))
    return known
  }

  function exportOf(target: Target, name: string, seen: Set<string>): Edge | undefined {
    if (target.kind !== 'module') return targetEdge(target, name, undefined, 0)
    if (name === '*') return { kind: 'node', node: namespace(target.module), slot: 0, use: 0 }
    return resolveOnce(target.module, name, seen)
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

  return {
    resolveName,
    resolveExport,
    hasUnknownNames,
    targetEdge,
    exportNames: (module) => exportNames(module),
  }
}

/** A module that exports nothing by `export`: what it gives out cannot be told by name, so all of it counts. */
export function isCommonJs({ path, summary }: Module): boolean {
  return /\.(?:c?js|jsx|cts)$/.test(path) && Object.keys(summary.exports).length === 0 && summary.stars.length === 0
}

function handsOnUnknown(module: Module, seen = new Set<Module>()): boolean {
  if (seen.has(module)) return false
  seen.add(module)
  return module.summary.stars.some((star) => {
    const target = module.target(star)
    return target.kind === 'module' ? isCommonJs(target.module) || handsOnUnknown(target.module, seen) : target.kind !== 'asset'
  })
}
