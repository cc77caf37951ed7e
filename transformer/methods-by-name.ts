// Which methods of a class may be called without being mentioned: those whose name something mentions, and those that the language, its
// library or code outside of the project knows by name.

import { type Branches, membersOfBranches } from './branch-members.js'
import type { Graph, Node } from './graph.js'
import { baseOf, isForeign } from './members.js'
import { declarationAt } from './outlines.js'
import { COMPUTED_MEMBER, FEELS_DECORATORS } from './summary.js'
import { type Group, groupOf, itemOf, type Visit, type Walk } from './walk.js'

const WELL_KNOWN = new Set([
  ...['toString', 'toJSON', 'valueOf', 'then', 'next', 'return', 'throw', 'constructor'],
  ...['toLocaleString', 'toISOString', 'exec', 'join', 'handleEvent'],
])

// What has one of these on the left may call the methods on the right.
const CALLS: Readonly<Record<string, readonly string[]>> = {
  defineProperty: ['get', 'set', 'value'],
  defineProperties: ['get', 'set', 'value'],
  create: ['get', 'set', 'value'],
  pipe: ['on', 'once', 'emit', 'write', 'end'],
  ...Object.fromEntries(
    ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'].map((name) => [
      name,
      ['has', 'keys'],
    ]),
  ),
}
// Those who read these may have any method by a name that is told nowhere.
const OPENING = new Set([
  ...['getOwnPropertyNames', 'getOwnPropertyDescriptor', 'getOwnPropertyDescriptors'],
  ...['__lookupGetter__', '__lookupSetter__'],
])

/** `c[0]()`, `c[-1]()`, `c[!x]()`: a computed name that is plainly an index. */
function isIndex(name: string): boolean {
  return String(Number(name)) === name || name === 'true' || name === 'false'
}

/** What the visits of a walk tell of methods, as far as it has come: each visit is looked at once. */
interface Met {
  /** Classes without a context. */
  readonly frames: readonly Node[]
  /** Tells of the name of a method whether something visited may call it; absent when anything may. */
  readonly isCalled: ((name: string) => boolean) | undefined
}

function openMet({ visits }: Walk): () => Met {
  const frames: Node[] = []
  const called = new Set<string>(WELL_KNOWN)
  let isAny = false
  let read = 0

  function add({ node, context }: Visit): void {
    const { kind, properties, traits } = node.declaration!
    if (kind === 'class' && context === undefined) frames.push(node)
    if ((traits & COMPUTED_MEMBER) !== 0) isAny = true
    for (const name of properties) {
      called.add(name)
      if (OPENING.has(name)) isAny = true
      if (Object.hasOwn(CALLS, name)) for (const implied of CALLS[name]!) called.add(implied)
    }
  }

  return () => {
    for (; read < visits.length; read++) if (visits[read]!.node.declaration !== undefined) add(visits[read]!)
    return { frames, isCalled: isAny ? undefined : (name) => called.has(name) || isIndex(name) }
  }
}

export interface MethodsByName {
  /** Those that nobody was told of yet, as far as the walk has come: of classes that are built, extended or handed on, and of branches. */
  fresh(): Group[]
}

export function openMethodsByName(graph: Graph, walk: Walk, branches: Branches | undefined): MethodsByName {
  const attached = new Set<Node>()
  const met = openMet(walk)

  function fresh(): Group[] {
    const { frames, isCalled } = met()
    if (frames.length === 0 && branches?.names !== 'any') return []
    const onBranches = branches ? membersOfBranches(graph, branches, isCalled).filter(({ node }) => !walk.has(node)) : []
    for (const { node } of onBranches) attached.add(node)
    const onInstances = frames.flatMap((node) => {
      const whole = isCalled === undefined || isServed(node)
      const methods = node.declaration!.members!.filter((m) => m.kind === 'method' && (whole || isCalled(m.name)))
      const found = methods.map((m) => graph.node(node.module, m.decl)).filter((m) => !attached.has(m))
      for (const m of found) attached.add(m)
      return found.length > 0 ? [groupOf(found.map(itemOf))] : []
    })
    return [...onInstances, ...onBranches.map((item) => groupOf([item]))]
  }

  /** Code outside of the project may call its methods by names that nothing here mentions: it extends, implements or is decorated by a package's. */
  function isServed(node: Node): boolean {
    const { module, declaration } = node
    const { contracts = [], members = [], traits } = declaration!
    const all = [traits, ...members.map((m) => declarationAt(module.summary, m.decl).traits)]
    if (all.some((t) => (t & FEELS_DECORATORS) !== 0)) return true
    if (contracts.some((specifier) => !['module', 'missing'].includes(module.resolve(specifier).kind))) return true
    const edge = baseOf(graph, node)
    return edge !== undefined && isForeign(edge)
  }

  return { fresh }
}
