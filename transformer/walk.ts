// Numbers everything reachable, breadth-first from the roots along the order of mention, so that no name and no place is needed to tell
// one declaration from another. What an item leads to is the caller's to say; the walk knows order, options and digests.

import { createHash } from 'node:crypto'
import type { Digest } from '../runtime/contract.js'
import { NAMESPACE, type Node } from './graph.js'
import type { Module } from './module.js'
import { FEELS_DECORATORS, FEELS_FIELDS, FEELS_JSX } from './summary.js'

/** A declaration to visit; `context` is the class that `this` is an instance of, where that is known. */
export interface Item {
  readonly node: Node
  readonly slot: number
  readonly context?: Node | undefined
}

export function itemOf(node: Node): Item {
  return { node, slot: 0 }
}

/** An item, or the text of what ends outside of the project. */
export type Step = Item | string

export interface Visit {
  readonly node: Node
  readonly context: Node | undefined
  readonly own: Digest
  /** Numbers of visits, or texts. */
  readonly to: readonly (readonly [visit: number, slot: number] | string)[]
}

export interface Closure {
  readonly visits: readonly Visit[]
  /** What the reached code feels of the compiler options (C11), leaves that no declaration mentions, and roots that are later names of theirs. */
  readonly options: readonly string[]
}

export interface Walk {
  readonly visits: readonly Visit[]
  /** Modules of the visited declarations, in order of the first visit. */
  readonly modules: readonly Module[]
  has(node: Node): boolean
  run(roots: readonly Step[]): void
  closure(): Closure
}

// More than the declarations of any project, so that a declaration and its context are one number.
const CONTEXT = 2 ** 26

export function openWalk(expand: (item: Item) => readonly Step[]): Walk {
  const numbers = new Map<number, number>()
  const withContext = new Set<number>()
  const queue: Item[] = []
  const visits: Visit[] = []
  const modules = new Set<Module>()
  const ordered: Module[] = []
  const options = new Set<string>()
  const leaves = new Set<string>()

  function number(item: Item): number {
    const { node, context } = item
    const key = context === undefined ? node.id : (context.id + 1) * CONTEXT + node.id
    let n = numbers.get(key)
    if (n === undefined) {
      numbers.set(key, (n = queue.push(item) - 1))
      if (context !== undefined) withContext.add(node.id)
      if (!modules.has(node.module)) {
        modules.add(node.module)
        ordered.push(node.module)
      }
    }
    return n
  }

  function visit(item: Item): Visit {
    const { node, context } = item
    const { declaration, module } = node
    const to = expand(item).map((step) => (typeof step === 'string' ? step : ([number(step), step.slot] as const)))
    if (declaration === undefined) return { node, context, own: NAMESPACE, to }
    const { traits, own, ownAssign } = declaration
    const { fieldsDefine, decorators } = module.options
    if ((traits & FEELS_JSX) !== 0) options.add(jsxOf(module))
    if ((traits & FEELS_DECORATORS) !== 0) options.add(`decorators ${decorators}`)
    return { node, context, own: (traits & FEELS_FIELDS) !== 0 && !fieldsDefine ? ownAssign! : own, to }
  }

  return {
    visits,
    modules: ordered,
    has: (node) => numbers.has(node.id) || withContext.has(node.id),
    run(roots) {
      for (const root of roots) {
        if (typeof root === 'string') leaves.add(root)
        else if (root.slot === 0) number(root)
        else leaves.add(`slot ${number(root)}.${root.slot}`)
      }
      while (visits.length < queue.length) visits.push(visit(queue[visits.length]!))
    },
    closure: () => ({ visits, options: [...[...options].sort(), ...[...leaves].sort()] }),
  }
}

function jsxOf({ options, resolve }: Module): string {
  const runtime = options.jsxRuntime === undefined ? undefined : resolve(options.jsxRuntime)
  return `jsx ${options.jsx}${runtime?.kind === 'package' ? ` ${runtime.identity}` : ''}`
}

export interface Group {
  readonly key: string
  readonly steps: readonly Step[]
}

/** Statements keep their order inside a group; groups are ordered by what they hold, not by where they lie. */
export function inOrder(groups: readonly Group[]): Group[] {
  return [...groups].sort((a, b) => (a.key < b.key ? -1 : 1))
}

export function groupOf(steps: readonly Step[]): Group {
  return { key: steps.map((s) => (typeof s === 'string' ? s : (s.node.declaration?.own ?? ''))).join(), steps }
}

export function digestClosure(closure: Closure, format: number): Digest {
  const hash = createHash('sha256')
  let text = `mintmark ${format}\n${closure.options.join('\n')}\n`
  for (const { own, to } of closure.visits) {
    text += own
    for (const t of to) text += typeof t === 'string' ? ` ${t.length}:${t}` : ` ${t[0]}.${t[1]}`
    text += '\n'
    if (text.length > 65536) {
      hash.update(text)
      text = ''
    }
  }
  return hash.update(text).digest('hex') as Digest
}
