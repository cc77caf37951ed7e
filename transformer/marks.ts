// Which names make steps: Mintmark's own, and whatever in the project leads to them, by what they resolve to and not by spelling.

import type { Edge, Graph, Node } from './graph.js'
import type { Module } from './module.js'
import { mentionsAny } from './outlines.js'
import { CALLED, DECORATES, FEELS_DECORATORS, type Name } from './summary.js'

const STEP_MARKS = new Set(['memoize', 'step'])
const WRAPPING = new Set(['function', 'variable', 'expression'])
/** How many wrappers may lie around each other. */
const WRAPPERS = 4

export interface Marks {
  /** The name is `memoize` or `step` of Mintmark, or a decorator or wrapper made with one. */
  makesSteps(module: Module, callee: Name): boolean
  /** Names of the module that may lead to Mintmark, by what is imported and by what the text of the rest says: whatever makes steps has one of them. */
  namesNear(module: Module): readonly string[]
  /** The name is `memoize` itself, or made with it. */
  memoizes(module: Module, callee: Name): boolean
  /** The class has steps, its own or inherited. */
  isStepClass(node: Node): boolean
  /** Evaluating it only hands steps to Mintmark: `const f = memoize(...)`, a class with steps. */
  isHandover(node: Node): boolean
  /** A decorator that is not Mintmark's stands on it, or on a member of it. */
  isDecorated(node: Node): boolean
  /** It starts flows: `main(Flow)`. */
  runsFlows(node: Node): boolean
}

export function readMarks(graph: Graph): Marks {
  const made = new Map<ReadonlySet<string>, Map<Node, boolean>[]>()
  const near = new Map<Module, boolean>()
  const classes = new Map<Node, boolean>()
  const runners = new Map<Node, boolean>()

  /** True for one of `names` of Mintmark, and for a function or constant of the project that calls one, or calls what calls one. */
  function leadsTo(edge: Edge, names: ReadonlySet<string>, depth = WRAPPERS): boolean {
    if (edge.kind === 'leaf') return edge.package === 'mintmark' && names.has(edge.export ?? '')
    if (edge.kind !== 'node' || depth === 0 || !WRAPPING.has(edge.node.declaration?.kind ?? '')) return false
    if (!reachesMintmark(edge.node.module)) return false
    const known = knownAt(names, depth)
    const before = known.get(edge.node)
    if (before !== undefined) return before
    const leads = graph.edges(edge.node).some((e) => (e.use & CALLED) !== 0 && leadsTo(e, names, depth - 1))
    known.set(edge.node, leads)
    return leads
  }

  function knownAt(names: ReadonlySet<string>, depth: number): Map<Node, boolean> {
    let byDepth = made.get(names)
    if (byDepth === undefined) made.set(names, (byDepth = []))
    return (byDepth[depth] ??= new Map())
  }

  function reachesMintmark(module: Module): boolean {
    const known = near.get(module)
    if (known !== undefined) return known
    const seen = new Set<Module>()
    const path: Module[] = []
    const found = search(module, seen, path)
    // Of those on the path it is known now; the others that were seen may lie on a circle with it, and are asked again.
    if (!found) for (const m of seen) near.set(m, false)
    else for (const m of path) near.set(m, true)
    return found
  }

  function search(module: Module, seen: Set<Module>, path: Module[]): boolean {
    const known = near.get(module)
    if (known !== undefined) return known
    seen.add(module)
    path.push(module)
    for (let i = 0; i < module.summary.imports.length; i++) {
      const target = module.target(i)
      if (target.kind === 'package' && target.name === 'mintmark') return true
      if (target.kind === 'module' && !seen.has(target.module) && search(target.module, seen, path)) return true
    }
    path.pop()
    return false
  }

  function namesNear(module: Module): string[] {
    if (!reachesMintmark(module)) return []
    const { summary } = module
    const isNear = summary.imports.map((_, i) => {
      const target = module.target(i)
      return target.kind === 'module' ? reachesMintmark(target.module) : target.kind === 'package' && target.name === 'mintmark'
    })
    const found: string[] = []
    let rest = Object.entries(summary.bindings).filter(([name, binding]) => {
      if (binding.kind === 'import' && isNear[binding.from]) found.push(name)
      return binding.kind === 'declaration'
    })
    for (let before = 0; before < found.length; ) {
      const news = found.slice(before)
      before = found.length
      rest = rest.filter(([name, binding]) => {
        const declaration = binding.kind === 'declaration' ? summary.declarations[binding.decl] : undefined
        const isSaid = declaration !== undefined && mentionsAny(declaration, news)
        if (isSaid) found.push(name)
        return !isSaid
      })
    }
    return found
  }

  function resolves(module: Module, { name, member }: Name, names: ReadonlySet<string>): boolean {
    return module.summary.bindings[name] !== undefined && leadsTo(graph.resolveName(module, name, member), names)
  }

  function isStepClass(node: Node): boolean {
    const known = classes.get(node)
    if (known !== undefined) return known
    classes.set(node, false)
    const { module, declaration } = node
    if (declaration?.kind !== 'class') return false
    const site = module.summary.sites.find((s) => s.at === declaration.at)
    const base = declaration.base && graph.resolveName(module, declaration.base.name, declaration.base.member)
    const owns = site?.callees.some((callee) => resolves(module, callee, STEP_MARKS)) ?? false
    const found = owns || (base?.kind === 'node' && isStepClass(base.node))
    classes.set(node, found)
    return found
  }

  function calls(node: Node, names: ReadonlySet<string>): boolean {
    return graph.edges(node).some((e) => (e.use & CALLED) !== 0 && leadsTo(e, names))
  }

  function runsFlows(node: Node): boolean {
    let found = runners.get(node)
    if (found === undefined) runners.set(node, (found = reachesMintmark(node.module) && calls(node, RUNNERS)))
    return found
  }

  function isDecorated(node: Node): boolean {
    const { traits, members = [] } = node.declaration!
    if (members.some((m) => isDecorated(graph.node(node.module, m.decl)))) return true
    if ((traits & FEELS_DECORATORS) === 0) return false
    const decorators = graph.edges(node).filter((e) => (e.use & DECORATES) !== 0)
    // A decorator that is a global has no edge.
    return decorators.length === 0 || decorators.some((e) => !leadsTo(e, STEP_MARKS) && !(e.kind === 'leaf' && e.package === 'mintmark'))
  }

  return {
    namesNear,
    isDecorated,
    makesSteps: (module, callee) => resolves(module, callee, STEP_MARKS),
    memoizes: (module, callee) => resolves(module, callee, MEMOIZE),
    isStepClass,
    isHandover: (node) =>
      isStepClass(node) || (HOLDING.has(node.declaration?.kind ?? '') && !node.declaration!.callable && calls(node, STEP_MARKS)),
    runsFlows,
  }
}

const MEMOIZE = new Set(['memoize'])
const RUNNERS = new Set(['main', 'runFlow', 'resumeFlow'])
const HOLDING = new Set(['variable', 'expression'])
