// Summaries -> one graph: what each mention of a declaration leads to, across modules, through re-exports and namespaces.

import { type Edge, type Graph, isFelt, type Node } from './graph.js'
import type { Module } from './module.js'
import { isCommonJs, openNames } from './names.js'
import { openNodes } from './nodes.js'
import type { Project } from './project.js'
import { definedFor } from './replacements.js'
import { CALLED, type Declaration, FEELS_JSX, type Glob, LIVE, type Mention, READ } from './summary.js'

export function link(project: Project): Graph {
  const nodes = openNodes()
  const { node } = nodes
  const { resolveName, resolveExport, hasUnknownNames, targetEdge, exportNames } = openNames(nodes)
  const edgesOf: (readonly Edge[] | undefined)[] = []

  function edges(from: Node): readonly Edge[] {
    return (edgesOf[from.id] ??= (from.declaration ? declarationEdges(from, from.declaration) : namespaceEdges(from.module)).map(ignored))
  }

  function declarationEdges(from: Node, declaration: Declaration): Edge[] {
    const { module } = from
    const mentioned = declaration.mentions.map((m): Edge => (m.asked ? { ...edgeOf(from, m), asked: true } : edgeOf(from, m)))
    if (isPlain(declaration)) return mentioned
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
      ...mentioned,
      ...jsxEdges(module, declaration),
      ...types.map((m) => edgeOf(from, m)),
      ...(declaration.globs ?? []).flatMap((glob) => globEdges(module, glob)),
      ...texts.map((text): Edge => ({ kind: 'leaf', text, use: 0 })),
    ]
  }

  /** It leads to nothing but what it mentions. */
  function isPlain({ traits, types, includes, free, version, globs }: Declaration): boolean {
    return (traits & FEELS_JSX) === 0 && (types ?? includes ?? free ?? version ?? globs) === undefined
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
    const node = edge.kind === 'node' ? edge.node : undefined
    if (node?.declaration === undefined) return edge
    const { ignored, name } = node.declaration
    return ignored || node.module.ignores(name) ? { kind: 'leaf', text: `ignored ${name}`, use: edge.use } : edge
  }

  function jsxEdges(module: Module, { traits }: Declaration): Edge[] {
    if ((traits & FEELS_JSX) === 0) return []
    const { jsxNames, jsxRuntime } = module.options
    const runtime = jsxRuntime === undefined ? undefined : module.resolve(jsxRuntime)
    return [
      ...jsxNames.filter((name) => module.summary.bindings[name]).map((name) => resolveName(module, name, undefined, READ | CALLED)),
      ...(runtime?.kind === 'module' ? [targetEdge(runtime, '*', undefined, READ | CALLED)] : []),
    ]
  }

  function edgeOf(from: Node, { kind, name, member, inner, use }: Mention): Edge {
    switch (kind) {
      case 'binding':
        return resolveName(from.module, name, member, use, inner)
      case 'this':
      case 'super':
        return { kind, name, use }
      case 'private':
        return privateEdge(from, name, use)
      default:
        return targetEdge(from.module.resolve(name), '*', undefined, use)
    }
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

  function privateEdge(from: Node, name: string, use: number): Edge {
    const owner = from.declaration?.owner === undefined ? from : node(from.module, from.declaration.owner)
    const members = owner.declaration?.members ?? []
    const slot = members.findIndex((m) => m.name === name)
    return { kind: 'node', node: slot < 0 ? owner : node(from.module, members[slot]!.decl), slot: 0, use }
  }

  return {
    ...nodes,
    project,
    edges,
    resolveName,
    resolveExport,
    hasUnknownNames,
    member(owner, name) {
      const found = owner.declaration?.members?.find((m) => m.name === name)
      return found && node(owner.module, found.decl)
    },
  }
}
